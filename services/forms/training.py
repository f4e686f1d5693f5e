"""What is asked of a trainee's way and term: the hospital, the targets, the mentor, the monthly note (DQ-3.1.3d,
DQ-3.2.1a, DQ-3.2.2b).
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Literal, cast

from pydantic import Field
from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.demand import COUNTY_HOSPITAL
from activities.mentoring import FITS, mentor_judged, targets_of
from activities.training import trainee_judged
from db.engine.people import Institution, Person
from db.engine.tasks import DecisionRow, TaskRow
from db.training import Mentorship
from policies.engine.pack import Pack
from policies.term import ReleaseFacts, release_is_open
from policies.vocabulary import Programme
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed
from services.forms.readers import listed, post_review
from services.forms.term_readers import placement

Content = Mapping[str, object]
LONGEST = 4000
# What the rule finds of a mentor who does not fit, as the page says it.
UNFIT = {"not_senior": "mentor_not_senior", "mentor_taken": "mentor_taken", "no_targets": "targets_first"}


class TrainingPlace(Fields):
    """The hospital, what is trained there, and how far the trainee is released."""

    hospital: str = Field(min_length=1)
    specialty: str = Field(min_length=1, max_length=60)
    release: Literal["full", "half"] = "full"


class Target(Fields):
    """One measurable target: what, how many, of which unit."""

    name: str = Field(min_length=1, max_length=200)
    number: str = Field(min_length=1, max_length=12)
    unit: str = Field(min_length=1, max_length=20)


class Targets(Fields):
    """The training targets."""

    targets: tuple[Target, ...] = Field(default=(), max_length=30)


class Named(Fields):
    """The teacher who is named."""

    mentor: str = Field(min_length=1)


class Note(Fields):
    """A month in the mentor's words; how far each target has come, in the order of the targets, where that is known."""

    note: str = Field(min_length=1, max_length=LONGEST)
    reached: tuple[str, ...] = ()


