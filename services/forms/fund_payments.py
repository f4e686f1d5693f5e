"""What is asked about a payment out of the talent funds, held against its rules (OT-5c, OT-7.2, OT-N2, OT-N3, G-11)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_payments import OWN_REWARD, Split, gate_of, split_of
from db.engine.cases import CaseFile
from db.engine.people import Institution, Person
from db.engine.tasks import DecisionRow
from db.talent_contracts import TalentContract
from db.talent_funds import FundPayment
from i18n import N_
from policies.engine.finding import Finding
from policies.engine.words import Words
from services.engine.decisions import Asked, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.entries import Content, check_of, shown_of
from services.forms.fund_sheets import KINDS, SHEETS

ABOUT = Words("本项申请", "This request")


async def _request(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """An amount above nothing; a reward of the employer's own names the title that was gained (OT-N3)."""
    problems = [] if Decimal(content["yuan"]) > 0 else [FieldProblem("yuan", "yuan_wrong")]
    if asked.case.facts["kind"] == OWN_REWARD and not content["title"]:
        problems.append(FieldProblem("title", "missing"))
    return problems


async def _check(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """What the rules ask of a person is answered, or the payment does not pass (G-11, OT-6.2a, OT-N2)."""
    go_on, reason = bool(content["go_on"]), str(content["reason"])
    gate = await gate_of(session, asked.case.facts, asked.pack, go_on=go_on, reason=reason)
    problems = []
    if gate and gate[-1].outcome is None:
        problems.append(FieldProblem("go_on", "payment_asks"))
    elif gate and gate[-1].effect == "block":
        problems.append(FieldProblem("reason", "file_incomplete"))
    if go_on and not reason.strip():
        problems.append(FieldProblem("reason", "missing"))
    split = await _split(session, asked, projects=str(content["projects"]))
    if split.from_funds is None:
        problems.append(FieldProblem("projects", "projects_ask"))
    return problems


async def _paying(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """Finance states exactly what the balance bears; the year has not been settled meanwhile (OT-5c)."""
    year = await session.get_one(CaseFile, asked.case.facts["fund"])
    if year.state == "closed":
        return [FieldProblem("from_funds", "fund_year_over")]
    split = await _split(session, asked, projects=await _projects(session, asked))
    if split.from_funds is None or Decimal(content["from_funds"]) != split.from_funds:
        values = (("from_funds", str(split.from_funds)), ("own_cost", str(split.own_cost)))
        return [FieldProblem("from_funds", "split_differs", values)]
    return [FieldProblem("paid_on", "date_future")] if content["paid_on"] > asked.today.isoformat() else []


async def _split(session: AsyncSession, asked: Asked, *, projects: str) -> Split:
    row = await session.get_one(FundPayment, asked.case.id)
    return await split_of(session, asked.case.id, asked.case.facts, row.yuan, asked.pack, projects=projects)


async def _projects(session: AsyncSession, asked: Asked) -> str:
    check = await session.get(DecisionRow, asked.task.refs["check"])
    return str((check.form or {}).get("projects", "")) if check else ""


def _shown(name: str) -> FormReader:
    """The request with whom it is for, and what the rules find of it now."""
    reader = shown_of(SHEETS, name, "fund_request")

    async def shown(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
        form: dict[str, Any] = {**await reader(session, asked)}
        form["said"] = [await _about(session, asked), *form["said"]]
        form["found"] = [each.as_json() for each in await _found(session, asked, name)]
        return form

    return shown


async def _found(session: AsyncSession, asked: Asked, name: str) -> Sequence[Finding]:
    if name not in ("fund_check", "fund_paying") and asked.task.name != "fund_held":
        return ()
    projects = await _projects(session, asked) if name == "fund_paying" else ""
    split = await _split(session, asked, projects=projects)
    gate = await gate_of(session, asked.case.facts, asked.pack, go_on=False, reason="") if name != "fund_paying" else ()
    return (*gate, *split.findings)


async def _about(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    facts = asked.case.facts
    employer = await session.get_one(Institution, facts["employer"])
    lines = [{"label": N_("用人单位"), "value": employer.name, "named": ""}]
    lines.append({"label": N_("类别"), "value": KINDS[facts["kind"]], "named": KINDS[facts["kind"]]})
    if facts["person"]:
        person = await session.get_one(Person, facts["person"])
        lines.append({"label": N_("专家"), "value": person.name, "named": ""})
    if facts["contract"]:
        number = await session.scalar(select(TalentContract.number).where(TalentContract.case_id == facts["contract"]))
        lines.append({"label": N_("合同书编号"), "value": number or facts["contract"], "named": ""})
    return {"title": ABOUT, "lines": lines, "words": "", "evidence": ""}


FORMS: Mapping[str, FormCheck] = {
    "fund_request": check_of(SHEETS["fund_request"], _request),
    "fund_check": check_of(SHEETS["fund_check"], _check),
    "fund_paying": check_of(SHEETS["fund_paying"], _paying),
    "petition_decision": check_of(SHEETS["petition_decision"]),
}
READERS: Mapping[str, FormReader] = {
    "fund_request": _shown("fund_request"),
    "fund_request_read": _shown(""),
    "fund_check": _shown("fund_check"),
    "fund_paying": _shown("fund_paying"),
    "petition_decision": _shown("petition_decision"),
}
