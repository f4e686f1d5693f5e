"""Scenarios of policy.md 7.2 and gaps of 2.5.2 as the people of a banner meet them in a contract at work.

What a rule says of a figure is tried in tests/policies/talent; here stands what the contract does with it, and
above all what it does not do by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile, FindingRow
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from db.engine.tasks import TaskRow
from db.talent_assessments import TalentScore
from db.talent_contracts import TalentContract, TalentFigure
from policies.engine.calendar import CHINA
from policies.engine.refusals import NotYourTask
from services.engine.decisions import Answer
from services.field_problems import FactsRefused
from services.talent_contracts import TalentContractDesk
from services.talent_sessions import Claim, TalentSessionDesk
from tests.builders.banner import settle_banner
from tests.builders.county import publish_calendar
from tests.workflows import contract_ends as ends
from tests.workflows import talent_life as life
from tests.workflows import talent_years as years
from tests.workflows.office import OPENS, Office
from tests.workflows.talent_life import COMMISSION_LEADER, EXPERT, HR, LEADER, OFFICER

TERMINATIONS = select(CaseFile).where(CaseFile.lifecycle == "ContractTermination").order_by(CaseFile.id)


@pytest.fixture
async def desk(office: Office, shelf: PackShelf) -> TalentContractDesk:
    await settle_banner(office.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(office.record, year)
    return TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=shelf)


@pytest.fixture
def book(office: Office) -> TalentSessionDesk:
    return TalentSessionDesk(office.record, office.delivery, clock=office.clock)


async def figures(office: Office, case: str) -> list[tuple[str, str]]:
    query = select(TalentFigure).where(TalentFigure.case_id == case).order_by(TalentFigure.number)
    return [(row.as_of.isoformat(), row.outcome) for row in await office.rows(query)]


async def judged(office: Office, case: str, number: int) -> Any:
    """The figure of this number, once it is there."""
    return await office.seen(select(TalentFigure).where(TalentFigure.case_id == case, TalentFigure.number == number))


async def finding(office: Office, case: str, rule: str) -> Mapping[str, Any]:
    """What was found last by a rule."""
    query = select(FindingRow.finding).where(FindingRow.case_id == case, FindingRow.rule == rule)
    found: Sequence[Mapping[str, Any]] = await office.rows(query.order_by(FindingRow.id))
    return found[-1]


async def delivered(office: Office, book: TalentSessionDesk, case: str, day: str, units: str) -> None:
    """So much is delivered on a day, which is the last one of its quarter."""
    await life.passes_to(office, day)
    (stored,) = await book.store(life.sessions(case, [day], units=units), keeper=life.keeper())
    assert stored.outcome == "created"


async def snowed_in(office: Office, book: TalentSessionDesk, case: str, *, evidence: str = "proof") -> None:
    """Five sessions of the first quarter are claimed as lost to snow."""
    snow = Claim(case, date(2040, 9, 3), date(2040, 9, 7), "weather", "5", "大雪封路", evidence)
    await book.claim(snow, keeper=life.keeper(), request="snow")
    await office.open_task("settle_excuse", OFFICER, case=case)


async def beside(office: Office, contract: str) -> dict[str, int]:
    """How many matters of each lifecycle stand beside a contract."""
    rows = await office.rows(select(CaseFile.lifecycle).where(CaseFile.facts["contract"].astext == contract))
    return {name: rows.count(name) for name in rows}


FORTY_EIGHT: Mapping[str, Any] = {
    "agreed": "192",
    "periods": [{"first_day": first, "last_day": last, "agreed": "48"} for first, last in life.QUARTERS],
}


async def test_as_44_raw_62_50_and_adjusted_69_77_are_put_to_the_employer_and_give_no_points_for_attendance(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    """G-4: the sessions of the next quarter lift the working time and leave the attendance rate where it is."""
    case = await life.in_force(office, desk, **FORTY_EIGHT)
    await office.answer("assessment_plan", HR, "by_calendar_year", case=case)
    await life.cleared(office, case)
    await life.passes_to(office, "2040-09-10")
    await snowed_in(office, book, case)
    await office.answer("settle_excuse", OFFICER, "confirm_excuse", "依据气象证明", case=case)
    await delivered(office, book, case, "2040-09-30", "30")
    await life.passes_to(office, "2040-10-01")
    matter = await office.seen(TERMINATIONS)
    assert (matter.facts["contract"], matter.facts["question"]) == (case, ""), "both are below: nothing to ask about"
    await office.open_task("confirm_ground", HR, case=matter.id)
    row = await judged(office, case, 1)
    assert (row.agreed, row.worked, row.excused, row.outcome) == (48, 30, 5, "ground_to_confirm")
    said = (await finding(office, case, "OT-6.3g"))["explanation"]["zh"]
    assert ("62.50%" in said, "69.77%" in said) == (True, True)

    await delivered(office, book, case, "2040-12-31", "60")
    await life.passes_to(office, "2041-01-01")
    assert (await judged(office, case, 2)).outcome == "no_ground"
    year = f"assessment.{case.removeprefix('talent.')}.2040"
    await office.stands(year, "assessment_due")
    await years.heard(office, year, agreed="48", attended="30", excused="5")
    await office.open_task("assessment_conclusion", LEADER, case=year)
    (points,) = await office.rows(
        select(TalentScore.points).where(TalentScore.case_id == year, TalentScore.item == "S3")
    )
    assert points == 0
    rate = (await finding(office, year, "OT-S3"))["figures"]
    assert (rate["raw_percent"], rate["adjusted_percent"]) == ("125/2", "3000/43")
    assert len(await office.rows(TERMINATIONS)) == 1, "no attendance rate is a ground"


async def test_as_46_g_13_what_has_no_proof_is_not_confirmed_by_the_commission_nor_by_the_employer_and_not_left_out(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case = await life.in_force(office, desk)
    await life.cleared(office, case)
    await life.passes_to(office, "2040-09-10")
    await snowed_in(office, book, case, evidence="")
    with pytest.raises(FactsRefused) as refused:
        await office.answer("settle_excuse", OFFICER, "confirm_excuse", "听说下雪", case=case)
    assert [(one.field, one.code) for one in refused.value.problems] == [("words", "excuse_unproved")]
    task = await office.open_task("settle_excuse", OFFICER, case=case)
    for person in (HR, LEADER, EXPERT):
        own = Answer(office.request(), task.id, person, 1, "confirm_excuse", "属实", {}, signed_in=True)
        with pytest.raises(NotYourTask):
            await office.decisions.answer(own)
    await delivered(office, book, case, "2040-09-30", "17")
    await life.passes_to(office, "2040-10-01")
    row = await judged(office, case, 1)
    assert (row.worked, row.excused, row.claimed, row.outcome) == (17, 0, 5, "ground_to_confirm")


async def test_g_5_what_only_force_majeure_saves_is_asked_and_the_months_run_from_the_first_notice_until_cancelled(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    """16 of 25 are 64 %, of 20 they are 80 %: neither a ground nor none before the commission has said so."""
    case = await life.in_force(office, desk)
    await life.cleared(office, case)
    await life.passes_to(office, "2040-09-10")
    await snowed_in(office, book, case)
    await office.answer("settle_excuse", OFFICER, "confirm_excuse", "依据气象证明", case=case)
    await delivered(office, book, case, "2040-09-30", "16")
    await life.passes_to(office, "2040-10-01")
    assert (await judged(office, case, 1)).outcome == "ask_force_majeure"
    matter = await office.seen(TERMINATIONS)
    assert (matter.facts["question"], matter.facts["learned_on"]) == ("force_majeure", "2040-10-01")
    await ends.confirmed(office, matter.id)
    await office.days_pass(20)
    await office.stands(matter.id, "asking_commission")
    await office.answer("force_majeure_ground", OFFICER, "ground_not_found", "予以扣除", case=matter.id)
    assert await life.ended(office, matter.id) == "no_ground"
    assert "deadline_cancelled" in await ends.events(office, matter.id)
    assert (await office.case(case)).stage == "active"


async def test_g_2_a_first_quarter_that_is_not_full_only_warns_and_the_sum_to_date_is_what_is_judged(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    """Nothing in two months of August and September is a warning; 75 to date are no ground with a bad last quarter."""
    days = {"first_day": "2040-08-01", "last_day": "2041-07-31"}
    case = await life.in_force(office, desk, **days, periods=[{**days, "agreed": "100"}])
    await life.cleared(office, case)
    await life.passes_to(office, "2040-10-01")
    first = await judged(office, case, 1)
    assert (first.worked, first.outcome, first.provisional) == (0, "early_warning", True)
    assert await beside(office, case) == {}
    await delivered(office, book, case, "2040-12-31", "60")
    await delivered(office, book, case, "2041-03-31", "0.5")
    await life.passes_to(office, "2041-04-01")
    assert (await judged(office, case, 3)).outcome == "no_ground", (
        "half a session in this quarter, 60.5 of 66.58 to date"
    )
    await life.passes_to(office, "2041-07-01")
    assert (await judged(office, case, 4)).outcome == "ground_to_confirm"
    assert (await office.seen(TERMINATIONS)).facts["as_of"] == "2041-06-30"


async def test_g_2_g_5_a_correction_that_lowers_the_ratio_is_known_from_its_own_day_and_by_the_days_figures_alone(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    """16 of 25, of 20 without the snow, are asked of the commission, whatever was worked in October; 10 are a ground,
    and so is what is left when a session is moved to another day.
    """
    case = await life.in_force(office, desk)
    await life.cleared(office, case)
    await life.passes_to(office, "2040-09-10")
    await snowed_in(office, book, case)
    await office.answer("settle_excuse", OFFICER, "confirm_excuse", "依据气象证明", case=case)
    await delivered(office, book, case, "2040-09-30", "24")
    await delivered(office, book, case, "2040-10-05", "30")
    await life.passes_to(office, "2040-10-20")
    assert (await judged(office, case, 1)).outcome == "no_ground"
    assert await beside(office, case) == {}
    for number, units in ((2, "16"), (3, "10")):
        await book.store(life.sessions(case, ["2040-09-30"], units=units), keeper=life.keeper())
        # One notice serves all that is delivered before it is heard: each correction is judged before the next.
        await judged(office, case, number)
        matter = await office.seen(TERMINATIONS)
        await life.passes_to(office, "2040-10-21")
    facts = matter.facts
    assert [facts[name] for name in ("as_of", "learned_on", "question")] == [
        "2040-09-30",
        "2040-10-20",
        "force_majeure",
    ]
    (moved,) = life.sessions(case, ["2040-09-30"], units="10")
    await book.store([replace(moved, day=date(2040, 10, 15))], keeper=life.keeper())
    assert [(await judged(office, case, number)).worked for number in (1, 2, 3, 4)] == [24, 16, 10, 0]
    assert [outcome for _, outcome in await figures(office, case)] == [
        "no_ground",
        "ask_force_majeure",
        "ground_to_confirm",
        "ground_to_confirm",
    ]
    assert len(await office.rows(TERMINATIONS)) == 1


async def test_as_50_as_52_g_3_g_9_g_11_nobody_says_anything_for_months_and_nothing_is_taken_for_said(
    office: Office, desk: TalentContractDesk
) -> None:
    """No session at all: the termination waits, no rescission begins, no payment is held, no year is chosen."""
    case = await life.in_force(office, desk)
    await life.cleared(office, case)
    await life.passes_to(office, "2040-10-01")
    matter = await office.seen(TERMINATIONS)
    await ends.confirmed(office, matter.id)
    await office.open_task("termination_application", LEADER, case=matter.id)
    # The last day is New Year's Day: late is what comes after the next working day (COR-16).
    await life.passes_to(office, "2041-01-04")
    assert len(await office.letters("outcome", what="application_period_passed")) == 2
    assert await beside(office, case) == {"ContractTermination": 1}
    assert [(await office.case(one)).state for one in (case, matter.id)] == ["open", "open"]
    decided = select(TaskRow.name).where(TaskRow.outcome != "", TaskRow.opened_at >= matter.started_at)
    assert await office.rows(decided) == ["confirm_ground"]
    await office.open_task("assessment_plan", HR, case=case)
    await office.open_task("hold_payments", LEADER, case=matter.id)
    await office.answer("assessment_plan", HR, "plan_silent", case=case)
    await office.answer("assessment_basis", OFFICER, "by_calendar_year", "按年度", case=case)
    await office.seen(select(CaseFile).where(CaseFile.lifecycle == "AnnualTalentAssessment"))


async def test_g_2_a_ground_that_the_employer_has_not_found_is_not_raised_again_by_what_leaves_it_as_it_was(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    """A correction from 12 to 15 of 25 stays below the line; the next quarter is another day, and another ground."""
    case = await life.in_force(office, desk)
    await life.cleared(office, case)
    await delivered(office, book, case, "2040-09-30", "12")
    await life.passes_to(office, "2040-10-01")
    matter = await office.seen(TERMINATIONS)
    await office.answer("confirm_ground", HR, "no_ground", "专家培训任务已抵扣", case=matter.id)
    assert await life.ended(office, matter.id) == "no_ground"
    await book.store(life.sessions(case, ["2040-09-30"], units="15"), keeper=life.keeper())
    assert (await judged(office, case, 2)).outcome == "ground_to_confirm"
    await life.passes_to(office, "2041-01-01")
    again = await office.seen(TERMINATIONS.where(CaseFile.state != "closed"))
    assert (again.facts["as_of"], len(await office.rows(TERMINATIONS))) == ("2040-12-31", 2)


async def drafted(office: Office, case: str, first_day: str, last_day: str, reason: str = "") -> None:
    """A draft of this term with all its working time in one period."""
    days = {"first_day": first_day, "last_day": last_day}
    form = {**life.DRAFT, **days, "term_reason": reason, "periods": [{**days, "agreed": "100"}]}
    await office.answer("contract_draft", HR, "draft_contract", form=form, case=case)


async def test_as_67_as_68_an_unusual_term_has_its_reason_and_the_commissions_word_and_a_usual_one_needs_neither(
    office: Office, desk: TalentContractDesk
) -> None:
    """Six months from 1 March end with August; three years end with February."""
    case = await life.started(office, desk)
    await life.needed(office, case)
    await life.nominated(office, case)
    await life.selected(office, case)
    first_day = "2042-03-01"
    for unusual, answered, usual in (
        ("2042-08-30", "change_term", "2042-08-31"),
        ("2045-03-01", "accept_term", "2045-02-28"),
    ):
        with pytest.raises(FactsRefused) as refused:
            await drafted(office, case, first_day, unusual)
        assert [(one.field, one.code) for one in refused.value.problems] == [("term_reason", "term_reason_missing")]
        await drafted(office, case, first_day, unusual, "按派出单位安排")
        await office.answer("contract_term_question", OFFICER, answered, "已审核", case=case)
        if answered == "accept_term":
            await office.answer("contract_by_expert", EXPERT, "ask_changes", "请改期限", case=case)
        await drafted(office, case, first_day, usual)
        await office.open_task("contract_by_expert", EXPERT, case=case)
        assert (await finding(office, case, "OT-2.1c"))["effect"] == "allow"
        await office.answer("contract_by_expert", EXPERT, "ask_changes", "请改期限", case=case)
    asked = select(TaskRow.outcome).where(TaskRow.name == "contract_term_question").order_by(TaskRow.opened_at)
    assert await office.rows(asked) == ["change_term", "accept_term"]


def core(size: int, masters: int) -> dict[str, Any]:
    """A leader with graduate education and a master's degree, and as many core members, so many of them with both."""
    said = ["yes"] * masters + ["no"] * (size - masters)
    members = [
        {"name": f"成员{number}", "title": "associate_senior", "graduate": each, "masters": each, "age": "40"}
        for number, each in enumerate(said)
    ]
    return {"members": members, "leader_graduate": "yes", "leader_masters": "yes"}


