"""What a flexible-talent contract writes: its rows and its days (OT-4a, OT-6.2)."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from activities.engine import lines
from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from activities.talent_facts import BEFORE_SIGNATURE, gates_stated, since_import
from db.talent_contracts import (
    ANSWER,
    CONTRACT,
    EXCUSE,
    TRAINED,
    TalentAnswer,
    TalentContract,
    TalentExcuse,
    TalentPeriod,
    TalentTrained,
)
from policies.talent.contracts import Signature, SignedFacts, contract_is_signed
from policies.talent.quarters import checkpoints, midterm_day, quarters

LIFECYCLE = "TalentContract"
CONTRACT_TASKS = (
    "talent_need",
    "talent_need_approval",
    "talent_nomination",
    "talent_submission",
    "qualification_review",
    "preliminary_selection",
    "comprehensive_evaluation",
    "talent_filing",
    "contract_draft",
    "contract_term_question",
    "contract_by_expert",
    "contract_by_employer",
    "contract_paper",
    "home_unit_consent",
    "practice_authority",
    "talent_check_in",
    "settle_excuse",
    "short_term_ground",
    "before_signature",
    "midterm_assessment",
    "confirm_trained",
    "acceptance_report",
    "acceptance_conclusion",
    "acceptance_consent",
    "talent_next_year",
    "end_report",
    "end_filing",
    "assessment_plan",
    "assessment_basis",
    "assessment_stub",
)


async def record_nomination(scene: Scene, refs: Mapping[str, str]) -> str:
    """The nomination as it goes to the commission; a corrected one takes its place."""
    facts, form = scene.case.facts, await scene.form_of(refs["nomination"])
    row = await scene.session.get(TalentContract, scene.case.id)
    if row is None:
        row = TalentContract(
            case_id=scene.case.id, employer=facts["employer"], commission=facts["commission"], person=facts["person"]
        )
        row.number, row.unit, row.state = "", "", "nominated"
        scene.session.add(row)
    row.department = str(form.get("department", ""))
    return ""


async def file_talent(scene: Scene, refs: Mapping[str, str]) -> str:
    """The commission has filed: one person, one file from this day on (OT-6.2a)."""
    row = await scene.session.get_one(TalentContract, scene.case.id)
    row.state, row.settled_by = "filed", refs["request"]
    row.filed_on = await lines.day_of_answer(scene, refs["request"])
    scene.name_row(CONTRACT, CONTRACT.content_of(row))
    return ""


async def sign_contract(scene: Scene, refs: Mapping[str, str]) -> str:
    """The contract as drafted, with number and day of the signed paper; answers its last day, and "before_signature"
    where the term began before the paper was signed.
    """
    draft, paper = await scene.form_of(refs["draft"]), await scene.form_of(refs["paper"])
    row = await scene.session.get_one(TalentContract, scene.case.id)
    row.first_day, row.last_day = date.fromisoformat(draft["first_day"]), date.fromisoformat(draft["last_day"])
    row.unit, row.agreed = draft["unit"], _hundredth(draft["agreed"])
    row.fund_yuan = _hundredth(draft["fund_yuan"])
    row.number, row.signed_on = paper["number"], date.fromisoformat(paper["signed_on"])
    row.state, row.settled_by = "signed", refs["paper"]
    for one in draft["periods"]:
        first_day, last_day = date.fromisoformat(one["first_day"]), date.fromisoformat(one["last_day"])
        period = {"case_id": scene.case.id, "first_day": first_day, "last_day": last_day}
        scene.session.add(TalentPeriod(**period, agreed=_hundredth(one["agreed"])))
    finding = contract_is_signed(_signature_of(row, paper), scene.pack)
    keep_finding(scene, finding, person=row.person)
    scene.name_row(CONTRACT, CONTRACT.content_of(row))
    return " ".join([row.last_day.isoformat(), *([BEFORE_SIGNATURE] if finding.effect == "ask" else [])])


def _signature_of(row: TalentContract, paper: Mapping[str, Any], *, settled: bool = False) -> SignedFacts:
    return SignedFacts(
        row.number,
        row.signed_on,
        row.first_day,
        scan=bool(paper.get("attachment")),
        signatures=(Signature("employer", signed=True), Signature("expert", signed=True)),
        duties_acknowledged=bool(paper.get("acknowledged")),
        before_settled=settled,
    )


async def settle_signature(scene: Scene, refs: Mapping[str, str]) -> str:
    """What the commission has said of the time before the signature; every later judgement uses it (OT-2.1d)."""
    row = {
        "case_id": scene.case.id,
        "question": BEFORE_SIGNATURE,
        "answer": "counted" if refs["outcome"] == "count_before" else "left_out",
        "settled_by": refs["request"],
        "settled_on": await lines.day_of_answer(scene, refs["request"]),
    }
    scene.session.add(TalentAnswer(**row))
    contract = await scene.session.get_one(TalentContract, scene.case.id)
    if contract.settled_by:
        paper = await scene.form_of(contract.settled_by)
        keep_finding(
            scene, contract_is_signed(_signature_of(contract, paper, settled=True), scene.pack), person=contract.person
        )
    scene.name_row(ANSWER, row)
    return ""


async def plan_midterm(scene: Scene, refs: Mapping[str, str]) -> str:
    """The local day on which half of the term lies behind: when a mid-term assessment is asked for (OT-6.3j, PD).

    "" where that was before the day up to which an imported contract was stated (COR-17).
    """
    row = await scene.session.get_one(TalentContract, scene.case.id)
    day = midterm_day(cast("date", row.first_day), cast("date", row.last_day))
    return day.isoformat() if await since_import(scene.session, scene.case.id, [day]) else ""


async def open_clinical_work(scene: Scene, refs: Mapping[str, str]) -> str:
    """Both gates are passed: sessions with patients may be from the local day on which both papers hold (COR-08).

    The refs are the requests of consent and authority. It is the day of the papers, not that of the click.
    """
    forms = [await scene.form_of(refs[name]) if refs[name] else {} for name in ("consent", "authority")]
    days = [form[name] for form, name in zip(forms, ("consented_on", "valid_from"), strict=True) if form.get(name)]
    days += await gates_stated(scene.session, scene.case.id)
    row = await scene.session.get_one(TalentContract, scene.case.id)
    row.no_clinic_before = max(date.fromisoformat(day) for day in days)
    return row.no_clinic_before.isoformat()


async def drop_nomination(scene: Scene, refs: Mapping[str, str]) -> str:
    """A nomination that came to no contract is no project of the expert any more (OT-N2)."""
    row = await scene.session.get(TalentContract, scene.case.id)
    if row:
        row.state = "ended"
        scene.name_row(CONTRACT, CONTRACT.content_of(row))
    return ""


async def plan_quarters(scene: Scene, refs: Mapping[str, str]) -> str:
    """The last days of the quarters that are summed up, a short first one merged with the next (OT-6.1c).

    None that had ended by the day up to which an imported contract was stated (COR-17).
    """
    row = await scene.session.get_one(TalentContract, scene.case.id)
    first_day, last_day = cast("date", row.first_day), cast("date", row.last_day)
    ends = [each.last_day for each in quarters(first_day, last_day, scene.pack)]
    return " ".join(day.isoformat() for day in await since_import(scene.session, scene.case.id, ends))


async def plan_checkpoints(scene: Scene, refs: Mapping[str, str]) -> str:
    """The days whose working time is judged, each with the local day on which that is done: "day/judged on" (G-2).

    Quarter ends, year ends and the last day are judged on the day after. Of what had passed before the contract was
    recorded nobody could deliver anything yet: the employer first has as long as for a check-in (PD).
    """
    row = await scene.session.get_one(TalentContract, scene.case.id)
    first_day, last_day = cast("date", row.first_day), cast("date", row.last_day)
    today = scene.calendar.local_day(scene.at)
    grace = scene.calendar.shift(today, scene.pack.parameters["check_in_days"].whole)
    points = [each.day for each in checkpoints(first_day, last_day, scene.pack)]
    days = await since_import(scene.session, scene.case.id, points)
    return " ".join(f"{day}/{grace if day < today else day + timedelta(days=1)}" for day in days)


async def acceptance_reminder(scene: Scene, refs: Mapping[str, str]) -> str:
    """The local day on which the coming end is announced."""
    row = await scene.session.get_one(TalentContract, scene.case.id)
    ahead = scene.pack.parameters["acceptance_reminder_days"].whole
    return scene.calendar.shift(cast("date", row.last_day), -ahead).isoformat()


def _hundredth(written: str) -> Decimal:
    """As the record keeps it; the form has let no finer part through."""
    return Decimal(written).quantize(Decimal("0.01"))


async def settle_excuse(scene: Scene, refs: Mapping[str, str]) -> str:
    """What the commission has said of one claim of force majeure (G-13)."""
    row = await scene.session.get_one(TalentExcuse, refs["excuse"])
    row.state = "confirmed" if refs["outcome"] == "confirm_excuse" else "dismissed"
    row.settled_by = refs["request"]
    scene.name_row(EXCUSE, EXCUSE.content_of(row))
    return row.state


async def settle_trained(scene: Scene, refs: Mapping[str, str]) -> str:
    """What the employer's leader has said of one physician who is reported as trained (OT-1.3a)."""
    row = await scene.session.get_one(TalentTrained, refs["trained"])
    row.state = "confirmed" if refs["outcome"] == "confirm_trained" else "dismissed"
    row.settled_by = refs["request"]
    scene.name_row(TRAINED, TRAINED.content_of(row))
    return row.state


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one
    for one in (
        record_nomination,
        file_talent,
        sign_contract,
        settle_signature,
        plan_midterm,
        open_clinical_work,
        drop_nomination,
        plan_quarters,
        plan_checkpoints,
        acceptance_reminder,
        settle_excuse,
        settle_trained,
    )
}
