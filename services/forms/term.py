"""What is asked around a term of service: post and plan, practice filing, first day, check-ins (stages 7 and 8)."""

from datetime import date

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from policies.term import PracticeFacts, practice_is_filed
from services.engine.decisions import Answer, Asked, Form
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed

LONGEST = 4000


class Preparation(Fields):
    """DQ-3.2.2a: working group, tasks of support, post."""

    working_group: str = Field(min_length=1, max_length=500)
    tasks: str = Field(min_length=1, max_length=LONGEST)
    position: str = Field(min_length=1, max_length=500)


class PracticeFiling(Fields):
    """DQ-3.2.1c, COR-22: a number, a day with its evidence, or an exemption with its basis."""

    number: str = Field(default="", max_length=100)
    filed_on: date | None = None
    evidence: str = Field(default="", max_length=500)
    exempt_basis: str = Field(default="", max_length=500)


class FirstDay(Fields):
    """Another first day of service."""

    starts_on: date


class CheckIn(Fields):
    """DQ-3.2.1d, DQ-4.3c: what was done, how the person fares, what they say."""

    summary: str = Field(min_length=1, max_length=LONGEST)
    duties: dict[str, int] = Field(default_factory=dict)
    living: str = Field(min_length=1, max_length=LONGEST)
    opinions: str = Field(default="", max_length=LONGEST)


async def preparation(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """All three parts in words."""
    return Form(parsed(Preparation, answer.form).model_dump())


async def practice(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """As much as the rule needs for "filed"."""
    form = parsed(PracticeFiling, _without_blank(answer, "filed_on"))
    finding = practice_is_filed(PracticeFacts(**form.model_dump()), asked.pack)
    ensure([] if finding.outcome == "filed" else [FieldProblem("number", "practice_missing")])
    return Form(form.model_dump(mode="json"))


async def first_day(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """A day after the one that could not be kept; none when the service starts anyway."""
    if answer.choice != "move_start":
        return Form()
    form = parsed(FirstDay, _without_blank(answer, "starts_on"))
    late = form.starts_on > date.fromisoformat(asked.task.refs["planned"])
    ensure([] if late else [FieldProblem("starts_on", "start_too_early")])
    starts_on = form.starts_on.isoformat()
    return Form({"starts_on": starts_on}, {"starts_on": starts_on})


async def check_in(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Summary and living situation in words; counts only for duties that the pack names."""
    given = {name: count for name, count in dict(answer.form.get("duties", {})).items() if str(count).strip()}
    form = parsed(CheckIn, {**answer.form, "duties": given})
    known = asked.pack.parameters["duties"].listed
    problems = [FieldProblem(f"duties-{name}", "field_unknown") for name in form.duties if name not in known]
    problems += [FieldProblem(f"duties-{name}", "count_wrong") for name, count in form.duties.items() if count < 0]
    ensure(problems)
    return Form(form.model_dump())


def _without_blank(answer: Answer, *names: str) -> dict[str, object]:
    """A page sends an empty field for a day that was not filled in."""
    return {name: value for name, value in answer.form.items() if name not in names or value}