async def test_as_69_as_70_as_72_a_team_below_what_is_usual_needs_a_reason_and_one_that_reaches_it_none(
    office: Office, desk: TalentContractDesk
) -> None:
    case = await life.started(office, desk)
    await life.needed(office, case)
    for team in (core(2, 2), core(5, 2)):
        with pytest.raises(FactsRefused) as refused:
            await life.nominated(office, case, **team)
        assert [(one.field, one.code) for one in refused.value.problems] == [("reason", "team_reason_missing")]
    await life.nominated(office, case, **core(5, 2), reason="紧缺专业")
    await office.open_task("qualification_review", OFFICER, case=case)
    assert (await finding(office, case, "OT-3.5c"))["effect"] == "warn", "40 % of the core members, half of the team"
    for team, effects in ((core(3, 3), ["allow", "allow"]), (core(5, 3), ["allow", "allow"])):
        await office.answer("qualification_review", OFFICER, "return", "请补正", case=case)
        await life.nominated(office, case, **team)
        await office.open_task("qualification_review", OFFICER, case=case)
        assert [(await finding(office, case, rule))["effect"] for rule in ("OT-3.5a", "OT-3.5c")] == effects
    shares = (await finding(office, case, "OT-3.5c"))["figures"]
    assert (shares["core"], shares["core_with"], shares["whole"], shares["whole_with"]) == (5, 3, 6, 4)


