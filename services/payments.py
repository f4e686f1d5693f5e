"""The desk at which a group pays within its approved total, and keeps the guarantee pool (DQ-3.4.2c, DQ-3.4.3a, b).

What is recorded here reserves its sum, and is paid once a second person has confirmed it: see services/payment_checks.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import next_serial
from db.engine.packs import PackShelf
from db.engine.people import Institution
from db.engine.tasks import InboxRow
from db.methods import standing_of
from db.pay import CONFIRMED, Payment, PoolInflow, approved_total, payments_of
from policies.engine.calendar import CHINA
from policies.engine.finding import Finding
from policies.engine.refusals import OwnCase, Refusal
from policies.pay import PaymentFacts, payment_is_covered
from services.engine.acts import Done
from services.engine.notices import kept_before
from services.field_problems import FactsRefused, FieldProblem
from services.headcounts import Served, served_in
from services.methods import PLACES
from services.months import Period
from services.pay_hand import RECORDED, Hand, PaymentUnknown, TotalExceeded, brought, keep_notice, open_year

TIERED_CARE, SELF_RAISED = "tiered_care", "self_raised"
SOURCES = (TIERED_CARE, SELF_RAISED)
# DQ-3.4.3b: who is covered by the pool is not defined in the text; "" is a question that is open.
COVERED = ("", "yes", "no")
MOST_YUAN = Decimal(100_000_000)


class TotalNotApproved(Refusal):
    """Not all four bureaus have agreed to the group's total of this year: nothing may be paid (DQ-3.4.2c)."""


class MethodNotInForce(Refusal):
    """The assessment method of one of these kinds of staff is not filed by all four bureaus (DQ-3.3.2a)."""


@dataclass(frozen=True)
class PayLine:
    """What one person is paid, in yuan, and whether the guarantee pool covers it."""

    person: str
    yuan: Decimal
    covered: str = ""


@dataclass(frozen=True)
class PaymentOrder:
    """A payment: for which months, to whom, on which performance assessments."""

    period: Period
    lines: tuple[PayLine, ...]
    basis: str
    words: str = ""


@dataclass(frozen=True)
class Inflow:
    """What the pool received; a negative amount corrects an entry and says why."""

    source: str
    institution: str | None
    received_on: date
    yuan: Decimal
    words: str = ""


