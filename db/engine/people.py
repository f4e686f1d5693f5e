"""Institutions, people and the roles they hold (policy.md section 6)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from vault.columns import Sealed


class Institution(Row):
    """A hospital, a group, a bureau. Its code is public and stands in ids; it is no personal data."""

    __tablename__ = "institution"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    parent: Mapped[str | None] = mapped_column(ForeignKey("institution.code"))
    contact_name: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    sample: Mapped[bool] = mapped_column(default=False)


class Person(Row):
    """One person. Phone and ID number are sealed; `id_number_index` finds a number without opening any.

    `changed_by` is the person or service account that last changed the entry or its roles, `changed_way` how: import,
    api or command. All three are None for an entry from before they were kept.
    """

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_pinyin: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="zh-CN")
    institution: Mapped[str] = mapped_column(ForeignKey("institution.code"), index=True)
    profession: Mapped[str] = mapped_column(default="")
    specialty: Mapped[str] = mapped_column(default="")
    professional_title: Mapped[str] = mapped_column(default="")
    qualified_on: Mapped[date | None]
    phone: Mapped[str | None] = mapped_column(Sealed("person.phone"))
    id_number: Mapped[str | None] = mapped_column(Sealed("person.id_number"))
    id_number_index: Mapped[str | None] = mapped_column(unique=True)
    changed_by: Mapped[str | None]
    changed_way: Mapped[str | None]
    changed_at: Mapped[datetime | None]
    sample: Mapped[bool] = mapped_column(default=False)


class RoleHolding(Row):
    """A person holds a role at an institution from a date until before another; None is open."""

    __tablename__ = "role_holding"
    __table_args__ = (Index("ix_role_holding_role_institution", "role", "institution"),)

    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    institution: Mapped[str] = mapped_column(ForeignKey("institution.code"), primary_key=True)
    held_from: Mapped[date] = mapped_column(primary_key=True)
    held_until: Mapped[date | None]
