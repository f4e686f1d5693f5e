"""Flexible-talent contracts: the list, the start of one, and all that stands of one (OT-1.2, OT-6.2a, OT-6.3g)."""

from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from console.attendance import faults_of
from console.faults import status_of, words_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, number, text
from i18n import translator
from policies.engine.refusals import Refusal
from services.engine.permissions import Right, ensure
from services.field_problems import FactsRefused, said
from services.imports import Imported
from services.talent_contracts import TalentOrder
from services.talent_opening_rows import words_of_opening
from services.talent_outlook import Supposed
from services.talent_record import SessionLine
from services.talent_sessions import EVENTS, KINDS
from services.talent_trained import TrainedReport
from services.talent_views import ContractRecord

router = APIRouter()
SESSION, CLAIM = ("day", "kind", "units", "words"), ("first_day", "last_day", "kind", "units", "words")
TRAINED = ("name", "day", "words")
WITHIN = Supposed.within
LONGEST_WITHIN = 366
# What a page shows at once; the rest when it is asked for.
SHOWN = 12


@router.get("/talent-contracts")
async def contracts(visit: Here) -> Response:
    """Every contract within the reader's reach, and the sheet that starts one."""
    return await _board(visit)


@router.post("/talent-contracts")
async def start(visit: Here, fields: Fields) -> Response:
    """Begin to recruit an expert; a second click finds the first."""
    viewer = visit.signed_in()
    ensure(viewer, Right.NOMINATE_TALENT)
    typed = {name: text(fields, name) for name in ("employer", "person", "request", "renews")}
    others = tuple(one for one in fields.getlist("with_others") if isinstance(one, str))
    request = kept_request(typed["request"])
    order = TalentOrder(typed["employer"], typed["person"], request, with_others=others, renews=typed["renews"])
    try:
        started = await visit.desks.talent_contracts.start(order, by=viewer.person, viewer=viewer)
    except Refusal as refusal:
        return await _board(visit, typed=typed, refusal=refusal)
    return visit.go(f"/talent-contracts/{started.case_id}?done=started")


@router.get("/talent-contracts/{case}")
async def contract(case: str, visit: Here, done: str = "") -> Response:
    """One contract; `session` in the address fills the form with one that is to be corrected."""
    return await shown(visit, case, done=done)


@router.post("/talent-contracts/{case}/head")
async def name_head(case: str, visit: Here, fields: Fields) -> Response:
    """Name the head of the department who keeps the sessions."""
    viewer = visit.signed_in()
    try:
        await visit.desks.talent_hosts.name(case, text(fields, "head"), viewer=viewer)
    except FactsRefused as refusal:
        return await shown(visit, case, form="head", refusal=refusal)
    return visit.go(gone_to(case, "head_named", "head"))


@router.post("/talent-contracts/{case}/trained")
async def report_trained(case: str, visit: Here, fields: Fields) -> Response:
    """Report a local physician as trained; the employer's leader is asked."""
    viewer = visit.signed_in()
    try:
        day = date.fromisoformat(text(fields, "day"))
    except ValueError:
        day = date.min
    report = TrainedReport(case, text(fields, "name"), day, text(fields, "words"))
    try:
        await visit.desks.talent_trained.report(report, viewer=viewer, request=kept_request(text(fields, "request")))
    except FactsRefused as refusal:
        return await shown(visit, case, form="trained", fields=fields, refusal=refusal)
    return visit.go(gone_to(case, "trained", "trained"))


async def _board(visit: Visit, *, typed: dict[str, str] | None = None, refusal: Refusal | None = None) -> Response:
    board = await visit.desks.talent_views.board(visit.signed_in())
    return visit.page(
        "talent_contracts.html",
        status=status_of(refusal) if refusal else 200,
        board=board,
        typed=typed or {},
        problems=problems_of(visit, refusal) if refusal else {},
        request_id=new_request(),
    )


async def shown(
    visit: Visit,
    case: str,
    *,
    done: str = "",
    form: str = "",
    fields: Fields | None = None,
    refusal: Refusal | None = None,
    found: Imported | None = None,
    fault: str = "",
) -> Response:
    """The page of a contract, with what was typed into one of its forms and what is wrong with it."""
    asked = visit.request.query_params
    supposed, unclear = _supposed(asked.get("most", ""), asked.get("within", ""))
    record = await visit.desks.talent_views.contract(case, visit.signed_in(), supposed)
    key = text(fields, "key") if fields else asked.get("session", "")
    corrected = next((one for one in record.sessions if one.key == key), None)
    return visit.page(
        "talent_contract.html",
        status=status_of(refusal) if refusal else 200,
        found=found,
        faults=faults_of(visit, found) if found else [],
        fault=fault,
        record=record,
        was_words=words_of_opening(record.opening) if record.opening else {},
        sessions=record.sessions if asked.get("all") else record.sessions[:SHOWN],
        corrected=corrected,
        typed=_typed(form, fields, corrected),
        claimed=_kept(CLAIM, fields if form == "claim" else None),
        reported=_kept(TRAINED, fields if form == "trained" else None),
        form=form,
        problems=problems_of(visit, refusal) if refusal else {},
        done=done,
        unclear=unclear,
        wished={name: asked.get(name, "") for name in ("most", "within")},
        kinds=KINDS,
        events=EVENTS,
        request_id=new_request(),
    )


def _supposed(most: str, within: str) -> tuple[Supposed, bool]:
    """What the reader supposes can be delivered, and whether it cannot be read; nothing is ever supposed for them."""
    if not most.strip():
        return Supposed(), False
    try:
        units = Decimal(most.strip())
    except InvalidOperation:
        return Supposed(), True
    days = number(within) if within.strip() else WITHIN
    fits = units.is_finite() and units >= 0 and 0 < days <= LONGEST_WITHIN
    return (Supposed(units, days), False) if fits else (Supposed(), True)


def _typed(form: str, fields: Fields | None, corrected: SessionLine | None) -> dict[str, str]:
    if fields is not None and form == "session":
        return _kept(SESSION, fields)
    if corrected is None:
        return _kept(SESSION, None)
    return {"day": corrected.day.isoformat(), "kind": corrected.kind, "units": f"{corrected.units:f}", "words": ""}


def _kept(names: tuple[str, ...], fields: Fields | None) -> dict[str, str]:
    return {name: text(fields, name) if fields is not None else "" for name in names}


def problems_of(visit: Visit, refusal: Refusal) -> dict[str, str]:
    """What is wrong, by field; "form" for what belongs to none."""
    if isinstance(refusal, FactsRefused):
        return {one.field: " ".join(vars(said(one, visit.language)).values()) for one in refusal.problems}
    return {"form": translator(visit.language).gettext(words_of(refusal))}


def gone_to(case: str, done: str, part: str) -> str:
    """The address of a contract's page after something was recorded, at the part that shows it."""
    return f"/talent-contracts/{case}?{urlencode({'done': done})}#{part}"


__all__ = ["ContractRecord", "gone_to", "problems_of", "router", "shown"]
