"""The pay total that a group submits (F-22): headcounts and pay per head of each sending institution (DQ-3.4.2b)."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, cast

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.pay import total_facts, virtual_facts
from db.engine.people import Institution
from db.engine.tasks import DecisionRow, TaskRow
from db.pay import WAITING, approved_total, payments_of
from policies.engine.calendar import CHINA
from policies.engine.refusals import Refusal
from policies.pay import pay_total, to_the_fen, virtual_institution
from services.engine.decisions import Answer, Asked, Form
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.methods import returns
from services.forms.parsing import Fields, ensure, parsed
from services.headcounts import MONTHS, headcounts
from services.opening_checks import SIDES
from services.pay_rows import rows_of

SUBMIT, SETTLE = "submit_total", "settle_pay_year"
SENDING_KINDS = tuple(kind for sides in SIDES.values() for kind in sides.sending)
MOST_HEADS, MOST_YUAN = Decimal(9999), Decimal(10_000_000)
LONGEST = 2000


class PaymentsWait(Refusal):
    """Payments of this year wait for their second person; it cannot be settled yet."""


class SenderForm(Fields):
    """One sending institution: twelve monthly averages, January first, and its pay per head in yuan."""

    institution: str = Field(min_length=1)
    months: tuple[Decimal, ...]
    half_release: int = Field(default=0, ge=0, le=9999)
    per_capita: Decimal
    basis: Literal["final", "provisional"]


class TotalForm(Fields):
    """The total as it goes to the four bureaus; it is computed from this, never typed."""

    senders: tuple[SenderForm, ...] = Field(min_length=1)
    notes: str = Field(default="", max_length=LONGEST)


async def total(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Every month of every sender, nothing guessed: a month or a pay per head that is not known is asked for."""
    if answer.choice != SUBMIT:
        return Form()
    given = [_months_gathered(one) for one in answer.form.get("senders", []) if isinstance(one, Mapping)]
    ensure(_blanks(given))
    form = parsed(TotalForm, {**answer.form, "senders": given})
    ensure([*_out_of_range(form), *await _unknown(session, form)])
    return Form(form.model_dump(mode="json"))


def _months_gathered(sender: Mapping[str, Any]) -> dict[str, Any]:
    """A page sends m1 to m12; a program sends the list."""
    names = {f"m{month}" for month in MONTHS}
    rest = {name: value for name, value in sender.items() if name not in names}
    if "months" not in rest:
        rest["months"] = [str(sender.get(f"m{month}", "")).strip() for month in MONTHS]
    if not str(rest.get("half_release", "")).strip():
        rest["half_release"] = 0
    return rest


def _blanks(senders: list[dict[str, Any]]) -> list[FieldProblem]:
    """An empty field is no zero (DEF-08)."""
    problems = []
    for at, one in enumerate(senders):
        months = list(one["months"])
        if len(months) != len(MONTHS):
            problems.append(FieldProblem(f"senders-{at}-months", "months_missing"))
        problems += [
            FieldProblem(f"senders-{at}-m{month}", "missing")
            for month, each in enumerate(months, start=1)
            if str(each).strip() == ""
        ]
        problems += [
            FieldProblem(f"senders-{at}-{name}", "missing")
            for name in ("per_capita", "basis")
            if not str(one.get(name, "")).strip()
        ]
    return problems


def _out_of_range(form: TotalForm) -> list[FieldProblem]:
    """Numbers of people and yuan that can be: not negative, with no more decimals than are written in an office."""
    problems = []
    for at, one in enumerate(form.senders):
        problems += [
            FieldProblem(f"senders-{at}-m{month}", "headcount_wrong")
            for month, heads in enumerate(one.months, start=1)
            if not _fits(heads, MOST_HEADS)
        ]
        if not _fits(one.per_capita, MOST_YUAN) or not one.per_capita:
            problems.append(FieldProblem(f"senders-{at}-per_capita", "yuan_wrong"))
    return problems


def _fits(number: Decimal, most: Decimal) -> bool:
    return number.is_finite() and 0 <= number <= most and number == number.quantize(Decimal("0.01"))


