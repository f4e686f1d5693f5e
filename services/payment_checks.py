"""The desk of the second person: a payment counts once somebody else has confirmed it (DQ-3.4.2c, DEF-12)."""

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from activities.pay_confirmers import confirmers, payees_of
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.tasks import InboxRow
from db.pay import (
    CONFIRMED,
    LIFECYCLE,
    SENT_BACK,
    WAITING,
    WITHDRAWN,
    Ordered,
    Payment,
    PaymentVerdict,
    YearPayments,
    approved_total,
    payments_of,
)
from policies.engine.calendar import CHINA
from policies.engine.refusals import OwnCase, Refusal
from policies.pay import PaymentFacts, payment_is_covered
from services.engine.acts import Done
from services.engine.notices import kept_before
from services.engine.permissions import NotForYou, Right, Viewer
from services.field_problems import FactsRefused, FieldProblem
from services.pay_hand import RECORDED, Hand, PaymentUnknown, TotalExceeded, brought, keep_notice, open_year
from services.payments import exceeded

VERDICTS = (CONFIRMED, SENT_BACK, WITHDRAWN)


class RecordedByYou(Refusal):
    """Nobody confirms or sends back a payment that they have recorded themselves (DEF-12)."""


class PaymentSettled(Refusal):
    """The payment was confirmed, sent back or withdrawn meanwhile."""


class PaymentCheckDesk:
    """Takes verdicts on payments, one transaction at a time within one total."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock, self._shelf = sessions, delivery, clock, shelf

    async def settle(self, hand: Hand, payment: str, verdict: str) -> Done:
        """Confirm a payment, send it back with a reason, or withdraw what one has recorded oneself.

        Raises RecordedByYou, PaymentSettled, PaymentUnknown, TotalExceeded, PayYearSettled, OwnCase, NotForYou,
        FactsRefused.
        """
        async with self._sessions.begin() as session:
            known = await kept_before(session, hand.request, name=RECORDED, by=hand.by)
            kept = known or await self._settled(session, hand, payment, verdict)
        return await brought(self._sessions, self._delivery, kept, again=known is not None)

    async def waiting_for(self, viewer: Viewer) -> list[str]:
        """The ids of the payments that wait for this very person, the oldest first."""
        reached = viewer.reached_for(Right.CONFIRM_PAY)
        if not reached:
            return []
        unsettled = ~exists().where(PaymentVerdict.payment == Payment.id)
        query = select(Payment, CaseFile).join(CaseFile, CaseFile.id == Payment.case_id).order_by(Payment.recorded_at)
        query = query.where(CaseFile.lifecycle == LIFECYCLE, CaseFile.state != "closed", unsettled)
        async with self._sessions() as session:
            rows = (await session.execute(query.where(CaseFile.institution.in_(reached)))).all()
            return [payment.id for payment, case in rows if viewer.person in await self.may(session, payment, case)]

    async def may(self, session: AsyncSession, payment: Payment, case: CaseFile) -> list[str]:
        """Who may confirm a payment today."""
        today = self._clock.now().astimezone(CHINA).date()
        return list(await confirmers(await session.connection(), payment, case.facts["group"], on=today))

    async def _settled(self, session: AsyncSession, hand: Hand, payment_id: str, verdict: str) -> InboxRow:
        case = await open_year(session, hand.case)
        payments = await payments_of(session, case.id)
        ordered = payments.one(payment_id)
        if ordered is None:
            raise PaymentUnknown(payment=payment_id)
        if ordered.standing != WAITING:
            raise PaymentSettled(payment=payment_id, standing=ordered.standing)
        await self._ensure_may(session, hand, ordered, case, verdict)
        if verdict == CONFIRMED:
            await self._ensure_covered(session, case, ordered, payments)
        elif not hand.words.strip():
            raise FactsRefused((FieldProblem("words", "missing"),))
        row = PaymentVerdict(
            payment=payment_id,
            case_id=case.id,
            verdict=verdict,
            words=hand.words.strip(),
            given_by=hand.by,
            given_at=self._clock.now(),
        )
        session.add(row)
        return await keep_notice(session, hand, payment_id, clock=self._clock, verdict=verdict)

    async def _ensure_may(
        self, session: AsyncSession, hand: Hand, ordered: Ordered, case: CaseFile, verdict: str
    ) -> None:
        payment, own = ordered.payment, ordered.payment.recorded_by == hand.by
        if verdict not in VERDICTS or (verdict == WITHDRAWN and not own):
            raise NotForYou(right=Right.CONFIRM_PAY.value)
        if verdict == WITHDRAWN:
            return
        if own:
            raise RecordedByYou(payment=payment.id)
        if hand.by in payees_of(payment):
            raise OwnCase(person=hand.by)
        if hand.by not in await self.may(session, payment, case):
            raise NotForYou(right=Right.CONFIRM_PAY.value)

    async def _ensure_covered(
        self, session: AsyncSession, case: CaseFile, ordered: Ordered, payments: YearPayments
    ) -> None:
        """The total may have been lowered since the payment was recorded."""
        stands = await approved_total(session, case.id)
        pack = await self._shelf.pack(case.pack, case.pack_version)
        facts = PaymentFacts(stands.yuan if stands else None, payments.paid, ordered.yuan)
        found = payment_is_covered(facts, pack)
        if ordered.yuan > 0 and found.effect == "block":
            raise TotalExceeded(**exceeded(found, payments.paid, stands.yuan if stands else None))
