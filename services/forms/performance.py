"""The performance of a quarter: results by the areas of the method, a rating, figures (DQ-3.3.1b, DQ-3.3.2c)."""

from collections.abc import Mapping

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.tasks import DecisionRow
from db.methods import AssessmentMethod
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.methods import areas_of
from services.forms.parsing import Fields, ensure, parsed
from services.forms.term_readers import placement

LONGEST = 4000


class Performance(Fields):
    """What the receiving institution says of a quarter."""

    results: dict[str, str] = Field(default_factory=dict)
    rating: str = ""
    workload: dict[str, int] = Field(default_factory=dict)


async def performance(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Words for every area of the method, a rating out of the list, figures that the list names."""
    given = {name: count for name, count in dict(answer.form.get("workload", {})).items() if str(count).strip()}
    form = parsed(Performance, {**answer.form, "workload": given})
    areas = await _areas(session, asked)
    results = {name: text.strip() for name, text in form.results.items() if text.strip()}
    ensure([*_of_results(results, areas), *_of_choices(form, asked)])
    return Form(form.model_dump() | {"results": results})


def _of_results(results: Mapping[str, str], areas: Mapping[str, str]) -> list[FieldProblem]:
    missing = [FieldProblem(f"results-{name}", "missing") for name in areas if name not in results]
    unknown = [FieldProblem(f"results-{name}", "field_unknown") for name in results if name not in areas]
    long = [
        FieldProblem(f"results-{name}", "too_long", (("limit", str(LONGEST)),))
        for name, text in results.items()
        if len(text) > LONGEST
    ]
    return missing + unknown + long


def _of_choices(form: Performance, asked: Asked) -> list[FieldProblem]:
    ratings = asked.pack.parameters["performance_ratings"].listed
    figures = asked.pack.parameters["workload_figures"].listed
    problems = [FieldProblem(f"workload-{name}", "field_unknown") for name in form.workload if name not in figures]
    problems += [FieldProblem(f"workload-{name}", "count_wrong") for name, count in form.workload.items() if count < 0]
    if not form.rating:
        return [*problems, FieldProblem("rating", "missing")]
    if form.rating not in ratings:
        problems.append(FieldProblem("rating", "choice_unknown", (("choices", "、".join(ratings)),)))
    return problems


async def performance_content(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """areas: what the method asks for, area by area. ratings, figures: the lists of the pack."""
    method = await _method(session, asked)
    return await placement(session, asked) | {
        "quarter": asked.task.refs["quarter"],
        "method": {"title": method.title, "version": method.version, "in_force_on": method.in_force_on},
        "areas": await _areas(session, asked),
        "ratings": asked.pack.parameters["performance_ratings"].listed,
        "figures": asked.pack.parameters["workload_figures"].listed,
    }


async def _method(session: AsyncSession, asked: Asked) -> AssessmentMethod:
    """The method that was in force when the question was asked."""
    return await session.get_one(AssessmentMethod, asked.task.refs["method"])


async def _areas(session: AsyncSession, asked: Asked) -> dict[str, str]:
    """Each area of the method with its tasks, in the words of the filed text and the order of the clause."""
    method = await _method(session, asked)
    drafted = select(DecisionRow.form).where(DecisionRow.request == method.draft)
    tasks: Mapping[str, str] = (await session.execute(drafted)).scalar_one()["areas"]
    clause = [name for name in areas_of(asked.pack, method.programme) if name in tasks]
    return {name: tasks[name] for name in dict.fromkeys([*clause, *tasks])}


FORMS: Mapping[str, FormCheck] = {"performance": performance}
READERS: Mapping[str, FormReader] = {"performance": performance_content}
