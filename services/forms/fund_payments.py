"""What is asked about a payment out of the talent funds, held against its rules (OT-5c, OT-7.2, OT-N2, OT-N3, G-11)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.payment_gate import REWARD, gate_of, is_stopped, matters_of
from activities.talent_funds import WAN
from activities.talent_payments import OWN_REWARD, Split, split_of
from activities.talent_teams import team_of
from db.engine.cases import CaseFile
from db.engine.people import Institution, Person
from db.engine.tasks import DecisionRow
from db.talent_contracts import TalentContract
from db.talent_funds import FundPayment
from db.talent_openings import TalentOpening
from i18n import N_
from policies.engine.finding import Finding
from policies.engine.words import Words
from policies.talent.figures import amount
from services.contract_numbers import payment_with_voucher
from services.engine.decisions import Asked, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.entries import Content, check_of, shown_of
from services.forms.fund_sheets import KINDS, SHEETS

ABOUT = Words("本项申请", "This request")
STOPPED = "stopped"


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
    elif gate and gate[-1].outcome == STOPPED:
        problems.append(FieldProblem("go_on", "benefits_stopped"))
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
    if await is_stopped(session, asked.case.facts):
        return [FieldProblem("from_funds", "benefits_stopped")]
    split = await _split(session, asked, projects=await _projects(session, asked))
    if split.from_funds is None or Decimal(content["from_funds"]) != split.from_funds:
        values = (("from_funds", str(split.from_funds)), ("own_cost", str(split.own_cost)))
        return [FieldProblem("from_funds", "split_differs", values)]
    if content["paid_on"] > asked.today.isoformat():
        return [FieldProblem("paid_on", "date_future")]
    known = await payment_with_voucher(session, asked.case.id, content["voucher"])
    return [FieldProblem("voucher", "voucher_used", (("case", known),))] if known else []


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
        return {**form, "matters": await _matters(session, asked)}

    return shown


async def _found(session: AsyncSession, asked: Asked, name: str) -> Sequence[Finding]:
    if name not in ("fund_check", "fund_paying") and asked.task.name != "fund_held":
        return ()
    projects = await _projects(session, asked) if name == "fund_paying" else ""
    split = await _split(session, asked, projects=projects)
    gate = await gate_of(session, asked.case.facts, asked.pack, go_on=False, reason="") if name != "fund_paying" else ()
    return (*gate, *split.findings)


async def _matters(session: AsyncSession, asked: Asked) -> Sequence[Mapping[str, object]]:
    """Which matters about the end of the contract bear on it, since when, by which rule, and what people decided of
    payments in them (G-11, OT-6.3f). Whoever checks or pays reads it; nothing follows from it by itself.
    """
    if asked.case.facts["kind"] != REWARD:
        return ()
    stages = {stage.name: stage.label for stage in asked.pack.stages}
    return [
        {
            "case": one.case,
            "lifecycle": one.lifecycle,
            "rules": one.rules,
            "clauses": [asked.pack.clauses[rule].meaning for rule in one.rules if rule in asked.pack.clauses],
            "since": one.since,
            "stage": stages.get(one.outcome or one.stage, Words(one.stage, one.stage)),
            "decided": [(asked.pack.choices[each.choice].label, each.on) for each in one.decided],
        }
        for one in await matters_of(session, str(asked.case.facts["contract"]))
    ]


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
        lines += await _paid_before(session, str(facts["contract"]))
        lines += await _team(session, str(facts["contract"]))
    return {"title": ABOUT, "lines": lines, "words": "", "evidence": ""}


async def _paid_before(session: AsyncSession, contract: str) -> list[dict[str, str]]:
    """What an imported contract had been paid before (COR-17); where the sheet does not say it, that is said."""
    opening = await session.get(TalentOpening, contract)
    if opening is None:
        return []
    said = N_("导入时未填，请核对后再通过")
    if opening.paid_yuan is None:
        return [{"label": N_("导入前已拨付（元）"), "value": said, "named": said}]
    return [{"label": N_("导入前已拨付（元）"), "value": amount(opening.paid_yuan), "named": ""}]


async def _team(session: AsyncSession, contract: str) -> list[dict[str, str]]:
    """A team with its basis by person: the text counts a team by its leader and says nothing of members (OT-N2)."""
    core = await team_of(session, contract)
    row = await session.get_one(TalentContract, contract)
    if not core:
        return []
    lines = [{"label": N_("团队核心成员"), "value": "、".join(core), "named": ""}]
    if row.fund_yuan is not None:
        lines.append({"label": N_("合同支持资金（万元，团队一份）"), "value": amount(row.fund_yuan / WAN), "named": ""})
        each = amount(Fraction(row.fund_yuan / WAN) / (1 + len(core)))
        lines.append({"label": N_("按人均（万元，含领衔人，仅供参考）"), "value": each, "named": ""})
    return lines


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
