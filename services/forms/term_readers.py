"""What the pages around a term of service show beside their questions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.attendance import AskedStretch
from db.engine.almanac import calendar_of
from db.engine.cases import CaseFile, FindingRow
from db.engine.people import Institution
from db.engine.tasks import DecisionRow, TaskRow
from db.opening_terms import post_of
from db.segments import SITE_SINCE, earlier_segments, segments_of
from db.service import Absence, Leave, ServiceActivity
from db.term_start import first_day_of
from policies.absence import IncidentFacts, times_of
from policies.days import DayFacts, DayKind, day_weighs
from policies.leave import Kind, LeaveFacts, leave_weighs
from services.attendance_open import OpenDays, open_days
from services.engine.decisions import Asked
from services.engine.tasks import FormReader
from services.term_forecast import Forecast, forecast_of

Content = Mapping[str, object]
_ONE_DAY = timedelta(days=1)
CLOCKS = ("site", "accumulated", "all_on_site", "before", "absences")


async def placement(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """Where and how the person serves, and the planned first day."""
    facts = asked.case.facts
    post = await post_of(session, asked.case.id, facts)
    receiving = await session.get_one(Institution, facts["receiving"])
    return {
        "receiving": receiving.name,
        "specialty": post.specialty,
        "mode": facts["mode"],
        "duties": post.duties,
        "planned": date.fromisoformat(asked.task.refs.get("planned") or facts["planned_start"]),
    }


async def preparation(session: AsyncSession, asked: Asked) -> Content:
    """What was prepared before, and why the person sent it back."""
    last = await last_answer(session, asked, "prepare_post")
    back = await last_answer(session, asked, "sign_plan")
    return await placement(session, asked) | {
        "prepared": dict(last.form) if last else {},
        "returned_words": (back.words or "") if back else "",
    }


async def plan(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """The plan that the person signs."""
    last = await last_answer(session, asked, "prepare_post")
    return await placement(session, asked) | {"prepared": dict(last.form) if last else {}}


async def readiness(session: AsyncSession, asked: Asked) -> Content:
    """What is there on the planned day, and what is missing."""
    prepared, signed = await last_answer(session, asked, "prepare_post"), await last_answer(session, asked, "sign_plan")
    return await placement(session, asked) | {
        "ready": {
            "practice_filing": await last_answer(session, asked, "practice_filing") is not None,
            "prepare_post": prepared is not None,
            "sign_plan": signed is not None and signed.choice == "sign_plan",
        }
    }


async def check_in(session: AsyncSession, asked: Asked) -> Content:
    """The plan, and the duties to count by."""
    return await plan(session, asked) | {
        "listed": asked.pack.parameters["duties"].listed,
        "number": asked.task.refs.get("number", ""),
    }


async def certificate(session: AsyncSession, asked: Asked) -> Content:
    """The newest finding of the clocks, and the check-ins so far, those of the terms it goes on from among them."""
    rule = asked.pack.parameters["site_months"].rule
    newest = select(FindingRow).where(FindingRow.case_id == asked.case.id, FindingRow.rule == rule)
    found = await session.scalar(newest.order_by(FindingRow.id.desc()).limit(1))
    check_ins = await session.scalars(
        select(DecisionRow).where(DecisionRow.case_id.in_(segments_of(asked.case)), DecisionRow.choice == "check_in")
        .order_by(DecisionRow.decided_at)
    )  # fmt: skip
    return await placement(session, asked) | {
        "finding": found.finding if found else None,
        "check_ins": [dict(one.form) for one in check_ins],
        "forecast": await _clocks(session, asked),
        "by_form": await _by_form(session, segments_of(asked.case)),
        "open_days": await _open_days(session, asked),
    }


async def _clocks(session: AsyncSession, asked: Asked) -> Forecast:
    """Where both clocks stand today, and what the absences do."""
    case = await session.get_one(CaseFile, asked.case.id)
    found = await forecast_of(session, case, asked.pack, today=asked.today)
    return replace(found, prospects=tuple(one for one in found.prospects if one.kind in CLOCKS), waits=())


async def _open_days(session: AsyncSession, asked: Asked) -> OpenDays | None:
    """What nobody has said, or two have said differently, of the days that are certified."""
    first_day, calendar = await first_day_of(session, asked.case.id), await calendar_of(session)
    if first_day is None:
        return None
    # The days of an earlier segment are certified with these only where its months at the site go on (EXC-08).
    earlier = await earlier_segments(session, asked.case) if SITE_SINCE in asked.case.facts else []
    spans = [(each.case, each.first_day, each.last_day + _ONE_DAY) for each in earlier]
    found = [
        await open_days(session, case, first, today=until, rests=lambda day: not calendar.days(day).working)
        for case, first, until in (*spans, (asked.case.id, first_day, asked.today))
    ]
    return OpenDays(
        sum(each.unrecorded for each in found),
        tuple(one for each in found for one in each.proposals),
        tuple(one for each in found for one in each.contradictions),
    )


async def _by_form(session: AsyncSession, cases: Sequence[str]) -> list[tuple[str, int, int]]:
    """(form, confirmed half-days, half-days still being checked) of the accumulated service."""
    rows = list(await session.scalars(select(ServiceActivity).where(ServiceActivity.case_id.in_(cases))))
    return [
        (
            form,
            sum(row.half_days for row in rows if (row.form, row.state) == (form, "confirmed")),
            sum(row.half_days for row in rows if (row.form, row.state) == (form, "recorded")),
        )
        for form in dict.fromkeys(row.form for row in rows if row.state != "dismissed")
    ]


async def absence(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """The absence that is asked about, what the rule says of its count, and why the person objects."""
    row = await session.get_one(Absence, asked.task.refs["absence"])
    notice = await last_answer(session, asked, "absence_notice")
    objection = notice.words if notice and asked.task.name == "absence_appeal" else ""
    found = times_of(IncidentFacts(row.days, leave_papers=False), asked.pack)
    shown = {"absence": _absence(row), "count": found, "objection": objection or ""}
    return await placement(session, asked) | shown | await _there(session, row.case_id)


async def _there(session: AsyncSession, case_id: str) -> dict[str, object]:
    """Where the person was on the days that are asked about: of an earlier segment not where they are now (EXC-08)."""
    case = await session.get_one(CaseFile, case_id)
    return {"receiving": (await session.get_one(Institution, case.facts["receiving"])).name}


async def leave(session: AsyncSession, asked: Asked) -> Content:
    """The leave that is asked about, and what the rule says of it."""
    row = await session.get_one(Leave, asked.task.refs["leave"])
    found = leave_weighs(LeaveFacts(cast("Kind", row.kind), (row.last_day - row.first_day).days + 1), asked.pack)
    names = ("kind", "first_day", "last_day", "words", "state", "weighs")
    return await placement(session, asked) | {"leave": {name: getattr(row, name) for name in names}, "weighed": found}


async def days(session: AsyncSession, asked: Asked) -> Content:
    """The stretch of days that is asked about, and what the rule says of it."""
    row = await session.get_one(AskedStretch, asked.task.refs["stretch"])
    length = (row.last_day - row.first_day).days + 1
    found = day_weighs(DayFacts(cast("DayKind", row.kind), "site", length), asked.pack)
    stretch = {"kind": row.kind, "first_day": row.first_day, "last_day": row.last_day, "days": length}
    there = await _there(session, row.case_id)
    return await placement(session, asked) | there | {"stretch": stretch, "weighed": found}


async def absences(session: AsyncSession, asked: Asked) -> Content:
    """Every absence of the service, and the newest finding about all of them."""
    rows = await session.scalars(
        select(Absence).where(Absence.case_id.in_(segments_of(asked.case))).order_by(Absence.first_day, Absence.id)
    )
    newest = select(FindingRow).where(FindingRow.case_id == asked.case.id, FindingRow.rule == "DQ-3.2.2e")
    found = await session.scalar(newest.order_by(FindingRow.id.desc()).limit(1))
    return await placement(session, asked) | {
        "absences": [_absence(row) for row in rows],
        "finding": found.finding if found else None,
    }


def _absence(row: Absence) -> dict[str, object]:
    names = ("first_day", "last_day", "days", "state", "times", "words")
    return {name: getattr(row, name) for name in names}


async def last_answer(session: AsyncSession, asked: Asked, task: str, *, case: str = "") -> DecisionRow | None:
    """The last answer to a question of this case, or of the one that is named."""
    query = select(DecisionRow).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    query = query.where(DecisionRow.case_id == (case or asked.case.id), TaskRow.name == task)
    found: DecisionRow | None = await session.scalar(query.order_by(DecisionRow.decided_at.desc()).limit(1))
    return found


READERS: Mapping[str, FormReader] = {
    "post_preparation": preparation,
    "plan": plan,
    "practice_filing": placement,
    "first_day": readiness,
    "check_in": check_in,
    "certificate": certificate,
    "absence": absence,
    "absence_times": absence,
    "absence_facts": absence,
    "absences": absences,
    "leave": leave,
    "close_leave": leave,
    "days": days,
}
