"""Rescinding a contract and reporting one that cannot go on: raised and decided by people, filed without consent
(OT-6.2b, OT-6.3a to OT-6.3f).
"""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update

from db.contract_ends import ContractEndKind
from db.engine.cases import CaseFile
from db.engine.people import RoleHolding
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from services.end_wishes import CauseWish, StopWish
from services.engine.permissions import NotForYou
from services.field_problems import FactsRefused
from tests.builders.banner import EMPLOYER, SINCE
from tests.workflows.conftest import OpenCounty
from tests.workflows.contract_ends import (
    applied,
    confirmed,
    decided,
    events,
    found,
    opened_banner,
    outcome_of,
    raised_by,
    reviewed,
    today,
    told_contract,
    verified,
)
from tests.workflows.office import Office


@pytest.fixture
async def banner(open_county: OpenCounty) -> AsyncIterator[tuple[Office, str]]:
    async with opened_banner(open_county) as opened:
        yield opened


async def rescission(office: Office, contract: str, cause: str = "c", person: str = "o-h1-hr") -> str:
    return await raised_by(office, contract, person, CauseWish(cause, "病历造假"))


async def filed(office: Office, case: str) -> None:
    await office.answer("ended_report", "o-h1-hr", "report_end", "报请备案", case=case)
    await office.answer("ended_filing", "o-officer", "file_end", case=case)


async def test_as53_falsification_verified_is_decided_by_the_employer_filed_and_benefits_are_stopped_by_a_person(
    banner: tuple[Office, str],
) -> None:
    """G-10: filing, not consent."""
    office, contract = banner
    case = await rescission(office, contract)
    await verified(office, case)
    await office.answer("expert_reply", "o-expert", "give_reply", "系录入错误", case=case)
    await decided(office, case, "rescind")
    refs = await told_contract(office, contract, "rescission_over")
    assert (refs["outcome"], refs["ended_on"]) == ("rescinded", today(office).isoformat())
    await office.stands(case, "rescinding")
    await office.answer("ended_report", "o-h1-hr", "report_end", "报请备案", case=case)
    filing = await office.open_task("ended_filing", "o-officer", case=case)
    assert filing.choices == ["file_end", "return"]
    await office.answer(filing.id, "o-officer", "file_end")
    await office.days_pass(30)
    assert (await office.case(case)).state == "open", "benefits are never stopped by time"
    await office.answer("stop_benefits", "o-h1-hr", "benefits_stopped", "停发专家津贴", case=case)
    await office.answer("pursue_liability", "o-h1-leader", "no_liability", "情节轻微", case=case)
    assert await outcome_of(office, case) == "rescinded"
    said = await events(office, case)
    assert {"rescission_filed", "benefits_settled", "liability_settled", "expert_heard"} <= set(said)
    stopped = await office.rows(select(DecisionRow).where(DecisionRow.choice == "benefits_stopped"))
    assert [one.person for one in stopped] == ["o-h1-hr"]


@pytest.mark.parametrize("outcome", ["recorded", "confirmed"])
async def test_as52_a_ratio_below_the_line_starts_no_rescission_and_stops_no_benefit(
    banner: tuple[Office, str], outcome: str
) -> None:
    """G-3."""
    office, contract = banner
    case = await found(office, contract, worked="100")
    if outcome == "confirmed":
        await confirmed(office, case)
    await office.days_pass(40)
    query = select(CaseFile.id).where(CaseFile.lifecycle == "ContractRescission")
    assert not await office.rows(query)
    assert not await office.rows(select(TaskRow).where(TaskRow.name == "stop_benefits"))
    assert not await office.rows(select(TaskRow).where(TaskRow.name == "hold_payments", TaskRow.outcome != ""))


async def test_def16_the_experts_silence_is_no_consent_and_holds_nothing_up(banner: tuple[Office, str]) -> None:
    office, contract = banner
    case = await rescission(office, contract)
    await verified(office, case)
    reply = await office.open_task("expert_reply", "o-expert", case=case)
    await office.days_pass(3)
    assert not [one for one in await office.open_tasks("decide_rescission") if one.case_id == case]
    assert "expert_silent" not in await events(office, case)
    await office.days_pass(6)
    await office.open_task("decide_rescission", "o-h1-leader", case=case)
    assert "expert_silent" in await events(office, case)
    await office.answer(reply.id, "o-expert", "give_reply", "迟到的陈述")
    await decided(office, case, "do_not_rescind")
    assert await outcome_of(office, case) == "not_rescinded"
    assert (await told_contract(office, contract, "rescission_over"))["outcome"] == "not_rescinded"


