"""The reports at the start of the year: demand with trainees (F-01, F-02), and the dispatch list (F-03)."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Person
from services.engine.decisions import Answer, Asked, Form
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed

NIL = "nil_return"


class Line(Fields):
    """Places of one specialty."""

    specialty: str = Field(min_length=1, max_length=60)
    headcount: int = Field(ge=1, le=99)
    mode: Literal["full", "half"] = "full"
    duties: str = Field(default="", max_length=500)


class Named(Fields):
    """A person with the specialty in which they are sent or trained."""

    person: str = Field(min_length=1, max_length=40)
    specialty: str = Field(default="", max_length=60)


class Demand(Fields):
    """Both parts of one submission; a part without lines is said to be nil, never left out (DQ-3.1.2b)."""

    lines: tuple[Line, ...] = ()
    trainees: tuple[Named, ...] = ()
    nil_demand: bool = False
    nil_trainees: bool = False


class Supply(Fields):
    """The names on a hospital's dispatch list."""

    people: tuple[Named, ...] = ()


async def demand(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Either part has lines or is said to be nil; trainees are the institution's own staff."""
    if answer.choice == NIL:
        return Form({"lines": [], "trainees": [], "nil_demand": True, "nil_trainees": True})
    form = parsed(Demand, answer.form)
    problems = [*_both_or_neither("lines", form.lines, nil=form.nil_demand)]
    problems += _both_or_neither("trainees", form.trainees, nil=form.nil_trainees)
    problems += await not_own_staff(session, asked.case.institution or "", "trainees", form.trainees)
    ensure(problems)
    return Form(form.model_dump(mode="json"))


async def supply(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """The names are the hospital's own staff, each once."""
    if answer.choice == NIL:
        return Form({"people": []})
    form = parsed(Supply, answer.form)
    problems = [] if form.people else [FieldProblem("people", "missing")]
    problems += await not_own_staff(session, asked.case.institution or "", "people", form.people)
    ensure(problems)
    return Form(form.model_dump(mode="json"))


def _both_or_neither(field: str, lines: Sequence[object], *, nil: bool) -> list[FieldProblem]:
    if bool(lines) == nil:
        return [FieldProblem(field, "nil_and_lines" if nil else "nil_or_lines")]
    return []


async def not_own_staff(
    session: AsyncSession, institution: str, field: str, named: Sequence[Named]
) -> list[FieldProblem]:
    """A problem for every name that is not of this institution, or stands twice."""
    query = select(Person.id).where(Person.institution == institution, Person.id.in_([one.person for one in named]))
    own = set(await session.scalars(query))
    problems: list[FieldProblem] = []
    seen: set[str] = set()
    for number, one in enumerate(named):
        if one.person not in own:
            problems.append(FieldProblem(f"{field}-{number}-person", "not_own_staff"))
        elif one.person in seen:
            problems.append(FieldProblem(f"{field}-{number}-person", "named_twice"))
        seen.add(one.person)
    return problems
