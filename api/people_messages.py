"""People and institutions over the wire: what is said about them, and as they are shown."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, WithJsonSchema

from api.messages import MOST_ROWS, Body, Code, PageOf, RoleId, Shown, Text


class RoleIn(Body):
    """A role of the catalogue at an institution, from a day until before another."""

    role: RoleId
    institution: Code
    held_from: date
    held_until: date | None = None


class PersonChange(Body):
    """What changes about a person; a field that is absent stays. "" empties a text."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"specialty": "儿科", "phone": "13800138000"}]})

    name: Text | None = None
    email: Text | None = None
    institution: Code | None = None
    language: Literal["zh-CN", "en"] | None = None
    profession: Text | None = None
    specialty: Text | None = None
    professional_title: Text | None = None
    qualified_on: date | None = None
    phone: Text | None = None
    id_number: Text | None = None
    roles: Annotated[tuple[RoleIn, ...], Field(max_length=20)] = ()


class PersonIn(PersonChange):
    """A person; without an id one is given."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "凌远航",
                    "email": "lingyh@example.cn",
                    "institution": "dq-h1",
                    "profession": "practising_physician",
                    "professional_title": "intermediate",
                    "qualified_on": "2018-07-01",
                }
            ]
        }
    )

    id: Text | None = None


class InstitutionChange(Body):
    """What changes about an institution; a field that is absent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"contact_name": "人事科"}]})

    name: Text | None = None
    name_en: Text | None = None
    kind: Text | None = None
    parent: Text | None = None
    contact_name: Text | None = None
    contact_phone: Text | None = None


class InstitutionIn(InstitutionChange):
    """An institution."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "dq-t03", "name": "新市镇卫生院", "kind": "township_hospital", "parent": "dq-jt1"}]
        }
    )

    code: Text | None = None


def _rows_of(schema: str) -> WithJsonSchema:
    return WithJsonSchema({"$ref": f"#/components/schemas/{schema}"})


class PeopleBulk(Body):
    """Up to 1000 people; each row is judged by itself."""

    rows: Annotated[list[Annotated[dict[str, Any], _rows_of("PersonIn")]], Field(min_length=1, max_length=MOST_ROWS)]


class InstitutionsBulk(Body):
    """Up to 1000 institutions; each row is judged by itself."""

    rows: Annotated[
        list[Annotated[dict[str, Any], _rows_of("InstitutionIn")]], Field(min_length=1, max_length=MOST_ROWS)
    ]


class RoleOut(Shown):
    """A role that a person holds or held."""

    role: str
    institution: str
    held_from: date
    held_until: date | None


class PersonOut(Shown):
    """A person; telephone and identity number are masked. Who changed the entry or its roles last, by which way and
    when is null for what was registered before that was kept.
    """

    id: str
    name: str
    email: str
    language: str
    institution: str
    profession: str
    specialty: str
    professional_title: str
    qualified_on: date | None
    phone: str | None
    id_number: str | None
    roles: tuple[RoleOut, ...]
    changed_by: str | None
    changed_way: str | None
    changed_at: datetime | None


class InstitutionOut(Shown):
    """An institution."""

    code: str
    name: str
    name_en: str
    kind: str
    parent: str | None
    contact_name: str
    contact_phone: str


class PeoplePage(PageOf):
    """People."""

    items: tuple[PersonOut, ...]


class InstitutionPage(PageOf):
    """Institutions."""

    items: tuple[InstitutionOut, ...]
