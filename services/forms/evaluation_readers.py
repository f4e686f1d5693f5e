"""What the pages of an evaluation show beside their questions."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.evaluation import NOMINATED, QUALIFIED_OR_ABOVE
from activities.grading import EXCELLENT, cohort_facts
from db.engine.cases import FindingRow
from db.engine.people import Institution, Person
from db.engine.tasks import DecisionRow
from db.evaluation import Grade, GradeItem
from db.segments import stretches_of
from policies.grading import CohortFacts, readings_of, share_is_kept
from services.certificates import result_is_open
from services.engine.decisions import Asked
from services.engine.tasks import FormReader
from services.forms.evaluation import list_decided
from services.forms.term_readers import Content, absences, certificate, last_answer, plan
from services.opinions import in_order

SHOWN = ("proposed", "grade", "state", "minutes", "met_on", "reason", "year")
OUTCOME_RULES = ("DQ-3.5.1a", "DQ-3.5.2a", "DQ-3.2.2e")


async def summary(session: AsyncSession, asked: Asked) -> Content:
    """The plan, and the check-ins to write from."""
    return {**await plan(session, asked), **await certificate(session, asked)}


async def opinion(session: AsyncSession, asked: Asked) -> Content:
    """Plan, own summary, check-ins, absences, the dimensions, and what the step before has drafted (COR-05)."""
    own, listed = await last_answer(session, asked, "term_summary"), asked.pack.parameters["opinion_dimensions"].listed
    drafted = await session.scalar(
        select(DecisionRow)
        .where(DecisionRow.task_id == asked.task.id, DecisionRow.choice != "send_back")
        .order_by(DecisionRow.decided_at.desc())
        .limit(1)
    )
    return {
        **await plan(session, asked),
        **await certificate(session, asked),
        "absences": (await absences(session, asked))["absences"],
        "summary": own.form["summary"] if own else "",
        "listed": listed,
        "whole": asked.task.refs["part"] == "whole",
        "drafted": in_order(drafted.form, listed) if drafted else {},
    }


async def given(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """The opinion as it was given, and what the person said to it."""
    return await _said(session, asked, asked.case.id)


async def earlier(session: AsyncSession, asked: Asked) -> list[dict[str, object]]:
    """The opinions of the institutions that the person went on from, each with its days (EXC-08).

    Read by whoever reads the opinion of this term at this question: the group, the bodies above it, and the person.
    """
    found = [each for each in await stretches_of(session, asked.case) if each.case != asked.case.id]
    return [
        {
            "institution": (await session.get_one(Institution, each.institution)).name,
            "first_day": each.first_day,
            "last_day": each.last_day,
            **await _said(session, asked, each.case),
        }
        for each in found
    ]


async def _said(session: AsyncSession, asked: Asked, case: str) -> dict[str, object]:
    opinion_row = await last_answer(session, asked, "term_opinion", case=case)
    comment = await last_answer(session, asked, "opinion_comment", case=case)
    own = await last_answer(session, asked, "term_summary", case=case)
    listed = asked.pack.parameters["opinion_dimensions"].listed
    return {
        "summary": own.form["summary"] if own else "",
        "opinion": in_order(opinion_row.form, listed) if opinion_row else {},
        "comment": (comment.words or "") if comment else "",
        "commented": comment is not None,
    }


async def grade(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """The opinion, absences and check-ins on which the committee decides, or which the person objects to."""
    row = await session.get_one(Grade, asked.case.id)
    objection = await last_answer(session, asked, "grade_notice")
    return {
        **await plan(session, asked),
        **await given(session, asked),
        "earlier": await earlier(session, asked),
        "absences": (await absences(session, asked))["absences"],
        "grade": _shown(row, is_open=row.state == NOMINATED),
        "objection": (objection.words or "") if objection and objection.choice == "appeal_grade" else "",
        "findings": await _findings(session, asked),
        "at_least": asked.task.refs.get("at_least", ""),
    }


async def grounds(session: AsyncSession, asked: Asked) -> Content:
    """What a certificate would say, which is never more than what is final, and why it was sent back before."""
    row = await session.get_one(Grade, asked.case.id)
    is_open = await session.scalar(select(result_is_open()).where(Grade.case_id == row.case_id))
    back = await last_answer(session, asked, "issue_certificate")
    return {
        **await grade(session, asked),
        "grade": _shown(row, is_open=bool(is_open)),
        "first_day": row.first_day,
        "last_day": row.last_day,
        "returned_words": (back.words or "") if back and back.choice == "return_certificate" else "",
    }


def _shown(row: Grade, *, is_open: bool) -> dict[str, object]:
    """A grade as pages show it: qualified or above while it is open whether it is excellent (COR-12)."""
    shown = {name: getattr(row, name) for name in SHOWN}
    return shown | ({"grade": QUALIFIED_OR_ABOVE, "reason": None} if is_open else {})


async def cohort(session: AsyncSession, asked: Asked) -> Content:
    """Both readings of the share with the numbers of today, were everybody on the list excellent (COR-11)."""
    named = await session.scalars(select(GradeItem.case_id).where(GradeItem.batch == asked.case.id))
    facts = await _cohort(session, asked, dict.fromkeys(named, EXCELLENT))
    return {"facts": facts, "readings": readings_of(facts, asked.pack), "year": asked.case.facts["year"]}


async def grade_list(session: AsyncSession, asked: Asked) -> Content:
    """Everybody on the list, the cap, and how many of the year's completed terms have no grade yet."""
    members = await _members(session, asked)
    everybody = {str(one["case"]): EXCELLENT for one in members}
    year = int(asked.case.facts["year"])
    open_terms = select(Grade.case_id).where(
        Grade.group == asked.case.facts["group"], Grade.year == year, Grade.state == "open"
    )
    return {
        "year": year,
        "members": members,
        "finding": share_is_kept(await _cohort(session, asked, everybody), asked.pack),
        "ungraded": len((await session.scalars(open_terms)).all()),
    }