async def test_a_ground_is_verified_with_evidence_or_is_not_established(banner: tuple[Office, str]) -> None:
    office, contract = banner
    case = await rescission(office, contract, "a")
    with pytest.raises(FactsRefused) as refused:
        await office.answer("verify_cause", "o-h1-hr", "cause_verified", "属实", case=case)
    assert [one.code for one in refused.value.problems] == ["evidence_missing"]
    await office.answer("verify_cause", "o-h1-hr", "cause_not_established", "查无实据", case=case)
    assert await outcome_of(office, case) == "not_established"
    assert (await told_contract(office, contract, "rescission_over"))["outcome"] == "not_established"


async def test_ot63e_an_unqualified_year_asks_the_employer_and_rescinds_nothing(banner: tuple[Office, str]) -> None:
    office, contract = banner
    await office.tell_time()
    await office.notify(contract, "unqualified_year", as_of="2039-12-31")
    query = select(CaseFile.id).where(CaseFile.lifecycle == "ContractRescission")
    case = str(await office.seen(query))
    await office.stands(case, "asking_inquiry")
    await office.answer("open_inquiry", "o-h1-leader", "no_inquiry", "下一年度整改", case=case)
    assert await outcome_of(office, case) == "not_pursued"
    await office.notify(contract, "unqualified_year", as_of="2040-02-28")
    again = str(await office.seen(query.where(CaseFile.state != "closed")))
    await office.answer("open_inquiry", "o-h1-leader", "open_inquiry", case=again)
    await office.open_task("verify_cause", "o-h1-hr", case=again)


