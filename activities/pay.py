"""What a pay total writes: that it is approved, and what was paid and received within it (DQ-3.4.2a to c, 3.4.3a)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from activities.cycle import day_of
from activities.engine import lines
from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from activities.pay_confirmers import confirmers
from db.engine.opening import NewCase
from db.engine.tasks import TaskRow
from db.pay import (
    APPROVED_TOTAL,
    CONFIRMED,
    IN_FILE,
    INFLOW,
    KEPT,
    LIFECYCLE,
    PAYMENT,
    PAYMENT_VERDICT,
    WITHDRAWN,
    ApprovedTotal,
    Payment,
    PaymentVerdict,
    PoolInflow,
    alone,
)
from policies.engine.pack import Pack
from policies.four_bureaus import FOUR_BUREAUS
from policies.pay import Leave, Per, Sender, TotalFacts, VirtualFacts, pay_total, to_the_fen, virtual_institution

PAY_TASKS = (
    "pay_virtual_scope",
    "pay_heads_leave",
    "pay_total_draft",
    "pay_total_revision",
    "pay_total_approval_health",
    "pay_total_approval",
    "pay_distribution",
)
MONTHS = range(1, 13)
_PER: Mapping[str, Per] = {"per_group": "group", "per_county": "county"}
_LEAVE: Mapping[str, Leave] = {"heads_leave": "yes", "heads_stay": "no"}


def pay_case_id(pack: str, group: str, year: int) -> str:
    """The case of a group's pay total of one year."""
    return f"pay.{pack}.{group}.{year}"


def pay_case(pack: Pack, group: str, bureaus: Mapping[str, str], year: int, *, by: str) -> NewCase:
    """One case for each group and year; it carries the day of settlement (DEF-20)."""
    return NewCase(
        id=pay_case_id(pack.id, group, year),
        lifecycle=LIFECYCLE,
        pack=pack,
        tasks=PAY_TASKS,
        facts={
            "group": group,
            "year": str(year),
            "settles_on": day_of(year + 1, pack, "pay_year_settles").isoformat(),
            **bureaus,
        },
        institution=group,
        started_by=by,
    )


def total_facts(form: Mapping[str, Any], *, year: int, on: date) -> TotalFacts:
    """The figures of a submission as the rule takes them. on: the local day on which they were submitted; a month that
    had not ended by then is an estimate.
    """
    open_months = sum(1 for month in MONTHS if _next_month(year, month) > on)
    return TotalFacts(
        tuple(
            Sender(
                one["institution"],
                None,
                Decimal(one["per_capita"]),
                per_capita_is_final=one["basis"] == "final",
                months_estimated=open_months,
                half_release=int(one["half_release"]),
                months=tuple(Decimal(each) for each in one["months"]),
            )
            for one in form["senders"]
        )
    )


async def virtual_facts(session: AsyncSession, case_id: str) -> VirtualFacts:
    """What the bureau has said of the virtual institution, as far as it has."""
    query = select(TaskRow.outcome).where(TaskRow.case_id == case_id, TaskRow.name.in_(PAY_TASKS[:2]))
    said = set(await session.scalars(query))
    per = next((_PER[one] for one in said if one in _PER), None)
    return VirtualFacts(per, next((_LEAVE[one] for one in said if one in _LEAVE), None))


async def approve_total(scene: Scene, refs: Mapping[str, str]) -> str:
    """All four have agreed: the total stands from the day on which the last of them decided."""
    form, year = await scene.form_of(refs["draft"]), int(scene.case.facts["year"])
    submitted_on = await lines.day_of_answer(scene, refs["draft"])
    found = pay_total(total_facts(form, year=year, on=submitted_on), scene.pack)
    keep_finding(scene, found)
    keep_finding(scene, virtual_institution(await virtual_facts(scene.session, scene.case.id), scene.pack))
    approved_on = max([await lines.day_of_answer(scene, refs[bureau.place]) for bureau in FOUR_BUREAUS])
    row = {
        "case_id": scene.case.id,
        "submission": int(refs["submission"]),
        "group": scene.case.facts["group"],
        "year": year,
        "yuan": to_the_fen(cast("Fraction", found.figures["total_yuan"])),
        "provisional": found.outcome == "provisional",
        "draft": refs["draft"],
        "approved_on": approved_on,
        "at": scene.at,
    }
    scene.session.add(ApprovedTotal(**row))
    scene.name_row(APPROVED_TOTAL, row)
    return ""


async def enter_payments(scene: Scene, refs: Mapping[str, str]) -> str:
    """Name in the file whatever was paid, confirmed or received since: no payment falls between the file and the end
    of the year, because whoever pays waits for this transition or is waited for.
    """
    await scene.alone_with(alone(scene.case.id))
    new, session = (scene.case.id, KEPT), scene.session
    paid = select(Payment).where(tuple_(Payment.case_id, Payment.state) == new).order_by(Payment.id)
    entered = list(await session.scalars(paid))
    for payment in entered:
        payment.state = IN_FILE
        scene.name_row(PAYMENT, PAYMENT.content_of(payment))
    given = select(PaymentVerdict).where(tuple_(PaymentVerdict.case_id, PaymentVerdict.state) == new)
    verdicts = list(await session.scalars(given.order_by(PaymentVerdict.payment)))
    for verdict in verdicts:
        verdict.state = IN_FILE
        scene.name_row(PAYMENT_VERDICT, PAYMENT_VERDICT.content_of(verdict))
    received = select(PoolInflow).where(tuple_(PoolInflow.case_id, PoolInflow.state) == new)
    for inflow in await session.scalars(received.order_by(PoolInflow.id)):
        inflow.state = IN_FILE
        scene.name_row(INFLOW, INFLOW.content_of(inflow))
    await _tell_confirmers(scene, [one for one in entered if await session.get(PaymentVerdict, one.id) is None])
    await _tell_recorders(scene, verdicts)
    return ""


async def _tell_confirmers(scene: Scene, waiting: Sequence[Payment]) -> None:
    """One letter for each second person, however many payments wait."""
    today, group = scene.calendar.local_day(scene.at), scene.case.facts["group"]
    found = [await confirmers(scene.connection, payment, group, on=today) for payment in waiting]
    for person in sorted({person for people in found for person in people}):
        scene.tell("payment_waits", person=person)


async def _tell_recorders(scene: Scene, verdicts: Sequence[PaymentVerdict]) -> None:
    """Who recorded a payment learns what the second person said."""
    told = set()
    for given in verdicts:
        if given.verdict != WITHDRAWN:
            payment = await scene.session.get_one(Payment, given.payment)
            told.add((given.verdict, payment.recorded_by))
    for verdict, person in sorted(told):
        if verdict == CONFIRMED:
            scene.tell("payment_confirmed", person=person)
        else:
            scene.tell("payment_sent_back", person=person)


def _next_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (approve_total, enter_payments)}
