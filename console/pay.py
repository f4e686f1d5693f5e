"""Performance pay: starting a year's total, paying within it, the guarantee pool (DQ-3.4.2a to c, DQ-3.4.3a, b)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from console.decide import Typed, typed_again
from console.faults import status_of, words_of
from console.forms import kept_request, nested, new_request
from console.visit import Fields, Here, Visit, number, text
from policies.engine.refusals import ChoiceUnknown, Refusal
from services.engine.acts import Done
from services.engine.permissions import NotForYou, Right, ensure
from services.field_problems import FactsRefused, FieldProblem, said
from services.months import period_of
from services.pay import STARTS, PayOrder, ensure_reads_pay
from services.pay_hand import Hand
from services.payment_checks import VERDICTS
from services.payments import Inflow, PayLine, PaymentOrder

router = APIRouter()
# What is no number becomes one that no payment may have, and is refused beside its field.
NO_NUMBER = Decimal("NaN")


@router.get("/pay")
async def pay_board(visit: Here, started: str = "") -> Response:
    """Every year that the viewer may see."""
    return await _board(visit, started=started)


@router.post("/pay")
async def start_pay(visit: Here, fields: Fields) -> Response:
    """Start a year's total; a second click finds the case of the first."""
    viewer, group = visit.signed_in(), text(fields, "group")
    ensure(viewer, Right.PAY, [group])
    try:
        pack = await visit.desks.programmes.with_task(STARTS)
        case = await visit.desks.pay.totals.start(PayOrder(pack, group, number(text(fields, "year"))), by=viewer.person)
    except FactsRefused as refusal:
        unclear = [(problem.field, said(problem, visit.language).detail) for problem in refusal.problems]
        return await _board(visit, status=status_of(refusal), problem=words_of(refusal), unclear=unclear)
    return visit.go(f"/pay?{urlencode({'started': case.case_id})}")


@router.get("/pay/{case}")
async def pay_year(case: str, visit: Here, done: str = "", act: str = "") -> Response:
    """One year with its payments and its pool."""
    return await _year(visit, case, Typed(new_request()), done=done, act=act)


@router.post("/pay/{case}/payments")
async def pay(case: str, visit: Here, fields: Fields) -> Response:
    """Pay several people for some months."""
    viewer = await _ensure(visit, case, Right.PAY)
    typed = Typed(kept_request(text(fields, "request")), "pay", text(fields, "words"), nested(fields))
    try:
        order = PaymentOrder(
            period_of(text(fields, "first_month"), text(fields, "last_month")),
            tuple(
                PayLine(str(one.get("person", "")), _yuan(one.get("yuan", "")), str(one.get("covered", "")))
                for one in typed.form.get("payees", [])
            ),
            text(fields, "basis")[:500],
            typed.words[:2000],
        )
        done = await visit.desks.pay.payments.pay(case, order, by=viewer, request=typed.request)
    except Refusal as refusal:
        return await _refused(visit, case, typed, refusal)
    return _done(visit, case, done, act="waiting")


@router.post("/pay/{case}/take-back")
async def take_back(case: str, visit: Here, fields: Fields) -> Response:
    """Take a payment back whole."""
    viewer = await _ensure(visit, case, Right.PAY)
    typed = Typed(kept_request(text(fields, "request")), "take_back", text(fields, "words")[:2000])
    try:
        payment = text(fields, "payment")
        desk = visit.desks.pay.payments
        done = await desk.take_back(case, payment, typed.words, by=viewer, request=typed.request)
    except Refusal as refusal:
        return await _refused(visit, case, typed, refusal)
    return _done(visit, case, done, act="waiting")


@router.post("/pay/{case}/verdicts")
async def settle(case: str, visit: Here, fields: Fields) -> Response:
    """Confirm a payment, send it back, or withdraw one's own; the desk knows who may."""
    viewer = visit.signed_in()
    await visit.desks.pay.years.page(case, viewer)
    payment, verdict = text(fields, "payment"), text(fields, "choice")
    typed = Typed(kept_request(text(fields, "request")), f"settle-{payment}", text(fields, "words")[:2000])
    if verdict not in VERDICTS:
        raise ChoiceUnknown(choice=verdict)
    try:
        hand = Hand(case, viewer.person, typed.request, typed.words)
        done = await visit.desks.pay.checks.settle(hand, payment, verdict)
    except Refusal as refusal:
        return await _refused(visit, case, typed, refusal)
    return _done(visit, case, done, act=verdict)


@router.post("/pay/{case}/inflows")
async def receive(case: str, visit: Here, fields: Fields) -> Response:
    """Record what the guarantee pool received."""
    viewer = await _ensure(visit, case, Right.KEEP_POOL)
    typed = Typed(kept_request(text(fields, "request")), "receive", text(fields, "words"), nested(fields))
    try:
        inflow = Inflow(
            text(fields, "source"),
            text(fields, "institution") or None,
            _day(text(fields, "received_on")),
            _yuan(text(fields, "yuan")),
            typed.words[:2000],
        )
        done = await visit.desks.pay.payments.receive(case, inflow, by=viewer, request=typed.request)
    except Refusal as refusal:
        return await _refused(visit, case, typed, refusal)
    return _done(visit, case, done)


async def _ensure(visit: Visit, case: str, right: Right) -> str:
    """The viewer's id, once the year is theirs to see and the right is theirs at its group."""
    viewer = visit.signed_in()
    page = await visit.desks.pay.years.page(case, viewer)
    if not viewer.may(right, [page.year.group]):
        raise NotForYou(right=right.value)
    return viewer.person


async def _refused(visit: Visit, case: str, typed: Typed, refusal: Refusal) -> Response:
    again = typed_again(visit, typed, refusal)
    blocked = {"name": type(refusal).__name__, **refusal.facts}
    return await _year(visit, case, again, status=status_of(refusal), blocked=blocked)


def _done(visit: Visit, case: str, done: Done, *, act: str = "") -> Response:
    return visit.go(f"/pay/{case}?{urlencode({'done': done.state, 'act': act})}")


async def _board(
    visit: Visit,
    *,
    status: int = 200,
    started: str = "",
    problem: str = "",
    unclear: list[tuple[str, str]] | None = None,
) -> Response:
    ensure_reads_pay(visit.signed_in())
    board = await visit.desks.pay.totals.board(visit.signed_in())
    waits = await visit.desks.pay.checks.waiting_for(visit.signed_in())
    # Only what is on the board is said to be started: an address may be made up.
    known = started if any(each.case == started for each in board.years) else ""
    facts = {"board": board, "started": known, "problem": problem, "unclear": unclear or [], "waits": len(waits)}
    return visit.page("pay.html", status=status, **facts)


async def _year(
    visit: Visit,
    case: str,
    typed: Typed,
    *,
    status: int = 200,
    done: str = "",
    act: str = "",
    blocked: Mapping[str, object] | None = None,
) -> Response:
    shown = await visit.desks.pay.years.page(case, visit.signed_in())
    facts = {"shown": shown, "typed": typed, "done": done, "act": act, "blocked": blocked or {}}
    return visit.page("pay_year.html", status=status, **facts)


def _yuan(written: object) -> Decimal:
    try:
        return Decimal(str(written).replace(",", "").replace(chr(0xFF0C), "").strip())
    except InvalidOperation:
        return NO_NUMBER


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise FactsRefused((FieldProblem("received_on", "date_wrong"),)) from None
