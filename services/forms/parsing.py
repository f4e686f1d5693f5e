"""Reading a form: what came is either of the form's shape or refused field by field."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from services.field_problems import FactsRefused, FieldProblem

CODES = {
    "missing": "missing",
    "string_too_short": "missing",
    "literal_error": "choice_unknown",
    "extra_forbidden": "field_unknown",
}
NUMBERS = ("int_parsing", "int_type", "greater_than_equal", "less_than_equal", "int_from_float")


class Fields(BaseModel):
    """A form or a part of it; a field that it does not have is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Form = TypeVar("Form", bound=Fields)


def parsed(shape: type[Form], form: Mapping[str, Any]) -> Form:
    """The form in its shape. Raises FactsRefused naming each field by its path, e.g. lines-0-headcount."""
    try:
        return shape.model_validate(dict(form))
    except ValidationError as broken:
        raise FactsRefused(tuple(_problem(error) for error in broken.errors())) from broken


def ensure(problems: Iterable[FieldProblem]) -> None:
    """Refuse the form when anything was found wrong with it."""
    found = tuple(problems)
    if found:
        raise FactsRefused(found)


def _problem(error: Any) -> FieldProblem:
    field = "-".join(str(part) for part in error["loc"]) or "form"
    kind = error["type"]
    code = "number_wrong" if kind in NUMBERS else CODES.get(kind, "type_wrong")
    if code == "choice_unknown":
        return FieldProblem(field, code, (("choices", str(error["ctx"]["expected"]).replace("'", "")),))
    return FieldProblem(field, code)