async def place(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """A county hospital of the group, with the release that the rule leaves open to trainees (DQ-3.2.1a)."""
    if answer.choice != "assign_hospital":
        return Form()
    form = parsed(TrainingPlace, answer.form)
    hospital = await session.get(Institution, form.hospital)
    problems = []
    if hospital is None or (hospital.kind, hospital.parent) != (COUNTY_HOSPITAL, asked.case.facts["group"]):
        problems.append(FieldProblem("hospital", "hospital_unknown"))
    facts = ReleaseFacts(cast("Programme", asked.pack.programme), form.release)
    if release_is_open(facts, asked.pack).outcome != "admitted":
        problems.append(FieldProblem("release", "release_refused"))
    ensure(problems)
    return Form(form.model_dump(), {"hospital": form.hospital})


async def targets(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """At least one; each with a number above nothing, and its unit."""
    form = parsed(Targets, answer.form)
    problems = [] if form.targets else [FieldProblem("targets", "missing")]
    problems += [
        FieldProblem(f"targets-{at}-number", "target_wrong")
        for at, one in enumerate(form.targets)
        if (_number(one.number) or Decimal(0)) <= 0
    ]
    ensure(problems)
    return Form(form.model_dump(mode="json"))


async def mentor(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """One of the hospital's own staff who fits by the rule: a senior title, no other trainee (DQ-3.2.2b)."""
    form = parsed(Named, answer.form)
    teacher = await session.get(Person, form.mentor)
    if teacher is None or teacher.institution != asked.case.facts["receiving"]:
        ensure([FieldProblem("mentor", "not_own_staff")])
    found = (await mentor_judged(session, asked.case.id, form.mentor, asked.pack)).outcome
    ensure([] if found == FITS else [FieldProblem("mentor", UNFIT[str(found)])])
    return Form(form.model_dump(), {"mentor": form.mentor})


async def note(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """In words; a figure for a target is a number."""
    form = parsed(Note, answer.form)
    set_before = await targets_of(session, asked.case.id)
    wrong = [at for at, one in enumerate(form.reached) if one and (at >= len(set_before) or not _reads(one))]
    ensure(FieldProblem(f"reached-{at}", "reached_wrong") for at in wrong)
    return Form(form.model_dump(mode="json"))


async def place_shown(session: AsyncSession, asked: Asked) -> Content:
    """The trainee, what the rule finds of them, and the hospitals with who works there in the trainee's specialty."""
    facts = asked.case.facts
    return await post_review(session, asked) | {
        "trainee": True,
        "finding": await trainee_judged(session, facts["person"], asked.pack),
        "specialty": facts["specialty"],
        "hospitals": await _hospitals(session, facts["group"], facts["specialty"], asked.pack),
    }


async def _hospitals(session: AsyncSession, group: str, specialty: str, pack: Pack) -> list[dict[str, object]]:
    """Each hospital with its physicians in the specialty, and how many of them could mentor."""
    senior = Person.professional_title.in_(pack.parameters["senior_titles"].listed)
    free = Person.id.not_in(select(Mentorship.mentor).where(Mentorship.ended_at.is_(None)))
    query = (
        select(Institution, func.count(Person.id), func.count(case((senior & free, 1))))
        .outerjoin(Person, (Person.institution == Institution.code) & (Person.specialty == specialty))
        .where(Institution.parent == group, Institution.kind == COUNTY_HOSPITAL)
        .group_by(Institution.code)
        .order_by(Institution.code)
    )
    rows = await session.execute(query)
    return [{"code": one.code, "name": one.name, "staff": staff, "mentors": able} for one, staff, able in rows]


async def term_shown(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """The trainee, where they train, and the targets as far as they are set."""
    person = await session.get_one(Person, asked.case.facts["person"])
    home = await session.get_one(Institution, person.institution)
    return await placement(session, asked) | {
        "trainee": listed(person) | {"institution": home.name},
        "targets": await targets_of(session, asked.case.id),
    }


async def mentor_shown(session: AsyncSession, asked: Asked) -> Content:
    """The hospital's staff with a senior title, who of them has a trainee, and who has declined or left before."""
    at, title = asked.case.facts["receiving"], asked.pack.parameters["senior_titles"].listed
    query = select(Person).where(Person.institution == at, Person.professional_title.in_(title))
    teachers = (await session.scalars(query.order_by(Person.name_pinyin, Person.id))).all()
    busy = set(await session.scalars(select(Mentorship.mentor).where(Mentorship.ended_at.is_(None))))
    former = select(Mentorship.mentor, Mentorship.state).where(
        Mentorship.case_id == asked.case.id, Mentorship.ended_at.is_not(None)
    )
    states = {row.mentor: row.state for row in await session.execute(former.order_by(Mentorship.number))}
    shown = [listed(one) | {"busy": one.id in busy, "was": states.get(one.id, "")} for one in teachers]
    return await term_shown(session, asked) | {"teachers": shown}


async def note_shown(session: AsyncSession, asked: Asked) -> Content:
    """The targets, and what the notes before have said of them."""
    query = select(DecisionRow).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    query = query.where(DecisionRow.case_id == asked.case.id, TaskRow.name == "mentor_note")
    notes = [dict(one.form) for one in await session.scalars(query.order_by(DecisionRow.decided_at))]
    return await term_shown(session, asked) | {"number": asked.task.refs.get("note", ""), "notes": notes}


def _number(written: str) -> Decimal | None:
    try:
        found = Decimal(written)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _reads(written: str) -> bool:
    found = _number(written)
    return found is not None and found >= 0


FORMS: Mapping[str, FormCheck] = {
    "training_place": place,
    "training_targets": targets,
    "mentor": mentor,
    "mentor_note": note,
}
READERS: Mapping[str, FormReader] = {
    "training_place": place_shown,
    "training_targets": term_shown,
    "mentor": mentor_shown,
    "mentoring": term_shown,
    "mentor_note": note_shown,
}