async def test_ot_2_1_3_and_4_paired_support_names_its_partner_and_a_platform_has_its_name(
    office: Office, desk: TalentContractDesk
) -> None:
    case = await life.started(office, desk)
    await life.needed(office, case)
    for mode, missing in (("paired", "partner"), ("platform", "platform")):
        with pytest.raises(FactsRefused) as refused:
            await life.nominated(office, case, mode=mode, **{missing: " "})
        assert [(one.field, one.code) for one in refused.value.problems] == [(missing, "missing")]
    await life.nominated(office, case, mode="platform", platform="名医工作室")
    await office.open_task("qualification_review", OFFICER, case=case)


async def at_its_end(office: Office, desk: TalentContractDesk) -> str:
    """A contract that was recorded when its year was nearly over; its last day, a Thursday, has passed."""
    days = {"first_day": "2039-06-01", "last_day": "2040-05-31"}
    case = await life.in_force(office, desk, **days, periods=[{**days, "agreed": "100"}])
    await life.planned(office, case)
    await life.passes_to(office, "2040-06-01")
    return case


async def test_as_81_a_completed_contract_is_to_be_reported_in_five_working_days_and_silence_files_nothing(
    office: Office, desk: TalentContractDesk
) -> None:
    """Reported by Friday of the next week."""
    case = await at_its_end(office, desk)
    await life.accepted(office, case)
    report = await office.open_task("end_report", HR, case=case)
    await office.days_pass(30)
    sent = await office.rows(select(LetterRow).where(LetterRow.task_id == report.id, LetterRow.kind == "reminder"))
    assert {one.details["rung"]: one.created_at.astimezone(CHINA).date() for one in sent if one.person == HR} == {
        "before_3": date(2040, 6, 5),
        "before_1": date(2040, 6, 7),
        "due": date(2040, 6, 8),
    }
    assert (await office.open_task("end_report", HR, case=case)).escalated
    assert (await office.case(case)).state == "open"
    await life.reported(office, case)
    assert await life.ended(office, case) == "closed"


