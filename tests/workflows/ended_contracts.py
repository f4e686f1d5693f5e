"""Contracts whose matters end in each way that there is; shared by the recorder of histories."""

from activities.contract_ends import Ground, termination_case
from db.engine.cases import CaseFile
from db.engine.opening import open_case
from db.engine.pack_files import read_pack
from policies.engine.pack import Pack
from tests.builders.banner import SECOND_EMPLOYER, settle_banner, settle_contract, settle_figure
from tests.conftest import PACKS
from tests.workflows.contract_ends import applied, confirmed, outcome_of, reviewed, today
from tests.workflows.office import Office


async def live_through_terminations(office: Office, _pack: Pack) -> None:
    """One termination for each end state; the contracts beside them have no workflow of their own."""
    talent = read_pack(PACKS / "ot-a.toml")
    await settle_banner(office.record)
    await office.tell_time()
    lives = (_terminated, _no_ground, _not_found, _cured, _refused, _recorded, _lost)
    for serial, live in enumerate(lives, start=1):
        contract = await settle_contract(office.record, talent, serial=serial, signatories=SECOND_EMPLOYER)
        await settle_figure(office.record, contract, 1, as_of=today(office), worked="349.5")
        await live(office, contract)


async def opened(office: Office, contract: str, ground: str = "g", question: str = "") -> str:
    """A termination as a contract opens it."""
    await office.tell_time()
    day = today(office)
    talent = read_pack(PACKS / "ot-a.toml")
    async with office.record.begin() as session:
        row = await session.get_one(CaseFile, contract)
        found = Ground(ground, day, as_of=day.isoformat(), figure="1", question=question)
        new = await termination_case(session, row, found, pack=talent, today=day)
        case, _ = await open_case(session, new, at=office.clock.now())
    await office.delivery.start(case)
    return case


async def _terminated(office: Office, contract: str) -> None:
    """With everything on the way: silence past the three months, a return, a late application."""
    case = await opened(office, contract)
    await office.answer("hold_payments", "o-h1-leader", "hold_payments", case=case)
    await confirmed(office, case)
    await office.answer("expert_recommendation", "o-expert", "recommend_termination", case=case)
    await office.days_pass(100)
    await applied(office, case)
    await reviewed(office, case, "return_application")
    await office.answer("termination_revision", "o-h1-leader", "apply_again", "已补充", case=case)
    await reviewed(office, case, "consent_termination")
    await outcome_of(office, case)


async def _no_ground(office: Office, contract: str) -> None:
    case = await opened(office, contract)
    await office.answer("confirm_ground", "o-h1-hr", "no_ground", "漏记出诊", case=case)
    await outcome_of(office, case)


async def _not_found(office: Office, contract: str) -> None:
    case = await opened(office, contract, question="force_majeure")
    await confirmed(office, case)
    await office.answer("force_majeure_ground", "o-officer", "ground_not_found", "予以扣除", case=case)
    await outcome_of(office, case)


async def _cured(office: Office, contract: str) -> None:
    case = await opened(office, contract)
    await confirmed(office, case)
    await office.notify(case, "figure_changed", number="2", outcome="no_ground")
    await office.answer("cured_question", "o-h1-leader", "withdraw_matter", "补登后达到约定", case=case)
    for person in ("o-officer", "o-leader"):
        await office.answer("cured_review", person, "agree_cured", case=case)
    await outcome_of(office, case)


async def _refused(office: Office, contract: str) -> None:
    case = await opened(office, contract, "h")
    await confirmed(office, case)
    await applied(office, case)
    await reviewed(office, case, "refuse_termination")
    await outcome_of(office, case)


async def _recorded(office: Office, contract: str) -> None:
    case = await opened(office, contract, "j", "after_expiry")
    await confirmed(office, case)
    await office.answer("expired_ground", "o-officer", "record_only", "合同已期满", case=case)
    await outcome_of(office, case)


async def _lost(office: Office, contract: str) -> None:
    case = await opened(office, contract)
    await confirmed(office, case)
    await office.open_task("termination_application", "o-h1-leader", case=case)
    await office.days_pass(1)
    await office.notify(case, "contract_over", outcome="rescinded")
    await outcome_of(office, case)
