"""Several rows at once: each read by itself, each with its result in the caller's language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from fastapi import Request
from pydantic import ValidationError

from api.errors import field_of, language_of
from api.messages import Body, FieldFault, RowOut, RowsOut
from api.people_messages import InstitutionChange, InstitutionIn, PersonChange, PersonIn
from api.problems import field_said
from services.facts import InstitutionFacts, PersonFacts, RoleFacts, RowResult
from services.field_problems import FieldProblem
from services.imports import Imported

OneBody = TypeVar("OneBody", bound=Body)
OUTCOMES = ("created", "changed", "unchanged", "refused")


def person_facts(body: PersonChange) -> PersonFacts:
    """What a body says about a person."""
    given = body.model_dump(exclude={"roles"})
    return PersonFacts(**given, roles=tuple(RoleFacts(**role.model_dump()) for role in body.roles))


def institution_facts(body: InstitutionChange) -> InstitutionFacts:
    """What a body says about an institution."""
    return InstitutionFacts(**body.model_dump())


def people_rows(rows: Iterable[Mapping[str, Any]]) -> list[PersonFacts]:
    """Facts of each row; a row that cannot be read carries its faults."""
    found = [read_row(PersonIn, row) for row in rows]
    return [PersonFacts(faults=each) if isinstance(each, tuple) else person_facts(each) for each in found]


def institution_rows(rows: Iterable[Mapping[str, Any]]) -> list[InstitutionFacts]:
    """Facts of each row; a row that cannot be read carries its faults."""
    found = [read_row(InstitutionIn, row) for row in rows]
    return [InstitutionFacts(faults=each) if isinstance(each, tuple) else institution_facts(each) for each in found]


def read_row(kind: type[OneBody], row: Mapping[str, Any]) -> OneBody | tuple[FieldProblem, ...]:
    """One row as its body, or what is wrong with its fields."""
    try:
        return kind.model_validate(row)
    except ValidationError as faulty:
        errors = faulty.errors(include_url=False, include_input=False)
        return tuple(field_of(fault, fault["loc"]) for fault in errors)


def results(request: Request, found: Sequence[RowResult], *, tried: bool) -> RowsOut:
    """Results of rows that came as JSON, counted from 1."""
    numbered = [(number, result) for number, result in enumerate(found, start=1)]
    return _out(request, numbered, columns={}, tried=tried)


def imported(request: Request, found: Imported) -> RowsOut:
    """Results of rows of a sheet, each fault with its column."""
    numbered = [(row.number, row.result) for row in found.rows]
    return _out(request, numbered, columns=found.columns, tried=found.tried)


def _out(
    request: Request, numbered: Sequence[tuple[int, RowResult]], *, columns: Mapping[str, str], tried: bool
) -> RowsOut:
    language = language_of(request)
    rows = [
        RowOut(
            row=number,
            outcome=result.outcome,  # type: ignore[arg-type]  # the desk's four words
            key=result.key,
            errors=tuple(
                FieldFault(**field_said(each, language), column=columns.get(each.field)) for each in result.problems
            ),
        )
        for number, result in numbered
    ]
    counts = {outcome: sum(row.outcome == outcome for row in rows) for outcome in OUTCOMES}
    return RowsOut(tried=tried, counts=counts, rows=tuple(rows))