async def test_cor_01_what_is_returned_on_the_way_to_the_close_is_concluded_and_reported_anew(
    office: Office, desk: TalentContractDesk
) -> None:
    """OT-6.1d to g: the employer concludes, the commission consents or returns; a returned filing files nothing."""
    case = await at_its_end(office, desk)
    scan = await life.scanned(office, "acceptance_report", HR, case)
    report = {"completion": "完成", "arrival": "到位", "funds": "按规定使用", "attachment": scan}
    for concluded, consent in (("return", ""), ("conclude_unqualified", "return"), ("conclude_qualified", "consent")):
        await office.answer("acceptance_report", HR, "report_acceptance", form=report, case=case)
        await office.answer("acceptance_conclusion", LEADER, concluded, "见附件", case=case)
        if consent:
            await office.answer("acceptance_consent", OFFICER, consent, "已审核", case=case)
    form = {"allowances": "按约定发放", "again": "yes"}
    await office.answer("talent_next_year", LEADER, "decide_next_year", "效果良好", form=form, case=case)
    assert (await ends.events(office, case)).count("talent_accepted") == 1
    for filed in ("return", "file_end"):
        await office.stands(case, "final_acceptance")
        done = {"fulfilled": "合同已履行完毕", "attachment": ""}
        await office.answer("end_report", HR, "report_end", form=done, case=case)
        await office.answer("end_filing", OFFICER, filed, "已审核", case=case)
    assert await life.ended(office, case) == "closed"
    assert (await ends.events(office, case)).count("end_filed") == 1