class PaymentDesk:
    """Takes payments and inflows. One transaction at a time pays within one total."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock, self._shelf = sessions, delivery, clock, shelf

    async def pay(self, case: str, order: PaymentOrder, *, by: str, request: str) -> Done:
        """Record a payment for a second person to confirm; a second click with the same request is the same payment.

        Raises TotalNotApproved, MethodNotInForce, TotalExceeded, PayYearSettled, OwnCase, FactsRefused.
        """
        hand = Hand(case, by, request, order.words)
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=RECORDED, by=by)
            kept = known or await self._paid(session, hand, order)
        return await brought(self._sessions, self._delivery, kept, again=known is not None)

    async def take_back(self, case: str, payment: str, words: str, *, by: str, request: str) -> Done:
        """Take a confirmed payment back whole, once a second person confirms that, too. Raises PaymentUnknown."""
        hand = Hand(case, by, request, words)
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=RECORDED, by=by)
            kept = known or await self._taken_back(session, hand, payment)
        return await brought(self._sessions, self._delivery, kept, again=known is not None)

    async def receive(self, case: str, inflow: Inflow, *, by: str, request: str) -> Done:
        """Record what the pool received. Raises PayYearSettled, FactsRefused."""
        hand = Hand(case, by, request, inflow.words)
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=RECORDED, by=by)
            kept = known or await self._received(session, hand, inflow)
        return await brought(self._sessions, self._delivery, kept, again=known is not None)

    async def _paid(self, session: AsyncSession, hand: Hand, order: PaymentOrder) -> InboxRow:
        case = await open_year(session, hand.case)
        if any(line.person == hand.by for line in order.lines):
            raise OwnCase(person=hand.by)
        stands, so_far = await approved_total(session, case.id), (await payments_of(session, case.id)).reserved
        if stands is None:
            raise TotalNotApproved(case=case.id)
        served = await served_in(session, case.facts["group"])
        _ensure(order, int(case.facts["year"]), served)
        await self._ensure_methods(session, case, order, served)
        total = sum((line.yuan for line in order.lines), Decimal(0))
        pack = await self._shelf.pack(case.pack, case.pack_version)
        found = payment_is_covered(PaymentFacts(stands.yuan, so_far, total), pack)
        if found.effect == "block":
            raise TotalExceeded(**exceeded(found, so_far, stands.yuan))
        lines = [{"person": one.person, "yuan": str(one.yuan), "covered": one.covered} for one in order.lines]
        content = {"lines": lines, "basis": order.basis.strip(), "words": order.words.strip()}
        return await self._keep_payment(session, hand, order.period.written, content, total=total)

    async def _ensure_methods(
        self, session: AsyncSession, case: CaseFile, order: PaymentOrder, served: Sequence[Served]
    ) -> None:
        """Performance is assessed, and paid for, only by a method that all four bureaus have filed (AS-27)."""
        people = {line.person for line in order.lines}
        for programme in sorted({one.programme for one in served if one.person in people}):
            group = case.facts["group"]
            found = await standing_of(session, group=group, programme=programme, on=self._today(), places=PLACES)
            if found.in_force is None:
                names = [await session.get_one(Institution, code) for code in found.missing]
                missing = "、".join(place.name for place in names)
                raise MethodNotInForce(programme=programme, missing=missing or "–")

    async def _taken_back(self, session: AsyncSession, hand: Hand, payment_id: str) -> InboxRow:
        case = await open_year(session, hand.case)
        payments = await payments_of(session, case.id)
        ordered = payments.one(payment_id)
        if ordered is None or ordered.standing != CONFIRMED or payments.standing_of_reversal(payment_id):
            raise PaymentUnknown(payment=payment_id)
        payment = ordered.payment
        if payment.reverses:
            raise PaymentUnknown(payment=payment_id)
        if not hand.words.strip():
            raise FactsRefused((FieldProblem("words", "missing"),))
        was = json.loads(payment.content)
        lines = [{**one, "yuan": str(-Decimal(one["yuan"]))} for one in was["lines"]]
        content = {"lines": lines, "basis": was["basis"], "words": hand.words.strip()}
        total = -Decimal(payment.total)
        return await self._keep_payment(session, hand, payment.period, content, total=total, reverses=payment.id)

    async def _keep_payment(
        self,
        session: AsyncSession,
        hand: Hand,
        period: str,
        content: Mapping[str, object],
        *,
        total: Decimal,
        reverses: str | None = None,
    ) -> InboxRow:
        payment = Payment(
            id=f"{hand.case}.p{await next_serial(session, f'payment.{hand.case}')}",
            case_id=hand.case,
            period=period,
            people=len(cast("Sequence[object]", content["lines"])),
            content=json.dumps(content, ensure_ascii=False),
            total=str(total),
            reverses=reverses,
            recorded_by=hand.by,
            recorded_at=self._clock.now(),
        )
        session.add(payment)
        return await keep_notice(session, hand, payment.id, clock=self._clock)

    async def _received(self, session: AsyncSession, hand: Hand, inflow: Inflow) -> InboxRow:
        case = await open_year(session, hand.case)
        await self._ensure_inflow(session, inflow)
        row = PoolInflow(
            id=f"{case.id}.i{await next_serial(session, f'inflow.{case.id}')}",
            case_id=case.id,
            source=inflow.source,
            institution=inflow.institution,
            received_on=inflow.received_on,
            yuan=inflow.yuan,
            words=inflow.words.strip(),
            recorded_by=hand.by,
            recorded_at=self._clock.now(),
        )
        session.add(row)
        return await keep_notice(session, hand, row.id, clock=self._clock)

    async def _ensure_inflow(self, session: AsyncSession, inflow: Inflow) -> None:
        problems = []
        if inflow.source not in SOURCES:
            problems.append(FieldProblem("source", "choice_unknown", (("choices", ", ".join(SOURCES)),)))
        if inflow.source == SELF_RAISED and not inflow.institution:
            problems.append(FieldProblem("institution", "missing"))
        if inflow.institution and await session.get(Institution, inflow.institution) is None:
            problems.append(FieldProblem("institution", "institution_unknown"))
        if inflow.received_on > self._today():
            problems.append(FieldProblem("received_on", "date_future"))
        if not _is_money(abs(inflow.yuan)):
            problems.append(FieldProblem("yuan", "yuan_wrong"))
        elif inflow.yuan < 0 and not inflow.words.strip():
            problems.append(FieldProblem("words", "missing"))
        if problems:
            raise FactsRefused(tuple(problems))

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def exceeded(found: Finding, so_far: Decimal, approved: Decimal | None) -> dict[str, str]:
    """What may still be paid beside what is paid or waits, and by how much a payment is above it."""
    return {"left": str((approved or so_far) - so_far), "over": str(-cast("Decimal", found.figures["left_yuan"]))}


def _ensure(order: PaymentOrder, year: int, served: Sequence[Served]) -> None:
    """Everybody served in the group in these months; each amount is money; the basis is named."""
    problems = []
    if order.period.year != year:
        problems.append(FieldProblem("first_month", "year_other", (("year", str(year)),)))
    if not order.lines:
        problems.append(FieldProblem("payees", "missing"))
    if not order.basis.strip():
        problems.append(FieldProblem("basis", "missing"))
    there = {one.person for one in served if one.within(order.period.first_day, order.period.last_day)}
    for at, line in enumerate(order.lines):
        if line.person not in there:
            problems.append(FieldProblem(f"payees-{at}-yuan", "not_served_then"))
        if any(line.person == other.person for other in order.lines[:at]):
            problems.append(FieldProblem(f"payees-{at}-yuan", "named_twice"))
        if not _is_money(line.yuan):
            problems.append(FieldProblem(f"payees-{at}-yuan", "yuan_wrong"))
        if line.covered not in COVERED:
            problems.append(FieldProblem(f"payees-{at}-covered", "choice_unknown", (("choices", "yes, no"),)))
    if problems:
        raise FactsRefused(tuple(problems))


def _is_money(yuan: Decimal) -> bool:
    """More than nothing, to the fen."""
    return yuan.is_finite() and 0 < yuan <= MOST_YUAN and yuan == yuan.quantize(Decimal("0.01"))
