"""A flexible-talent contract from the need to the close (policy.md 3.14; OT-2.1, OT-4a, OT-6)."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from db.engine.cases import CaseFile, FindingRow
from db.engine.opening import OneOpenCase
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from db.talent_contracts import TalentAnswer, TalentContract, TalentExcuse, TalentFigure
from services.field_problems import FactsRefused
from services.talent_contracts import TalentContractDesk, TalentOrder
from services.talent_sessions import Claim, TalentSessionDesk
from tests.builders.banner import EMPLOYER, OUTSIDE, SECOND_EMPLOYER, settle_banner, settle_contract
from tests.builders.county import publish_calendar
from tests.workflows import talent_ends
from tests.workflows import talent_life as life
from tests.workflows.contract_ends import banner_pack
from tests.workflows.office import OPENS, Office

End = Callable[[Office, str], Awaitable[None]]


@pytest.fixture
async def desk(office: Office, shelf: PackShelf) -> TalentContractDesk:
    await settle_banner(office.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(office.record, year)
    return TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=shelf)


@pytest.fixture
def book(office: Office) -> TalentSessionDesk:
    return TalentSessionDesk(office.record, office.delivery, clock=office.clock)


async def test_a_contract_is_reviewed_filed_signed_and_in_force(office: Office, desk: TalentContractDesk) -> None:
    case = await life.in_force(office, desk)
    (row,) = await office.rows(select(TalentContract).where(TalentContract.case_id == case))
    assert (row.state, row.number, row.unit, row.agreed) == ("signed", "鄂旗医柔聘2040-01", "sessions", 100)
    assert (row.first_day, row.last_day) == (date(2040, 7, 1), date(2041, 6, 30))
    assert row.no_clinic_before is None
    assert not await office.damage()


async def figures(office: Office, case: str) -> list[tuple[str, str]]:
    rows = await office.rows(select(TalentFigure).where(TalentFigure.case_id == case).order_by(TalentFigure.number))
    return [(row.as_of.isoformat(), row.outcome) for row in rows]


async def test_cor_10_a_number_of_another_person_s_contract_is_no_number_of_this_one(
    office: Office, desk: TalentContractDesk
) -> None:
    other = await settle_contract(office.record, await banner_pack(office), serial=90)
    async with office.record.begin() as session:
        row = update(TalentContract).where(TalentContract.case_id == other)
        await session.execute(row.values(person="o-expert-2", number="鄂旗医柔聘2040-01"))
    with pytest.raises(FactsRefused) as blocked:
        await life.in_force(office, desk)
    (problem,) = blocked.value.problems
    assert (problem.field, problem.code, dict(problem.values)) == ("number", "contract_number_used", {"case": other})


async def test_a_contract_that_is_fulfilled_is_accepted_filed_and_closed(
    office: Office, desk: TalentContractDesk
) -> None:
    case = await life.in_force(office, desk)
    await life.lived_to_the_end(office, case)
    assert await figures(office, case) == [(last, "no_ground") for _, last in life.QUARTERS]
    assert await life.ended(office, case) == "closed"
    assert {letter.details["what"] for letter in await office.letters("outcome")} >= {
        "talent_filed",
        "contract_signed",
        "clinical_work_open",
        "contract_expires",
        "contract_expired",
        "end_filed",
    }
    assert not await office.damage()


async def test_cor_08_no_clinical_session_before_both_gates_are_on_record(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case = await life.in_force(office, desk)
    await life.passes_to(office, "2040-07-02")
    (refused,) = await book.store(life.sessions(case, ["2040-07-01"]), keeper=life.keeper())
    assert [(one.field, one.code) for one in refused.problems] == [("kind", "gates_open")]
    (training,) = await book.store(life.sessions(case, ["2040-07-01"], kind="training"), keeper=life.keeper())
    assert training.outcome == "created"


async def test_as_79_a_free_clinic_is_refused_as_a_form(office: Office, desk: TalentContractDesk) -> None:
    case = await life.started(office, desk)
    await life.needed(office, case)
    with pytest.raises(FactsRefused) as refused:
        await life.nominated(office, case, form="义诊")
    assert [(one.field, one.code) for one in refused.value.problems] == [("form", "free_clinic")]


async def a_quarter_of(office: Office, desk: TalentContractDesk, book: TalentSessionDesk, units: str) -> str:
    """A contract at the end of its first quarter, in which so much of the 25 sessions was delivered."""
    case = await life.in_force(office, desk)
    await life.cleared(office, case)
    await life.passes_to(office, "2040-09-30")
    await book.store(life.sessions(case, ["2040-09-30"], units=units), keeper=life.keeper())
    await life.passes_to(office, "2040-10-01")
    await judged(office, case, 1)
    return case


async def judged(office: Office, case: str, number: int) -> None:
    await office.seen(select(TalentFigure).where(TalentFigure.case_id == case, TalentFigure.number == number))


async def test_a_correction_judges_the_same_day_again_and_both_findings_stay(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case = await a_quarter_of(office, desk, book, "18")
    assert await figures(office, case) == [("2040-09-30", "early_warning")]
    assert {letter.person for letter in await office.letters("outcome", what="working_time_warning")} == {
        life.HR,
        life.LEADER,
    }
    (corrected,) = await book.store(life.sessions(case, ["2040-09-30"], units="24"), keeper=life.keeper())
    assert corrected.outcome == "changed"
    await judged(office, case, 2)
    assert await figures(office, case) == [("2040-09-30", "early_warning"), ("2040-09-30", "no_ground")]
    rows = await office.rows(select(TalentFigure).where(TalentFigure.case_id == case).order_by(TalentFigure.number))
    assert [(row.worked, row.cause) for row in rows] == [(18, "checkpoint"), (24, "correction")]
    assert not await office.damage()


async def test_what_is_delivered_of_a_day_that_is_still_to_be_judged_nudges_nobody(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case = await a_quarter_of(office, desk, book, "24")
    await life.passes_to(office, "2040-10-10")
    await book.store(life.sessions(case, ["2040-10-09"]), keeper=life.keeper())
    assert [row for row in await office.inbox() if row.verb == "notice" and row.case_id == case] == []


@pytest.mark.parametrize(("choice", "excused"), [("confirm_excuse", 5), ("dismiss_excuse", 0)])
async def test_as_46_force_majeure_is_left_out_only_once_the_commission_has_confirmed_it(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk, choice: str, excused: int
) -> None:
    case = await a_quarter_of(office, desk, book, "18")
    snow = Claim(case, date(2040, 9, 3), date(2040, 9, 7), "weather", "5", "大雪封路", "proof")
    await book.claim(snow, keeper=life.keeper(), request="snow")
    await office.open_task("settle_excuse", life.OFFICER, case=case)
    await book.store(life.sessions(case, ["2040-09-30"], units="19"), keeper=life.keeper())
    await judged(office, case, 2)
    await office.answer("settle_excuse", life.OFFICER, choice, "依据气象证明", case=case)
    await judged(office, case, 3)
    rows = await office.rows(select(TalentFigure).where(TalentFigure.case_id == case).order_by(TalentFigure.number))
    assert [(row.excused, row.claimed) for row in rows] == [(0, 0), (0, 5), (excused, 0)]
    (claim,) = await office.rows(select(TalentExcuse).where(TalentExcuse.case_id == case))
    assert claim.state == {"confirm_excuse": "confirmed", "dismiss_excuse": "dismissed"}[choice]
    assert not await office.damage()


HOURS: Mapping[str, Any] = {
    "unit": "hours",
    "agreed": "4000",
    "periods": [{"first_day": first, "last_day": last, "agreed": "1000"} for first, last in life.QUARTERS],
}


@pytest.mark.parametrize(
    "expected",
    [
        ("699", "ground_to_confirm", 1),
        ("699.60", "ground_to_confirm", 1),
        ("700", "early_warning", 0),
        ("701", "early_warning", 0),
    ],
    ids=["as_40_699", "def_03_69_96_percent", "as_41_exactly_70_percent", "as_42_701"],
)
async def test_at_the_end_of_a_full_quarter_only_less_than_seventy_percent_is_put_to_the_employer(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk, expected: tuple[str, str, int]
) -> None:
    worked, outcome, matters = expected
    case = await life.in_force(office, desk, **HOURS)
    await life.cleared(office, case)
    await life.passes_to(office, "2040-09-30")
    await book.store(life.spread(case, "2040-09-30", worked), keeper=life.keeper())
    await life.passes_to(office, "2040-10-01")
    await life.summed_up(office, case)
    assert await figures(office, case) == [("2040-09-30", outcome)]
    opened = await office.rows(select(CaseFile).where(CaseFile.lifecycle == "ContractTermination"))
    assert [(one.facts["contract"], one.facts["learned_on"]) for one in opened] == [(case, "2040-10-01")] * matters
    assert (await office.case(case)).stage == "active"


async def test_g_02_a_correction_that_lifts_the_ratio_is_told_to_the_matter_and_ends_nothing(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case = await a_quarter_of(office, desk, book, "17")
    matter = await office.seen(select(CaseFile).where(CaseFile.lifecycle == "ContractTermination"))
    await office.open_task("confirm_ground", life.HR, case=matter.id)
    await book.store(life.sessions(case, ["2040-09-30"], units="24"), keeper=life.keeper())
    await judged(office, case, 2)
    assert await figures(office, case) == [("2040-09-30", "ground_to_confirm"), ("2040-09-30", "no_ground")]
    told = await office.seen(
        select(InboxRow).where(InboxRow.case_id == matter.id, InboxRow.message["name"].astext == "figure_changed")
    )
    assert told.message["refs"] == {"number": "2", "outcome": "no_ground"}
    await office.open_task("cured_question", life.LEADER, case=matter.id)
    await office.days_pass(10)
    assert [(await office.case(one)).state for one in (case, matter.id)] == ["open", "open"]


@pytest.mark.parametrize("end", [talent_ends.terminated, talent_ends.rescinded, talent_ends.cannot_continue])
async def test_g_10_each_of_the_three_ends_ends_the_contract_by_the_decision_of_people(
    office: Office, desk: TalentContractDesk, end: End
) -> None:
    case = await life.in_force(office, desk)
    await end(office, case)
    assert await life.ended(office, case) == end.__name__
    (row,) = await office.rows(select(TalentContract).where(TalentContract.case_id == case))
    assert (row.state, row.ended_on is not None) == ("ended", True)
    assert not await office.damage()


async def test_g_15_joint_employers_are_hospitals_of_one_commission_and_one_of_them_leads(
    office: Office, desk: TalentContractDesk
) -> None:
    await office.tell_time()
    for wrong in ((EMPLOYER,), (OUTSIDE,), (SECOND_EMPLOYER, SECOND_EMPLOYER)):
        with pytest.raises(FactsRefused) as refused:
            await desk.start(TalentOrder(EMPLOYER, life.EXPERT, "joint", wrong), by=life.HR)
        assert [(one.field, one.code) for one in refused.value.problems] == [("with_others", "other_hospital_wrong")]
    started = await desk.start(TalentOrder(EMPLOYER, life.EXPERT, "joint", (SECOND_EMPLOYER,)), by=life.HR)
    assert (await office.case(started.case_id)).facts["signatories"] == SECOND_EMPLOYER


async def test_a_renewal_is_a_new_contract_that_comes_after_the_one_that_runs(
    office: Office, desk: TalentContractDesk
) -> None:
    first = await life.in_force(office, desk)
    with pytest.raises(OneOpenCase):
        await desk.start(TalentOrder(EMPLOYER, life.EXPERT, "again"), by=life.HR)
    with pytest.raises(FactsRefused, match="renews"):
        await desk.start(TalentOrder(EMPLOYER, "o-expert-2", "other", renews=first), by=life.HR)
    case = (await desk.start(TalentOrder(EMPLOYER, life.EXPERT, "renewal", renews=first), by=life.HR)).case_id
    await life.needed(office, case)
    await life.nominated(office, case, first_day="2041-07-01", last_day="2042-06-30")
    await life.selected(office, case)
    with pytest.raises(FactsRefused) as refused:
        await life.signed(office, case)
    assert ("first_day", "renewal_overlaps") in [(one.field, one.code) for one in refused.value.problems]
    whole = [{"first_day": "2041-07-01", "last_day": "2042-06-30", "agreed": "100"}]
    await life.signed(office, case, first_day="2041-07-01", last_day="2042-06-30", periods=whole)
    await office.stands(case, "active")
    assert (await office.case(first)).stage == "active"
    findings = await office.rows(
        select(FindingRow.finding).where(FindingRow.case_id == case, FindingRow.rule == "OT-2.1c")
    )
    assert findings[-1]["figures"]["sum_months"] == 24


@pytest.mark.parametrize(("since", "refused"), [("2035-03-06", True), ("2035-03-05", False)])
async def test_as_78_a_senior_title_of_less_than_five_years_is_no_class_three(
    office: Office, desk: TalentContractDesk, since: str, *, refused: bool
) -> None:
    """On 5 March 2040: four years and 364 days, or five full years."""
    case = await life.started(office, desk)
    await life.needed(office, case)
    senior = {"class": "senior", "home": "grade_3a", "ground": "", "level": "", "title_since": since}
    if refused:
        with pytest.raises(FactsRefused) as found:
            await life.nominated(office, case, **senior)
        assert [(one.field, one.code) for one in found.value.problems] == [("class", "class_unfit")]
        return
    await life.nominated(office, case, **senior)
    await office.open_task("qualification_review", life.OFFICER, case=case)
    query = select(FindingRow.finding).where(FindingRow.case_id == case, FindingRow.rule == "OT-3.3")
    assert [one["effect"] for one in await office.rows(query)] == ["ask"], "ability is for people"


async def test_cor_08_who_does_no_clinical_work_opens_none(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case = await life.in_force(office, desk)
    await life.cleared(office, case, basis="no_clinical_work")
    await life.passes_to(office, "2040-07-02")
    (refused,) = await book.store(life.sessions(case, ["2040-07-01"]), keeper=life.keeper())
    assert [(one.field, one.code) for one in refused.problems] == [("kind", "gates_open")]


async def test_as_69_a_team_of_fewer_core_members_is_nominated_only_with_a_written_reason(
    office: Office, desk: TalentContractDesk
) -> None:
    case = await life.started(office, desk)
    await life.needed(office, case)
    member = {"name": "甲", "title": "associate_senior", "graduate": "yes", "masters": "yes", "age": "40"}
    team = {"members": [member, member], "leader_graduate": "yes", "leader_masters": "yes"}
    with pytest.raises(FactsRefused) as refused:
        await life.nominated(office, case, **team)
    assert [(one.field, one.code) for one in refused.value.problems] == [("reason", "team_reason_missing")]
    await life.nominated(office, case, **team, reason="紧缺专业，仅有两名合格人选")
    await office.open_task("qualification_review", life.OFFICER, case=case)


async def test_a_contract_recorded_late_gives_time_to_deliver_before_what_has_passed_is_judged(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    days = {"first_day": "2039-10-01", "last_day": "2040-09-30"}
    periods = [{**days, "agreed": "100"}]
    case = await life.in_force(office, desk, **days, periods=periods)
    await office.days_pass(5)
    assert await figures(office, case) == []
    rows = life.sessions(case, ["2039-12-01"], units="90", kind="training")
    assert [one.outcome for one in await book.store(rows, keeper=life.keeper())] == ["created"]
    await office.days_pass(20)
    assert await figures(office, case) == [("2039-12-31", "no_ground")]


async def at_acceptance(office: Office, desk: TalentContractDesk, book: TalentSessionDesk) -> str:
    """A contract whose year is over, with its report still to come; a claim of its last quarter comes after it."""
    case = await life.in_force(office, desk)
    await life.cleared(office, case)
    await life.planned(office, case)
    for (_, last), day in zip(life.QUARTERS, life.AFTER, strict=True):
        await life.passes_to(office, last)
        await book.store(life.sessions(case, [last], units="20"), keeper=life.keeper())
        await life.passes_to(office, day)
        await life.summed_up(office, case)
    await office.open_task("acceptance_report", life.HR, case=case)
    return case


async def test_what_is_claimed_or_corrected_after_the_last_day_still_enters_the_record(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case = await at_acceptance(office, desk, book)
    storm = Claim(case, date(2041, 6, 2), date(2041, 6, 3), "weather", "2", "沙尘", "proof")
    await book.claim(storm, keeper=life.keeper(), request="storm")
    await office.answer("settle_excuse", life.OFFICER, "confirm_excuse", "依据气象证明", case=case)
    await judged(office, case, 5)
    await book.store(life.sessions(case, ["2041-06-30"], units="24"), keeper=life.keeper())
    await judged(office, case, 6)
    rows = await office.rows(select(TalentFigure).where(TalentFigure.case_id == case).order_by(TalentFigure.number))
    assert [(row.as_of.isoformat(), row.worked, row.excused) for row in rows[-2:]] == [
        ("2041-06-30", 80, 2),
        ("2041-06-30", 84, 2),
    ]
    assert (await office.case(case)).state == "open"


async def test_a_matter_that_ends_after_the_last_day_is_recorded_and_a_lost_contract_goes_on_to_its_acceptance(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case = await at_acceptance(office, desk, book)
    refs = {"case": "termination.late", "outcome": "terminated", "ended_on": "2041-07-02"}
    await office.notify(case, "termination_over", **refs)
    await office.would_go_on(case)
    await office.workflow(case).terminate()
    assert await office.delivery.rebuild(case)
    await life.accepted(office, case)
    await life.reported(office, case)
    assert await life.ended(office, case) == "closed"
    lines = [json.loads(body)["event"] for body in await office.file_of(case)]
    assert lines.count("matter_over") == 1


async def test_a_sheet_without_files_takes_no_evidence_away(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case = await life.in_force(office, desk)
    proof = await life.scanned(office, "home_unit_consent", life.HR, case)
    await life.passes_to(office, "2040-07-02")
    (row,) = life.sessions(case, ["2040-07-01"], kind="training")
    (first,) = await book.store([replace(row, evidence=proof)], keeper=life.keeper())
    (again,) = await book.store([row], keeper=life.keeper())
    assert (first.outcome, again.outcome) == ("created", "unchanged")


BACKDATED = {"first_day": "2040-01-01", "last_day": "2040-12-31"}


@pytest.mark.parametrize(
    ("said", "found"),
    [("count_before", ("counted", "no_ground", 0)), ("leave_out_before", ("left_out", "ground_to_confirm", 1))],
)
async def test_ot_2_1d_time_before_the_signature_is_asked_of_the_commission_and_its_answer_judges_again(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk, said: str, found: tuple[str, str, int]
) -> None:
    """50 of 49.73 with the time before 10 April; 10 of 22.40 without it: the answer decides, and nobody guesses it."""
    case = await life.in_force(office, desk, **BACKDATED, periods=[{**BACKDATED, "agreed": "100"}])
    await life.passes_to(office, "2040-04-13")
    for day, units in (("2040-02-01", "40"), ("2040-04-12", "10")):
        rows = life.sessions(case, [day], units=units, kind="training")
        assert [one.outcome for one in await book.store(rows, keeper=life.keeper())] == ["created"]
    await life.passes_to(office, "2040-07-02")
    await office.seen(select(TalentFigure.number).where(TalentFigure.case_id == case, TalentFigure.number == 2))
    assert (await figures(office, case))[-1] == ("2040-06-30", "ask_before_signature")
    assert await office.rows(select(CaseFile).where(CaseFile.lifecycle == "ContractTermination")) == []
    await office.answer("before_signature", life.OFFICER, said, "合同条款如此", case=case)
    await office.seen(select(TalentFigure.number).where(TalentFigure.case_id == case, TalentFigure.number == 3))
    meaning, outcome, matters = found
    assert (await figures(office, case))[-1] == ("2040-06-30", outcome)
    (answer,) = await office.rows(select(TalentAnswer))
    assert (answer.question, answer.answer) == ("before_signature", meaning)
    signed = select(FindingRow.finding).where(FindingRow.case_id == case, FindingRow.rule == "OT-2.1d")
    newest = await office.rows(signed.order_by(FindingRow.id.desc()))
    assert (newest[0]["outcome"], newest[0]["effect"]) == ("signed", "allow")
    await office.rests(case)
    opened = await office.rows(select(CaseFile).where(CaseFile.lifecycle == "ContractTermination"))
    assert len(opened) == matters
    assert not await office.damage()


async def test_ot_2_1d_a_contract_signed_before_its_first_day_asks_nobody(
    office: Office, desk: TalentContractDesk
) -> None:
    case = await life.in_force(office, desk)
    await office.rests(case)
    assert await office.open_tasks("before_signature") == []
    assert (await office.case(case)).stage == "active"


MIDTERM = {"held_on": "2040-12-31", "completion": "完成过半", "found": "同意结论", "attachment": ""}


@pytest.mark.parametrize(
    ("said", "form", "matters"),
    [
        ("midterm_qualified", MIDTERM, []),
        ("midterm_not_held", {}, []),
        ("midterm_unqualified", MIDTERM, [("j", "mid_term_unqualified", "2041-01-02")]),
    ],
)
async def test_ot_6_3j_at_half_of_the_term_the_employer_concludes_and_only_unqualified_opens_a_matter(
    office: Office, desk: TalentContractDesk, said: str, form: Mapping[str, str], matters: list[tuple[str, ...]]
) -> None:
    case = await life.in_force(office, desk)
    await life.passes_to(office, "2040-12-30")
    await office.rests(case)
    assert await office.open_tasks("midterm_assessment") == []
    await life.passes_to(office, "2041-01-02")
    await office.answer("midterm_assessment", life.HR, said, "初拟", form=form, case=case)
    of_midterm = select(CaseFile).where(CaseFile.facts["kind"].astext == "mid_term_unqualified")
    assert await office.rows(of_midterm) == []
    await office.answer("midterm_assessment", life.LEADER, said, "结论", form=form, case=case)
    line = "midterm_not_held" if said == "midterm_not_held" else "midterm_concluded"
    await office.rests(case)
    assert any(f'"{line}"' in body for body in await office.file_of(case))
    opened = await office.rows(of_midterm)
    assert [(one.facts["ground"], one.facts["kind"], one.facts["learned_on"]) for one in opened] == matters
    if opened:
        await office.open_task("confirm_ground", life.HR, case=opened[0].id)
    assert (await office.case(case)).stage == "active"


async def test_def_12_a_leader_whose_opinion_was_asked_on_a_need_still_approves_it(
    office: Office, desk: TalentContractDesk
) -> None:
    case = await life.started(office, desk)
    need = await office.open_task("talent_need", life.HR, case=case)
    await office.act("add_seat", life.HR, case, task=need.id, words="请指示", taker=life.LEADER, how="consulted")
    await office.answer("talent_need", life.LEADER, "reply", "可以报送", case=case)
    await life.needed(office, case)
    await office.open_task("talent_nomination", life.HR, case=case)
    approval = (
        select(SeatRow).join(TaskRow, TaskRow.id == SeatRow.task_id).where(TaskRow.name == "talent_need_approval")
    )
    assert [(seat.person, seat.why) for seat in await office.rows(approval)] == [(life.LEADER, "holder")]


@pytest.mark.parametrize("units", ["NaN", "Infinity", "-1", "0"])
async def test_g_13_what_is_no_amount_is_refused_as_a_claim_of_force_majeure(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk, units: str
) -> None:
    case = await life.in_force(office, desk)
    day = date(2040, 7, 1)
    with pytest.raises(FactsRefused) as refused:
        await book.claim(Claim(case, day, day, "weather", units, "大雪"), keeper=life.keeper(), request="a" * 32)
    assert [problem.code for problem in refused.value.problems] == ["units_wrong"]


async def test_ot_6_1c_a_check_in_that_is_late_goes_up_the_ranks_and_nothing_is_decided_by_silence(
    office: Office, desk: TalentContractDesk
) -> None:
    """DEF-06, COR-07: officer, then the hospital's head, then the commission's leader and the monitor; then weekly."""
    case = await life.in_force(office, desk)
    await life.passes_to(office, "2040-10-01")
    task = await office.open_task("talent_check_in", life.HR, case=case)
    assert (task.refs["quarter"], task.outcome) == ("2040-09-30", "")
    await office.days_pass(45)

    async def written(kind: str) -> list[str]:
        query = select(LetterRow.person).where(LetterRow.task_id == task.id, LetterRow.kind == kind)
        return sorted(set(await office.rows(query)))

    assert await written("reminder") == [life.HR]
    assert await written("urge") == [life.HR, "o-monitor"]
    escalated = await written("escalation")
    assert {life.LEADER, life.COMMISSION_LEADER, "o-monitor"} <= set(escalated)
    (still,) = [one for one in await office.open_tasks("talent_check_in") if one.id == task.id]
    assert (still.outcome, (await office.case(case)).stage) == ("", "active")
    form = {"summary": "诊疗60人次", "problems": "无", "actions": "继续"}
    await office.answer("talent_check_in", life.HR, "talent_check_in", form=form, case=case)
    await office.answer("talent_check_in", life.OFFICER, "request_action", "请加强带教", case=case)
    await office.rests(case)
    told = await office.letters("outcome", what="action_requested")
    assert {one.person for one in told} == {life.HR, life.LEADER}
