"""The facts of a contract's working time as the rule takes them, from the rows beside the case (OT-6.3g)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.talent_contracts import TalentAnswer, TalentContract, TalentExcuse, TalentPeriod, TalentSession
from db.talent_openings import TalentOpening
from policies.talent.force_majeure import Claim, Loss
from policies.talent.working_time import Before, Due, Kind, Unit, Worked, WorkingTimeFacts

# The question, its task and its key: one word, so that an answer is found by what was asked.
BEFORE_SIGNATURE = "before_signature"


async def working_time_of(session: AsyncSession, case_id: str, *, until: date) -> WorkingTimeFacts:
    """What a signed contract agreed, and what was worked up to the end of a local day.

    Of an imported contract the day is one after those that its sheet has summed up: nothing is known day by day before.
    """
    contract = await session.get_one(TalentContract, case_id)
    opening = await session.get(TalentOpening, case_id)
    return WorkingTimeFacts(
        unit=cast("Unit", contract.unit),
        first_day=cast("date", contract.first_day),
        last_day=cast("date", contract.last_day),
        agreed=cast("Decimal", contract.agreed),
        until=until,
        worked=await _worked(session, case_id, until),
        schedule=await _schedule(session, case_id),
        losses=(*_lost_before(opening), *await _losses(session, case_id)),
        imported=opening.worked if opening else Decimal(0),
        **await _before_signature(session, contract, until),
    )


async def _before_signature(session: AsyncSession, contract: TalentContract, until: date) -> dict[str, Any]:
    """The part of it that lies before the signature, and what the commission has said of that (OT-2.1d)."""
    if contract.signed_on is None or contract.first_day is None or contract.signed_on <= contract.first_day:
        return {}
    answer = await session.get(TalentAnswer, (contract.case_id, BEFORE_SIGNATURE))
    before = await _worked(session, contract.case_id, min(until, contract.signed_on - timedelta(days=1)))
    opening = await session.get(TalentOpening, contract.case_id)
    if opening and opening.worked_before:
        before = (*before, Worked("other", opening.worked_before))
    said = cast("Before", answer.answer if answer else "")
    return {"signed_on": contract.signed_on, "worked_before": before, "before_signature": said}


def book_of(case_id: str) -> str:
    """What a finding and a delivery of the same contract lock, so that none comes between the other's reads."""
    return f"sessions.{case_id}"


def newest_sessions(*, case_id: str) -> Select[TalentSession]:
    """The revision of each session that holds, those taken back among them."""
    newest = select(TalentSession.case_id, TalentSession.key, func.max(TalentSession.revision).label("revision")).where(
        TalentSession.case_id == case_id
    )
    last = newest.group_by(TalentSession.case_id, TalentSession.key).subquery()
    holds = (
        (TalentSession.case_id == last.c.case_id)
        & (TalentSession.key == last.c.key)
        & (TalentSession.revision == last.c.revision)
    )
    return select(TalentSession).join(last, holds)


async def since_import(session: AsyncSession, case_id: str, days: Sequence[date]) -> list[date]:
    """Those local days that come after what an import has summed up (COR-17); all of them where nothing was."""
    opening = await session.get(TalentOpening, case_id)
    return [day for day in days if opening is None or day > opening.as_of]


async def gates_stated(session: AsyncSession, case_id: str) -> list[str]:
    """The local days of the papers of the two gates that an import has stated, as ISO (COR-08)."""
    opening = await session.get(TalentOpening, case_id)
    return [day.isoformat() for day in (opening.consented_on, opening.authority_from) if day] if opening else []


async def _worked(session: AsyncSession, case_id: str, until: date) -> tuple[Worked, ...]:
    held = aliased(TalentSession, newest_sessions(case_id=case_id).subquery())
    query = select(held.kind, func.sum(held.units)).where(held.day <= until).group_by(held.kind).order_by(held.kind)
    rows = (await session.execute(query)).all()
    return tuple(Worked(cast("Kind", kind), units) for kind, units in rows)


async def _schedule(session: AsyncSession, case_id: str) -> tuple[Due, ...]:
    query = select(TalentPeriod).where(TalentPeriod.case_id == case_id).order_by(TalentPeriod.first_day)
    return tuple(Due(one.first_day, one.last_day, one.agreed) for one in await session.scalars(query))


def _lost_before(opening: TalentOpening | None) -> tuple[Loss, ...]:
    """What the commission had confirmed before an import, as one loss that is over by its day.

    It lies after the signature, as the sheet asks for it: no part of it has to be guessed where the time before is left
    out.
    """
    if opening is None or not opening.excused:
        return ()
    since = max(opening.first_day, opening.signed_on)
    return (Loss(since, opening.as_of, opening.excused, "confirmed"),)


async def _losses(session: AsyncSession, case_id: str) -> tuple[Loss, ...]:
    query = (
        select(TalentExcuse).where(TalentExcuse.case_id == case_id).order_by(TalentExcuse.first_day, TalentExcuse.id)
    )
    rows: Sequence[TalentExcuse] = (await session.scalars(query)).all()
    return tuple(Loss(one.first_day, one.last_day, one.units, cast("Claim", one.state)) for one in rows)