async def test_g10_a_rescission_beside_a_termination_takes_its_object_away_and_not_its_own(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    termination = await found(office, contract)
    await confirmed(office, termination)
    case = await rescission(office, contract)
    await verified(office, case)
    await office.answer("expert_reply", "o-expert", "nothing_to_add", case=case)
    await decided(office, case, "rescind")
    await told_contract(office, contract, "rescission_over")
    for matter in (termination, case):
        await office.notify(matter, "contract_over", outcome="rescinded")
    assert await outcome_of(office, termination) == "lost_object"
    await filed(office, case)
    await office.answer("stop_benefits", "o-h1-hr", "no_benefits", "尚未发放", case=case)
    await office.answer("pursue_liability", "o-h1-leader", "liability_pursued", "移交", case=case)
    assert await outcome_of(office, case) == "rescinded"


async def test_a_rescission_that_is_open_when_the_contract_is_terminated_has_lost_its_object(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await rescission(office, contract)
    await office.open_task("verify_cause", "o-h1-hr", case=case)
    termination = await found(office, contract)
    await confirmed(office, termination)
    await applied(office, termination)
    await reviewed(office, termination, "consent_termination")
    await told_contract(office, contract, "termination_over")
    await office.notify(case, "contract_over", outcome="terminated")
    assert await outcome_of(office, case) == "lost_object"
    assert await outcome_of(office, termination) == "terminated"


async def test_only_the_employers_hr_and_leader_raise_a_ground_to_rescind(banner: tuple[Office, str]) -> None:
    office, contract = banner
    for person in ("o-officer", "o-h2-hr", "o-finance"):
        with pytest.raises(NotForYou):
            await rescission(office, contract, person=person)
    for wish, field in (
        (CauseWish("c", "举报"), "cause"),
        (StopWish("illness", today(office), "患病"), "stop"),
    ):
        with pytest.raises(FactsRefused) as refused:
            await raised_by(office, contract, "o-expert", wish)
        assert [one.field for one in refused.value.problems] == [field]


async def test_a_contract_does_not_end_before_it_began(banner: tuple[Office, str]) -> None:
    office, contract = banner
    with pytest.raises(FactsRefused) as refused:
        await raised_by(office, contract, "o-h1-hr", StopWish("illness", date(2001, 1, 1), "患病"))
    assert [(one.field, one.code) for one in refused.value.problems] == [("ended_on", "before_contract")]


async def test_ot62b_a_contract_that_cannot_go_on_is_confirmed_reported_and_filed(banner: tuple[Office, str]) -> None:
    office, contract = banner
    ended_on = today(office) - timedelta(days=3)
    case = await raised_by(office, contract, "o-h1-hr", StopWish("licence_lost", ended_on, "执业资格被注销"))
    await office.answer("confirm_cannot_continue", "o-h1-leader", "cannot_continue", case=case)
    await office.answer("ended_report", "o-h1-hr", "report_end", case=case)
    await office.answer("ended_filing", "o-officer", "return", "请补交注销证明", case=case)
    assert not await office.rows(select(InboxRow).where(InboxRow.message["name"].astext == "cannot_continue_over"))
    await filed(office, case)
    assert await outcome_of(office, case) == "cannot_continue"
    refs = await told_contract(office, contract, "cannot_continue_over")
    assert (refs["outcome"], refs["ended_on"]) == ("cannot_continue", ended_on.isoformat())
    assert all("licence_lost" not in body for body in await office.file_of(case))


async def test_def19_illness_stands_sealed_and_in_no_fact_line_or_letter(banner: tuple[Office, str]) -> None:
    office, contract = banner
    case = await raised_by(office, contract, "o-h1-hr", StopWish("illness", today(office), "患病住院"))
    await office.answer("confirm_cannot_continue", "o-h1-leader", "cannot_continue", case=case)
    await filed(office, case)
    assert await outcome_of(office, case) == "cannot_continue"
    assert "illness" not in str((await office.case(case)).facts)
    assert "illness" not in " ".join(await office.file_of(case))
    assert "illness" not in str([one.details for one in await office.letters("outcome")])
    async with office.record() as session:
        assert (await session.get_one(ContractEndKind, case)).kind == "illness"
        stored = await session.scalar(text("select kind from contract_end_kind"))
    assert isinstance(stored, bytes)
    assert b"illness" not in stored
    assert "contract_end_kind" not in {one.what for one in await office.damage()}
    async with office.record.begin() as session:
        (await session.get_one(ContractEndKind, case)).kind = "licence_lost"
    assert ("contract_end_kind", "altered") in {(one.what, one.how) for one in await office.damage()}


async def test_what_can_go_on_goes_on(banner: tuple[Office, str]) -> None:
    office, contract = banner
    case = await raised_by(office, contract, "o-h1-hr", StopWish("illness", today(office), "患病住院"))
    await office.answer("confirm_cannot_continue", "o-h1-leader", "can_continue", "已康复", case=case)
    assert await outcome_of(office, case) == "can_continue"
    assert not await office.rows(select(InboxRow).where(InboxRow.message["name"].astext == "cannot_continue_over"))


async def test_def12_who_raised_that_it_cannot_go_on_does_not_confirm_it(banner: tuple[Office, str]) -> None:
    """COR-06: the hospital has one leader, so the question goes to the leader above and is no dead end."""
    office, contract = banner
    case = await raised_by(office, contract, "o-h1-leader", StopWish("employer_reasons", today(office), "科室撤并"))
    task = await office.open_task("confirm_cannot_continue", "o-leader", case=case)
    seats = await office.rows(select(SeatRow).where(SeatRow.task_id == task.id))
    assert [(seat.person, seat.why) for seat in seats] == [("o-leader", "conflict")]
    await office.answer(task.id, "o-leader", "cannot_continue")
    await filed(office, case)
    assert await outcome_of(office, case) == "cannot_continue"


async def test_def12_who_has_verified_a_ground_does_not_decide_on_it(banner: tuple[Office, str]) -> None:
    """One person is HR and leader of the hospital: the decision goes to the leader above."""
    office, contract = banner
    async with office.record.begin() as session:
        session.add(RoleHolding(person="o-h1-hr", role="R-20", institution=EMPLOYER, held_from=SINCE))
        query = update(RoleHolding).where(RoleHolding.person == "o-h1-leader", RoleHolding.role == "R-20")
        await session.execute(query.values(held_until=today(office)))
    case = await rescission(office, contract)
    await verified(office, case)
    await office.answer("expert_reply", "o-expert", "nothing_to_add", case=case)
    task = await office.open_task("decide_rescission", "o-leader", case=case)
    seats = await office.rows(select(SeatRow).where(SeatRow.task_id == task.id))
    assert [(seat.person, seat.why) for seat in seats] == [("o-leader", "conflict")]