async def public_notice(session: AsyncSession, asked: Asked) -> Content:
    """Who is excellent by the committee's list, when it met, and for how many working days it hangs out at least."""
    form = (await list_decided(session, asked)).form
    excellent = {one["case"] for one in form["grades"] if one["grade"] == EXCELLENT}
    return {
        "members": [one for one in await _members(session, asked) if one["case"] in excellent],
        "met_on": date.fromisoformat(form["met_on"]),
        "least": asked.pack.parameters["public_notice_days"].whole,
    }


async def stay(session: AsyncSession, asked: Asked) -> Content:
    """Where the person serves, the grade, and what they wrote to their wish (DQ-3.5.3 shows it to the approvers)."""
    row = await session.get_one(Grade, asked.case.id)
    wish = await last_answer(session, asked, "stay_or_return")
    return await plan(session, asked) | {"grade": {"grade": row.grade}, "wish": (wish.words or "") if wish else ""}


async def _cohort(session: AsyncSession, asked: Asked, decided: Mapping[str, str]) -> CohortFacts:
    facts = asked.case.facts
    return await cohort_facts(session, facts["group"], int(facts["year"]), decided)


async def _members(session: AsyncSession, asked: Asked) -> list[dict[str, object]]:
    """Everybody on the list, by name."""
    named = (
        select(Grade, Person, GradeItem.grade)
        .join(GradeItem, GradeItem.case_id == Grade.case_id)
        .join(Person, Person.id == Grade.person)
        .where(GradeItem.batch == asked.case.id)
        .order_by(Person.name_pinyin, Person.id)
    )
    return [await _member(session, *row) for row in await session.execute(named)]


async def _member(session: AsyncSession, row: Grade, person: Person, decided: str) -> dict[str, object]:
    home = await session.get_one(Institution, person.institution)
    return {
        "case": row.case_id,
        "name": person.name,
        "institution": home.name,
        "specialty": person.specialty,
        "proposed": row.proposed,
        "programme": row.programme,
        "minutes": row.minutes,
        "decided": decided,
    }


async def _findings(session: AsyncSession, asked: Asked) -> list[object]:
    """The newest finding of each rule about the result."""
    found = select(FindingRow).where(FindingRow.case_id == asked.case.id, FindingRow.rule.in_(OUTCOME_RULES))
    newest = {row.rule: row.finding for row in await session.scalars(found.order_by(FindingRow.id))}
    return list(newest.values())


READERS: Mapping[str, FormReader] = {
    "term_summary": summary,
    "opinion": opinion,
    "opinion_read": given,
    "grade": grade,
    "grade_read": grade,
    "certificate_grounds": grounds,
    "cohort": cohort,
    "close_grades": grade_list,
    "public_notice": public_notice,
    "stay": stay,
    "return_home": stay,
    "stay_formalities": stay,
}
