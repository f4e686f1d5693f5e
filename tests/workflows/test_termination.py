"""Terminating a contract: confirmed by the employer, recommended by all, applied for in writing, filed
(OT-6.3g to OT-6.3k).
"""

import json
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile, EventRow
from db.engine.post import LetterRow
from db.engine.tasks import InboxRow, TaskRow
from db.talent_contracts import TalentContract
from policies.engine.calendar import CHINA
from policies.engine.refusals import ReasonMissing
from services.contract_ends import ContractNotRunning
from services.end_wishes import GroundWish
from services.engine.permissions import NotForYou
from services.field_problems import FactsRefused
from tests.builders.banner import SECOND_EMPLOYER
from tests.workflows.conftest import OpenCounty
from tests.workflows.contract_ends import (
    applied,
    confirmed,
    events,
    found,
    opened_banner,
    outcome_of,
    raised_by,
    reviewed,
    today,
    told_contract,
)
from tests.workflows.office import Office


@pytest.fixture
async def banner(open_county: OpenCounty) -> AsyncIterator[tuple[Office, str]]:
    async with opened_banner(open_county, signatories=SECOND_EMPLOYER) as opened:
        yield opened


async def lines(office: Office, case: str) -> list[dict[str, Any]]:
    return [json.loads(body) for body in await office.file_of(case)]


async def names_open(office: Office, case: str) -> set[str]:
    query = select(TaskRow.name).where(TaskRow.case_id == case, TaskRow.status == "open")
    return set(await office.rows(query))


async def test_as40_a_confirmed_ground_asks_all_parties_and_for_the_application_from_the_day_of_the_notice(
    banner: tuple[Office, str],
) -> None:
    """G-15: each signatory employer and the expert; the three months run from the notice, not from the confirmation."""
    office, contract = banner
    case = await found(office, contract)
    noticed = today(office)
    await office.open_task("confirm_ground", "o-h1-hr", case=case)
    await office.days_pass(10)
    await confirmed(office, case)
    application = await office.open_task("termination_application", "o-h1-leader", case=case)
    assert application.refs["due_on"] == date(noticed.year, noticed.month + 3, noticed.day).isoformat()
    assert application.refs["learned_on"] == noticed.isoformat()
    for person, task in (
        ("o-h1-leader", "recommend_termination"),
        ("o-h2-leader", "recommend_termination"),
        ("o-expert", "expert_recommendation"),
    ):
        await office.open_task(task, person, case=case)
    await office.stands(case, "recommending")


async def test_g10_consent_and_filing_terminate_and_tell_the_contract(banner: tuple[Office, str]) -> None:
    office, contract = banner
    case = await found(office, contract)
    await confirmed(office, case)
    await office.answer("expert_recommendation", "o-expert", "other_comment", "路途不便,同意终止", case=case)
    await applied(office, case)
    await office.stands(case, "termination_applied")
    await reviewed(office, case, "consent_termination")
    assert await outcome_of(office, case) == "terminated"
    refs = await told_contract(office, contract, "termination_over")
    assert (refs["case"], refs["outcome"], refs["ended_on"]) == (case, "terminated", today(office).isoformat())
    letters = await office.letters("outcome", what="contract_terminated")
    assert {one.person for one in letters} == {"o-expert", "o-h1-hr", "o-h1-leader", "o-officer", "o-finance"}
    assert "contract_terminated" in await events(office, case)


async def ready_to_apply(office: Office, contract: str, **refs: Any) -> str:
    case = await found(office, contract, **refs)
    await confirmed(office, case)
    await office.open_task("termination_application", "o-h1-leader", case=case)
    return case