async def _unknown(session: AsyncSession, form: TotalForm) -> list[FieldProblem]:
    """Hospitals and township institutions that are registered, each once."""
    query = select(Institution.code).where(Institution.kind.in_(SENDING_KINDS))
    known, codes = set(await session.scalars(query)), [one.institution for one in form.senders]
    problems = [
        FieldProblem(f"senders-{at}-institution", "institution_unknown")
        for at, code in enumerate(codes)
        if code not in known
    ]
    twice = [at for at, code in enumerate(codes) if code in codes[:at]]
    return problems + [FieldProblem(f"senders-{at}-institution", "named_twice") for at in twice]


async def draft_content(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """senders: what to begin with, from the last submission or from the terms in service, with the working."""
    facts, year = asked.case.facts, int(asked.case.facts["year"])
    task = await session.get_one(TaskRow, asked.task.id)
    today = task.opened_at.astimezone(CHINA).date()
    counted = await headcounts(session, asked.pack, group=facts["group"], year=year, today=today)
    last = await _last(session, asked.case.id)
    before = {one["institution"]: one for one in last.form["senders"]} if last else {}
    query = select(Institution).where(Institution.kind.in_(SENDING_KINDS)).order_by(Institution.kind, Institution.code)
    places = [one for one in await session.scalars(query) if one.parent == facts["group"] or one.code in counted]
    return {
        "year": year,
        "as_of": today,
        "places": [{"code": one.code, "name": one.name} for one in places],
        "counted": counted,
        "before": before,
        "notes": last.form.get("notes", "") if last else "",
        "returned": await returns(session, asked.case.id),
        "virtual": virtual_institution(await virtual_facts(session, asked.case.id), asked.pack),
    }


async def approval_content(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """What the bureaus are asked about: the figures with their working, what the bureau has said, what is paid."""
    last = await _last(session, asked.case.id)
    if last is None:
        return {}
    facts = total_facts(last.form, year=int(asked.case.facts["year"]), on=last.decided_on)
    query = select(Institution.code, Institution.name)
    stands = await approved_total(session, asked.case.id)
    return {
        "year": asked.case.facts["year"],
        "submission": asked.task.refs["submission"],
        "rows": rows_of(facts, {row.code: row.name for row in await session.execute(query)}, asked.pack),
        "finding": (found := pay_total(facts, asked.pack)),
        "total": to_the_fen(cast("Fraction", found.figures["total_yuan"])),
        "virtual": virtual_institution(await virtual_facts(session, asked.case.id), asked.pack),
        "notes": last.form.get("notes", ""),
        "stands": stands.yuan if stands else None,
        "paid": (await payments_of(session, asked.case.id)).paid,
        "returned": await returns(session, asked.case.id),
    }


async def _last(session: AsyncSession, case_id: str) -> DecisionRow | None:
    """The submission that the group made last."""
    query = select(DecisionRow).where(DecisionRow.case_id == case_id, DecisionRow.choice == SUBMIT)
    found: DecisionRow | None = await session.scalar(query.order_by(DecisionRow.decided_at.desc()).limit(1))
    return found


async def distribution(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """A year in which a payment waits is not settled: somebody confirms it or sends it back first (DEF-12)."""
    if answer.choice == SETTLE:
        waiting = [one for one in (await payments_of(session, asked.case.id)).all if one.standing == WAITING]
        if waiting:
            raise PaymentsWait(number=str(len(waiting)))
    return Form()


async def distribution_content(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """What stands, what is paid of it and what waits; payments have a page of their own."""
    stands, payments = await approved_total(session, asked.case.id), await payments_of(session, asked.case.id)
    yuan = stands.yuan if stands else None
    return {
        "year": asked.case.facts["year"],
        "stands": yuan,
        "paid": payments.paid,
        "waiting": payments.waiting,
        "waits": sum(1 for one in payments.all if one.standing == WAITING),
        "left": yuan - payments.reserved if yuan is not None else None,
    }


FORMS = {"pay_total": total, "pay_distribution": distribution}
READERS: Mapping[str, FormReader] = {
    "pay_total": draft_content,
    "pay_total_approval": approval_content,
    "pay_distribution": distribution_content,
}
