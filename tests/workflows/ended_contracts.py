"""Contracts whose matters end in each way that there is; shared by the recorder of histories."""

from activities.contract_ends import RESCISSION, TERMINATION, Matter, matter_case
from db.engine.cases import CaseFile
from db.engine.opening import open_case
from db.engine.pack_files import read_pack
from policies.engine.pack import Pack
from services.end_wishes import CauseWish, StopWish
from tests.builders.banner import SECOND_EMPLOYER, settle_banner, settle_contract, settle_figure
from tests.conftest import PACKS
from tests.workflows.contract_ends import applied, confirmed, decided, outcome_of, raised_by, reviewed, today, verified
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
    found = Matter(TERMINATION, ground, learned_on=day, as_of=day.isoformat(), figure="1", question=question)
    return await _written(office, contract, found)


async def _written(office: Office, contract: str, matter: Matter) -> str:
    talent = read_pack(PACKS / "ot-a.toml")
    async with office.record.begin() as session:
        row = await session.get_one(CaseFile, contract)
        new = await matter_case(session, row, matter, pack=talent, today=today(office))
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


async def live_through_rescissions(office: Office, _pack: Pack) -> None:
    """One rescission, and one report that a contract cannot go on, for each end state."""
    talent = read_pack(PACKS / "ot-a.toml")
    await settle_banner(office.record)
    await office.tell_time()
    lives = (_rescinded, _not_established, _not_rescinded, _not_pursued, _rescission_lost)
    for serial, live in enumerate((*lives, _cannot_continue, _can_continue, _report_lost), start=1):
        await live(office, await settle_contract(office.record, talent, serial=serial))


async def _rescinded(office: Office, contract: str) -> None:
    case = await raised_by(office, contract, "o-h1-hr", CauseWish("c", "病历造假"))
    await office.answer("hold_payments", "o-h1-leader", "go_on_paying", "尚无待付", case=case)
    await verified(office, case)
    await office.days_pass(9)
    await decided(office, case, "rescind")
    await office.answer("ended_report", "o-h1-hr", "report_end", case=case)
    await office.answer("ended_filing", "o-officer", "return", "补交决定", case=case)
    await office.notify(case, "contract_over", outcome="rescinded")
    await office.answer("stop_benefits", "o-h1-hr", "benefits_stopped", "停发津贴", case=case)
    await office.answer("pursue_liability", "o-h1-leader", "no_liability", "情节轻微", case=case)
    await office.answer("ended_report", "o-h1-hr", "report_end", case=case)
    await office.answer("ended_filing", "o-officer", "file_end", case=case)
    await outcome_of(office, case)


async def _not_established(office: Office, contract: str) -> None:
    case = await raised_by(office, contract, "o-h1-leader", CauseWish("a", "到岗少"))
    await office.answer("verify_cause", "o-h1-hr", "cause_not_established", "查无实据", case=case)
    await outcome_of(office, case)


async def _not_rescinded(office: Office, contract: str) -> None:
    case = await raised_by(office, contract, "o-h1-hr", CauseWish("b", "任务未完成"))
    await verified(office, case)
    await office.answer("expert_reply", "o-expert", "give_reply", "已完成大部分", case=case)
    await decided(office, case, "do_not_rescind")
    await outcome_of(office, case)


async def _not_pursued(office: Office, contract: str) -> None:
    case = await _written(office, contract, Matter(RESCISSION, "e", as_of=today(office).isoformat()))
    await office.answer("open_inquiry", "o-h1-leader", "no_inquiry", "下一年度整改", case=case)
    await outcome_of(office, case)


async def _rescission_lost(office: Office, contract: str) -> None:
    case = await raised_by(office, contract, "o-h1-hr", CauseWish("d", "学术不端"))
    await office.open_task("verify_cause", "o-h1-hr", case=case)
    await office.notify(case, "contract_over", outcome="terminated")
    await outcome_of(office, case)


async def _cannot_continue(office: Office, contract: str) -> None:
    case = await raised_by(office, contract, "o-h1-hr", StopWish("licence_lost", today(office), "资格被注销"))
    await office.answer("confirm_cannot_continue", "o-h1-leader", "cannot_continue", case=case)
    for choice in ("return", "file_end"):
        await office.answer("ended_report", "o-h1-hr", "report_end", case=case)
        await office.answer("ended_filing", "o-officer", choice, "已阅", case=case)
    await outcome_of(office, case)


async def _can_continue(office: Office, contract: str) -> None:
    case = await raised_by(office, contract, "o-h1-hr", StopWish("illness", today(office), "患病"))
    await office.answer("confirm_cannot_continue", "o-h1-leader", "can_continue", "已康复", case=case)
    await outcome_of(office, case)


async def _report_lost(office: Office, contract: str) -> None:
    case = await raised_by(office, contract, "o-h1-hr", StopWish("illness", today(office), "患病"))
    await office.open_task("confirm_cannot_continue", "o-h1-leader", case=case)
    await office.notify(case, "contract_over", outcome="terminated")
    await outcome_of(office, case)