async def test_ot_4a_who_is_not_taken_or_does_not_sign_has_no_contract_and_may_be_nominated_again(
    office: Office, desk: TalentContractDesk
) -> None:
    review = {"group": "评审组五人", "met_on": "2040-03-20", "result": "不一致"}
    for number, outcome in (("1", "not_selected"), ("2", "not_selected"), ("3", "not_signed")):
        case = await life.started(office, desk, number=number)
        await life.needed(office, case)
        await life.nominated(office, case)
        if number == "3":
            await life.selected(office, case)
            await drafted(office, case, life.FIRST_DAY, life.LAST_DAY)
            await office.answer("contract_by_expert", EXPERT, "decline", "时间安排不开", case=case)
        else:
            passed = {"settled": "无", "attachment": ""}
            await office.answer("qualification_review", OFFICER, "pass", form=passed, case=case)
            selection = "not_shortlisted" if number == "1" else "shortlist"
            await office.answer("preliminary_selection", OFFICER, selection, "名额有限", case=case)
        if number == "2":
            for person in (OFFICER, COMMISSION_LEADER):
                await office.answer("comprehensive_evaluation", person, "not_select", "不同意", form=review, case=case)
        assert await life.ended(office, case) == outcome
    kept = await office.rows(select(TalentContract.state).order_by(TalentContract.case_id))
    assert kept == ["ended"] * 3


async def test_g_9_cor_24_a_last_part_of_five_months_is_assessed_by_itself_only_if_the_commission_says_so(
    office: Office, desk: TalentContractDesk
) -> None:
    """It can be merged with no next year: until somebody says so it is not graded and the contract not closed."""
    days = {"first_day": "2039-01-01", "last_day": "2040-05-31"}
    case = await life.in_force(office, desk, **days, periods=[{**days, "agreed": "100"}])
    await life.passes_to(office, "2040-06-01")
    stub = await office.open_task("assessment_stub", OFFICER, case=case)
    assert (stub.refs["first_day"], stub.refs["last_day"]) == ("2040-01-01", "2040-05-31")
    await life.accepted(office, case)
    await office.days_pass(30)
    assert await office.open_tasks("end_report") == []
    await office.answer("assessment_stub", OFFICER, "leave_to_acceptance", "并入终期验收", case=case)
    await life.reported(office, case)
    assert await life.ended(office, case) == "closed"
    years_of = select(CaseFile.facts["year"].astext).where(CaseFile.lifecycle == "AnnualTalentAssessment")
    assert await office.rows(years_of) == ["2039"]
