"""What both acts on a payment share, recording and confirming: whose hand it is, the year held alone, the notice."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.tasks import InboxRow
from db.pay import IN_FILE, LIFECYCLE, Payment, PaymentVerdict, PoolInflow, hold_alone
from policies.engine.refusals import Refusal
from services.engine.acts import CaseUnknown, Done
from services.engine.decisions import PAGE, NotCounted
from services.engine.notices import Brought, bring, keep

RECORDED = "pay_recorded"
# The name under which a notice says which verdict it brings.
VERDICT = "verdict"


class PayYearSettled(Refusal):
    """The group has settled the payments of this year, or dropped its total."""


class PaymentUnknown(Refusal):
    """There is no such payment in this year, or it has been taken back already."""


class TotalExceeded(Refusal):
    """All payments together would be more than the approved total (DQ-3.4.2c)."""


@dataclass(frozen=True)
class Hand:
    """Whose hand, by which request, in which case."""

    case: str
    by: str
    request: str
    words: str = field(default="")


async def open_year(session: AsyncSession, case_id: str) -> CaseFile:
    """The case, read once nobody else pays within its total or settles it. Raises CaseUnknown, PayYearSettled."""
    await hold_alone(session, case_id)
    case = await session.get(CaseFile, case_id)
    if case is None or case.lifecycle != LIFECYCLE:
        raise CaseUnknown(case=case_id)
    if case.state == "closed":
        raise PayYearSettled(case=case_id)
    return case


async def keep_notice(session: AsyncSession, hand: Hand, row: str, *, clock: Clock, verdict: str = "") -> InboxRow:
    """The notice by which the row enters the file of its case."""
    await session.flush()
    refs = {"row": row} | ({VERDICT: verdict} if verdict else {})
    brought = Brought(hand.request, hand.case, RECORDED, refs, hand.by, hand.words, PAGE)
    return await keep(session, brought, at=clock.now())


async def brought(sessions: Sessions, delivery: Delivery, kept: InboxRow, *, again: bool) -> Done:
    """The end of the year names every row that was kept before it, so that its notice may come too late."""
    try:
        return await bring(delivery, kept, again=again)
    except NotCounted:
        async with sessions() as session:
            if not await _is_in_file(session, kept.message["refs"]):
                raise
        return Done("recorded", again=again)


async def _is_in_file(session: AsyncSession, refs: Mapping[str, str]) -> bool:
    row = refs["row"]
    if VERDICT in refs:
        given = await session.get(PaymentVerdict, row)
        return given is not None and given.state == IN_FILE
    payment, inflow = await session.get(Payment, row), await session.get(PoolInflow, row)
    return IN_FILE in (payment and payment.state, inflow and inflow.state)