async def until_moment(office: Office, day: date, at: time) -> None:
    await office.tell_time()
    await office.days_pass((datetime.combine(day, at, tzinfo=CHINA) - office.clock.now()) / timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "at", "said"),
    [(date(2040, 3, 6), time(23, 59), set()), (date(2040, 3, 7), time(0, 0), {"application_late"})],
)
async def test_as48_the_last_minute_of_the_three_months_is_in_time_and_the_next_is_late_taken_and_escalated(
    banner: tuple[Office, str], day: date, at: time, said: set[str]
) -> None:
    office, contract = banner
    case = await ready_to_apply(office, contract, learned_on="2039-12-06")
    await until_moment(office, day, at)
    await applied(office, case)
    await office.stands(case, "termination_applied")
    assert {"application_late", "application_unclear"} & set(await events(office, case)) == said
    letters = await office.letters("outcome", what="application_late")
    assert {one.person for one in letters} == ({"o-leader", "o-monitor"} if said else set())
    assert (await office.open_task("termination_review", "o-officer", case=case)).refs["submitted_by"] == "o-h1-leader"


async def test_as48_between_a_rest_day_and_the_next_working_day_the_legal_reviewer_says_whether_it_is_late(
    banner: tuple[Office, str],
) -> None:
    """COR-16: 10 March 2040 is a Saturday; late is what comes after Monday."""
    office, contract = banner
    case = await ready_to_apply(office, contract, learned_on="2039-12-10")
    await until_moment(office, date(2040, 3, 12), time(23, 0))
    assert "application_period_passed" not in await events(office, case)
    await applied(office, case)
    await office.stands(case, "termination_applied")
    said = await events(office, case)
    assert "application_unclear" in said
    assert "application_late" not in said


async def test_as50_three_months_without_an_application_tell_the_commission_and_end_nothing(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await ready_to_apply(office, contract, learned_on="2039-12-06")
    await until_moment(office, date(2040, 3, 7), time(0, 1))
    letters = await office.letters("outcome", what="application_period_passed")
    assert {one.person for one in letters} == {"o-officer", "o-leader"}
    assert (await events(office, case)).count("application_period_passed") == 1
    await office.days_pass(60)
    assert (await office.case(case)).state == "open"
    assert (await office.case(contract)).state == "open"
    assert not await office.rows(select(InboxRow).where(InboxRow.message["name"].astext == "termination_over"))
    task = await office.open_task("termination_application", "o-h1-leader", case=case)
    assert task.escalated
    assert (await events(office, case)).count("application_period_passed") == 1


async def test_as50_the_three_months_pass_also_while_the_employer_still_confirms(banner: tuple[Office, str]) -> None:
    office, contract = banner
    case = await found(office, contract, learned_on="2039-12-06")
    await until_moment(office, date(2040, 3, 7), time(0, 1))
    assert len(await office.letters("outcome", what="application_period_passed")) == 2
    await office.stands(case, "confirming_ground")


async def test_the_application_is_reminded_of_30_60_75_and_85_days_after_learning_and_on_the_last_three_working_days(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await ready_to_apply(office, contract)
    learned = today(office)
    await office.days_pass(93)
    task = await office.open_task("termination_application", "o-h1-leader", case=case)
    query = select(LetterRow).where(LetterRow.task_id == task.id, LetterRow.kind == "reminder")
    sent = sorted(await office.rows(query), key=lambda one: one.created_at)
    days = {one.details["rung"]: (one.created_at.astimezone(CHINA).date() - learned).days for one in sent}
    # The thirtieth day is a Wednesday, the sixtieth a Friday, the 75th and 85th fall on a Saturday and a Tuesday.
    assert {name: day for name, day in days.items() if name.startswith("day_")} == {
        "day_30": 30, "day_60": 60, "day_75": 74, "day_85": 85,
    }  # fmt: skip
    assert [days[name] for name in ("last_3", "last_2", "due")] == [88, 91, 92]


async def test_as51_what_the_commission_returns_is_revised_and_stays_applied_for(banner: tuple[Office, str]) -> None:
    office, contract = banner
    case = await ready_to_apply(office, contract)
    await applied(office, case)
    await reviewed(office, case, "return_application")
    revision = await office.open_task("termination_revision", "o-h1-leader", case=case)
    assert (await office.case(case)).stage == "termination_applied"
    assert (await office.case(contract)).state == "open"
    await office.answer(revision.id, "o-h1-leader", "apply_again", "已补充出诊登记")
    await reviewed(office, case, "refuse_termination")
    assert await outcome_of(office, case) == "not_consented"
    assert (await told_contract(office, contract, "termination_over"))["outcome"] == "not_consented"
    assert "contract_terminated" not in await events(office, case)


async def test_the_employer_may_record_an_earlier_day_of_learning_and_never_a_later_one(
    banner: tuple[Office, str],
) -> None:
    """OT-6.3k: the earlier of the notice and the day that the employer records."""
    office, contract = banner
    case = await found(office, contract)
    with pytest.raises(FactsRefused) as refused:
        await confirmed(office, case, form={"learned_on": (today(office) + timedelta(days=1)).isoformat()})
    assert [one.code for one in refused.value.problems] == ["learned_after_notice"]
    await confirmed(office, case, form={"learned_on": "2040-02-01"})
    application = await office.open_task("termination_application", "o-h1-leader", case=case)
    assert application.refs["due_on"] == "2040-05-01"


async def test_the_employer_may_record_that_there_is_no_ground_which_the_commission_sees(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await found(office, contract)
    with pytest.raises(ReasonMissing):
        await office.answer("confirm_ground", "o-h1-hr", "no_ground", case=case)
    await office.answer("confirm_ground", "o-h1-hr", "no_ground", "漏记出诊,已补登", case=case)
    assert await outcome_of(office, case) == "no_ground"
    assert {"ground_dismissed", "deadline_cancelled"} <= set(await events(office, case))
    assert "o-officer" in {one.person for one in await office.letters("outcome", what="ground_dismissed")}
    assert (await told_contract(office, contract, "termination_over"))["outcome"] == "no_ground"


async def test_g5_force_majeure_is_asked_of_the_commission_and_no_ground_cancels_the_provisional_deadline(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await found(office, contract, question="force_majeure")
    await confirmed(office, case)
    await office.stands(case, "asking_commission")
    await office.open_task("termination_application", "o-h1-leader", case=case)
    await office.answer("force_majeure_ground", "o-officer", "ground_not_found", "雪灾停诊予以扣除", case=case)
    assert await outcome_of(office, case) == "no_ground"
    said = await events(office, case)
    assert {"ground_not_found", "deadline_cancelled"} <= set(said)
    assert "ground_dismissed" not in said
    letters = await office.letters("outcome", what="ground_not_found")
    assert {one.person for one in letters} == {"o-expert", "o-h1-hr", "o-h1-leader", "o-officer"}


async def test_g5_where_the_commission_finds_a_ground_the_deadline_runs_from_the_first_notice_still(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await found(office, contract, question="force_majeure")
    noticed = today(office)
    await confirmed(office, case)
    await office.days_pass(12)
    await office.answer("force_majeure_ground", "o-officer", "ground_stands", "原文未规定扣除", case=case)
    application = await office.open_task("termination_application", "o-h1-leader", case=case)
    assert application.refs["learned_on"] == noticed.isoformat()
    assert "ground_stands" in await events(office, case)


async def test_g11_payments_are_held_by_a_person_and_silence_holds_nothing(banner: tuple[Office, str]) -> None:
    office, contract = banner
    case = await found(office, contract)
    task = await office.open_task("hold_payments", "o-h1-leader", case=case)
    assert task.grave
    await office.days_pass(30)
    assert (await office.open_task("hold_payments", "o-h1-leader", case=case)).outcome == ""
    await office.answer("hold_payments", "o-h1-leader", "hold_payments", case=case)
    held = [line for line in await lines(office, case) if line["event"] == "decided"]
    assert [(line["refs"]["choice"], line["actor"]) for line in held] == [("hold_payments", "o-h1-leader")]


async def test_a_figure_that_is_no_longer_below_asks_the_employer_and_ends_only_with_the_commissions_consent(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await ready_to_apply(office, contract)
    await office.notify(case, "figure_changed", number="2", outcome="no_ground")
    await office.answer("cured_question", "o-h1-leader", "withdraw_matter", "补登后达到约定", case=case)
    for person in ("o-officer", "o-leader"):
        await office.answer("cured_review", person, "refuse_cured", "补登依据不足", case=case)
    await office.stands(case, "recommending")
    assert "cured_refused" in await events(office, case)
    await office.notify(case, "figure_changed", number="3", outcome="early_warning")
    await office.answer("cured_question", "o-h1-leader", "withdraw_matter", "已补充依据", case=case)
    for person in ("o-officer", "o-leader"):
        await office.answer("cured_review", person, "agree_cured", case=case)
    assert await outcome_of(office, case) == "cured"
    assert (await told_contract(office, contract, "termination_over"))["outcome"] == "cured"
    changed = [line["refs"]["figure"] for line in await lines(office, case) if line["event"] == "figure_recovered"]
    assert changed == ["2", "3"]


async def test_a_figure_below_again_takes_the_question_back_and_silence_withdraws_nothing(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await ready_to_apply(office, contract)
    await office.notify(case, "figure_changed", number="2", outcome="no_ground")
    await office.open_task("cured_question", "o-h1-leader", case=case)
    await office.days_pass(20)
    assert (await office.case(case)).state == "open"
    await office.notify(case, "figure_changed", number="3", outcome="ground_to_confirm")
    await office.seen(select(TaskRow).where(TaskRow.name == "cured_question", TaskRow.status == "withdrawn"))
    assert (await office.case(case)).state == "open"


async def test_the_employer_may_ask_to_withdraw_instead_of_applying_and_applies_when_it_is_refused(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await ready_to_apply(office, contract)
    first = await office.open_task("termination_application", "o-h1-leader", case=case)
    await office.answer(first.id, "o-h1-leader", "withdraw_matter", "设备已到位")
    for person in ("o-officer", "o-leader"):
        await office.answer("cured_review", person, "refuse_cured", "仍不能开展", case=case)
    again = await office.open_task("termination_application", "o-h1-leader", case=case)
    assert (again.id != first.id, again.refs["due_on"]) == (True, first.refs["due_on"])


async def test_when_the_contract_ends_otherwise_the_matter_has_lost_its_object_and_its_people_see_it(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await ready_to_apply(office, contract)
    await office.notify(case, "contract_over", outcome="rescinded")
    assert await outcome_of(office, case) == "lost_object"
    assert not await names_open(office, case)
    letters = await office.letters("outcome", what="end_lost_object")
    assert {one.person for one in letters} == {"o-expert", "o-h1-hr", "o-h1-leader", "o-officer"}
    assert not await office.rows(select(InboxRow).where(InboxRow.message["name"].astext == "termination_over"))


async def test_a_second_finding_on_the_same_ground_is_the_termination_that_is_open(banner: tuple[Office, str]) -> None:
    office, contract = banner
    case = await found(office, contract)
    await found(office, contract, number=2)
    state = await office.comes_true(lambda state: "effect:found/2" in state.marks, contract)
    assert [state.marks[f"effect:found/{number}"] for number in (1, 2)] == [case, case]
    query = select(CaseFile).where(CaseFile.lifecycle == "ContractTermination")
    assert len(await office.rows(query)) == 1


async def raised(office: Office, contract: str, person: str, ground: str, **more: Any) -> str:
    wish = GroundWish(ground, more.pop("kind", ""), more.pop("learned_on", None), more.pop("words", "设备未到位"))
    return await raised_by(office, contract, person, wish)


async def test_a_day_of_learning_before_the_contract_is_a_slip_and_is_said_so(banner: tuple[Office, str]) -> None:
    office, contract = banner
    with pytest.raises(FactsRefused) as refused:
        await raised(office, contract, "o-h1-hr", "h", learned_on=date(1990, 1, 1))
    assert [(one.field, one.code) for one in refused.value.problems] == [("learned_on", "before_contract")]
    case = await found(office, contract)
    with pytest.raises(FactsRefused) as confirming:
        await confirmed(office, case, form={"learned_on": "1990-01-01"})
    assert [one.code for one in confirming.value.problems] == ["before_contract"]


async def test_the_expert_raises_that_the_employers_support_fails_and_the_months_run_from_that_day(
    banner: tuple[Office, str],
) -> None:
    """OT-6.3h."""
    office, contract = banner
    case = await raised(office, contract, "o-expert", "h", learned_on=date(2039, 1, 1))
    await office.stands(case, "confirming_ground")
    await office.seen(select(EventRow).where(EventRow.case_id == case, EventRow.body.contains("ground_stated")))
    assert (await office.case(case)).facts["learned_on"] == today(office).isoformat()
    with pytest.raises(FactsRefused) as refused:
        await raised(office, contract, "o-expert", "i")
    assert [(one.field, one.code) for one in refused.value.problems] == [("ground", "choice_unknown")]


async def test_the_employer_raises_grounds_2_to_4_with_its_own_day_of_learning_once_each(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await raised(office, contract, "o-h1-hr", "i", learned_on=date(2040, 2, 1))
    assert await raised(office, contract, "o-h1-leader", "i", learned_on=date(2040, 2, 2)) == case
    assert (await office.case(case)).facts["learned_on"] == "2040-02-01"
    for wrong, field in (
        ({"ground": "g"}, "ground"),
        ({"ground": "j"}, "kind"),
        ({"ground": "h", "learned_on": None}, "learned_on"),
        ({"ground": "h", "learned_on": today(office) + timedelta(days=1)}, "learned_on"),
        ({"ground": "h", "words": " "}, "words"),
    ):
        given: dict[str, Any] = {"learned_on": date(2040, 2, 1), **wrong}
        with pytest.raises(FactsRefused) as refused:
            await raised(office, contract, "o-h1-hr", **given)
        assert [one.field for one in refused.value.problems] == [field]
    for person in ("o-h2-hr", "o-officer", "o-finance"):
        with pytest.raises(NotForYou):
            await raised(office, contract, person, "h", learned_on=date(2040, 2, 1))


@pytest.mark.parametrize("choice", ["record_only", "treat_as_ground"])
async def test_ot63j_an_unqualified_acceptance_after_the_term_is_asked_of_the_commission(
    open_county: OpenCounty, choice: str
) -> None:
    async with opened_banner(open_county, last_day=date(2040, 2, 29)) as (office, contract):
        case = await raised(
            office, contract, "o-h1-hr", "j", kind="acceptance_unqualified", learned_on=date(2040, 3, 1)
        )
        await confirmed(office, case)
        await office.stands(case, "asking_commission")
        assert "termination_application" not in await names_open(office, case)
        await office.answer("expired_ground", "o-officer", choice, "合同已期满", case=case)
        if choice == "record_only":
            assert await outcome_of(office, case) == "recorded_only"
        else:
            await office.open_task("termination_application", "o-h1-leader", case=case)


async def test_a_contract_that_has_ended_has_nothing_to_terminate(banner: tuple[Office, str]) -> None:
    office, contract = banner
    async with office.record.begin() as session:
        row = await session.get_one(TalentContract, contract)
        row.state = "ended"
    with pytest.raises(ContractNotRunning):
        await raised(office, contract, "o-h1-hr", "h", learned_on=date(2040, 2, 1))


async def test_g5_a_correction_that_leaves_only_force_majeure_between_is_asked_of_the_commission_once_a_figure(
    banner: tuple[Office, str],
) -> None:
    office, contract = banner
    case = await ready_to_apply(office, contract)
    await office.notify(case, "figure_changed", number="2", outcome="ask_short_term")
    await office.notify(case, "figure_changed", number="3", outcome="ask_force_majeure")
    await office.answer("force_majeure_ground", "o-officer", "ground_stands", "不予扣除", case=case)
    await office.notify(case, "figure_changed", number="4", outcome="ask_force_majeure", unchanged="yes")
    await office.comes_true(lambda state: any("figure/4" in mark for mark in state.marks), case)
    query = select(TaskRow.key).where(TaskRow.case_id == case, TaskRow.name == "force_majeure_ground")
    assert await office.rows(query) == ["figure_asked/3"]
    assert (await office.case(case)).state == "open"
