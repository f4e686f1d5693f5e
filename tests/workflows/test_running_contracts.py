"""COR-17: flexible-talent contracts that run already are imported and go on from there; nothing is decided by it."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from db.engine.cases import CaseFile, FindingRow
from db.engine.tasks import DecisionRow, TaskRow
from db.talent_contracts import TalentContract, TalentFigure, TalentPeriod
from db.talent_openings import TalentOpening
from tests.workflows import running_contracts as running
from tests.workflows import talent_life as life
from tests.workflows.office import Office


@pytest.fixture(autouse=True)
async def banner(office: Office) -> None:
    await running.settled(office)


async def asked(office: Office, case: str) -> set[str]:
    return set(await office.rows(select(TaskRow.name).where(TaskRow.case_id == case)))


async def figures(office: Office, case: str) -> list[tuple[str, str, str]]:
    query = select(TalentFigure).where(TalentFigure.case_id == case).order_by(TalentFigure.number)
    return [(str(row.as_of), f"{row.worked.normalize():f}", row.outcome) for row in await office.rows(query)]


async def test_cor_17_a_running_contract_is_in_force_with_what_was_stated_and_nothing_was_decided(
    office: Office,
) -> None:
    (case,) = await running.imported(office, running.with_gates(with_others="ot-h2", past_results="2039年合格"))
    await office.stands(case, "active")
    (row,) = await office.rows(select(TalentContract).where(TalentContract.case_id == case))
    assert (row.state, row.number, row.agreed, str(row.filed_on)) == ("signed", "鄂旗医柔聘2039-07", 100, "2039-06-01")
    assert (row.settled_by, str(row.no_clinic_before)) == (None, "2039-06-15")
    assert len(await office.rows(select(TalentPeriod).where(TalentPeriod.case_id == case))) == 4
    assert not await office.rows(select(DecisionRow).where(DecisionRow.case_id == case))
    assert not await asked(office, case) & {"talent_need", "talent_filing", "contract_paper", "home_unit_consent"}
    (file,) = await office.rows(select(CaseFile).where(CaseFile.id == case))
    assert (file.facts["imported"], file.facts["signatories"]) == ("2040-01-31", "ot-h2")
    assert next(json.loads(one)["event"] for one in await office.file_of(case)) == "contract_imported"
    told = {(one.person, one.details["what"]) for one in await office.letters("outcome")}
    assert {(who, "contract_imported") for who in (life.EXPERT, life.HR, life.LEADER, life.OFFICER)} <= told
    assert await office.damage() == []


async def test_cor_17_what_stands_in_the_import_is_sealed_and_provable(office: Office) -> None:
    (case,) = await running.imported(office, running.a_row(past_results="2039年合格", words="原件在档案室"))
    await office.stands(case, "active")
    async with office.record() as session:
        stored = (await session.execute(text("SELECT past_results, words FROM talent_opening"))).all()
    assert stored[0][0]
    assert "合格".encode() not in stored[0][0] + stored[0][1]
    async with office.record.begin() as session:
        await session.execute(text("UPDATE talent_opening SET worked = 90"))
    (found,) = await office.damage()
    assert (found.what, found.how) == ("talent_opening", "altered")
    assert case


async def test_cor_08_a_gate_that_the_sheet_does_not_state_is_asked_and_never_assumed(office: Office) -> None:
    row = running.a_row(consent_service="已退休或无派出单位", consent_basis="2038年退休")
    (case,) = await running.imported(office, row)
    await office.open_task("practice_authority", life.HR, case=case)
    assert "home_unit_consent" not in await asked(office, case)
    assert await running.delivered(office, case, "2040-03-04", "1") == ["gates_open"]
    scan = await life.scanned(office, "practice_authority", life.HR, case)
    authority = {"basis": "invitation", "number": "8号", "valid_from": "2039-06-15", "attachment": scan}
    await office.answer("practice_authority", life.HR, "record_authority", form=authority, case=case)
    await office.seen(select(TalentContract).where(TalentContract.no_clinic_before.is_not(None)))
    assert await running.delivered(office, case, "2040-03-04", "1") == ["created"]


async def test_cor_08_an_authority_that_was_stated_opens_nothing_while_the_home_unit_is_asked(office: Office) -> None:
    stated = {name: value for name, value in running.GATES.items() if name.startswith("authority")}
    (case,) = await running.imported(office, running.a_row(**stated))
    await office.open_task("home_unit_consent", life.HR, case=case)
    assert "practice_authority" not in await asked(office, case)
    assert await running.delivered(office, case, "2040-03-04", "1") == ["gates_open"]
    scan = await life.scanned(office, "home_unit_consent", life.HR, case)
    consent = {"service": "in_service", "basis": "", "consented_on": "2040-02-20", "attachment": scan}
    await office.answer("home_unit_consent", life.HR, "record_consent", form=consent, case=case)
    # The later of both papers: what the sheet stated and what was recorded here.
    opened = await office.seen(
        select(TalentContract.no_clinic_before).where(TalentContract.no_clinic_before.is_not(None))
    )
    assert str(opened) == "2040-02-20"


async def test_cor_17_days_up_to_the_import_are_neither_judged_nor_asked_and_the_next_are_cumulative(
    office: Office,
) -> None:
    (case,) = await running.imported(office, running.with_gates(excused="3"))
    await office.stands(case, "active")
    assert await running.delivered(office, case, "2040-01-31", "1") == ["before_import"]
    await life.passes_to(office, "2040-03-31")
    assert await running.delivered(office, case, "2040-02-01", "1.5") == ["created"]
    await life.passes_to(office, "2040-04-01")
    await office.seen(select(TalentFigure).where(TalentFigure.case_id == case))
    # 52 stated and 1.5 delivered, of 75 agreed to date: 71.33 %, and 74.31 % without the 3 lost before.
    assert await figures(office, case) == [("2040-03-31", "53.5", "early_warning")]
    assert await office.rows(select(TalentFigure.excused).where(TalentFigure.case_id == case)) == [3]
    (found,) = await office.rows(select(FindingRow).where(FindingRow.rule == "OT-6.3g"))
    assert Decimal(found.finding["inputs"]["facts"]["imported"]) == Decimal(found.finding["figures"]["imported"]) == 52
    assert "其中52次为期初导入" in found.finding["explanation"]["zh"]
    tasks = await office.rows(select(TaskRow).where(TaskRow.case_id == case, TaskRow.name == "talent_check_in"))
    assert [task.refs["quarter"] for task in tasks] == ["2040-03-31"]
    assert await office.damage() == []


async def test_g_2_opening_figures_below_70_open_nothing_on_the_day_of_the_import_and_a_matter_at_the_next_checkpoint(
    office: Office,
) -> None:
    (case,) = await running.imported(office, running.with_gates(worked="20", learned="尚未得知"))
    await office.stands(case, "active")
    await life.passes_to(office, "2040-03-31")
    assert not await figures(office, case)
    matters = select(CaseFile.facts).where(CaseFile.lifecycle == "ContractTermination")
    assert not await office.rows(matters)
    await life.passes_to(office, "2040-04-01")
    facts = await office.seen(matters)
    assert (facts["contract"], facts["as_of"], facts["learned_on"]) == (case, "2040-03-31", "2040-04-01")


async def test_cor_17_an_imported_contract_runs_on_to_expiry_acceptance_and_close(office: Office) -> None:
    (case,) = await running.imported(office, running.with_gates())
    await office.stands(case, "active")
    await life.planned(office, case)
    await running.lived_to_the_close(office, case)
    assert await figures(office, case) == [("2040-03-31", "76", "no_ground"), ("2040-06-30", "100", "no_ground")]
    years = await office.rows(select(CaseFile.id).where(CaseFile.lifecycle == "AnnualTalentAssessment"))
    assert years == [f"assessment.{case.removeprefix('talent.')}.2040"]
    assert await office.damage() == []


async def test_cor_24_years_that_were_over_are_not_assessed_again_and_the_current_one_is(office: Office) -> None:
    row = running.with_gates(first_day="2038-01-01", last_day="2041-12-31", periods="", agreed="400")
    row |= {"signed_on": "2037-12-20", "worked": "200"}
    (case,) = await running.imported(office, row)
    await office.stands(case, "active")
    await life.passes_to(office, "2041-01-02")
    years = select(CaseFile.id).where(CaseFile.lifecycle == "AnnualTalentAssessment")
    await office.seen(years)
    assert await office.rows(years) == [f"assessment.{case.removeprefix('talent.')}.2040"]
    (term,) = await office.rows(select(FindingRow).where(FindingRow.case_id == case, FindingRow.rule == "OT-2.1c"))
    assert term.finding["outcome"] == "above_maximum"


async def test_cor_17_who_imports_and_that_the_same_sheet_again_begins_nothing_anew(office: Office) -> None:
    first = await running.imported(office, running.a_row())
    seen = await running.looked_at(office, running.a_row(), running.a_row(worked="53"))
    assert [(row.result.outcome, row.result.key) for row in seen.imported.rows] == [
        ("unchanged", first[0]),
        ("refused", first[0]),
    ]
    again = await running.looked_at(office, running.a_row(first_day="2039-08-01", periods=""))
    assert [one.code for one in again.imported.rows[0].result.problems] == ["contract_under_way"]
    assert len(await office.rows(select(TalentOpening))) == 1


async def test_ot_21d_work_before_the_signature_is_stated_and_the_commission_says_whether_it_counts(
    office: Office,
) -> None:
    row = running.with_gates(signed_on="2039-10-01", worked_before="20", periods="", as_of="2040-02-29")
    (case,) = await running.imported(office, row)
    await office.answer("before_signature", life.OFFICER, "leave_out_before", "合同写明自签订之日起", case=case)
    await life.passes_to(office, "2040-04-01")
    await office.seen(select(TalentFigure).where(TalentFigure.case_id == case))
    # Of the 52 that were stated 32 lie after the signature; the time before it is neither agreed nor worked.
    assert await figures(office, case) == [("2040-03-31", "32", "ground_to_confirm")]
    (found,) = await office.rows(select(FindingRow).where(FindingRow.rule == "OT-6.3g"))
    assert Decimal(found.finding["figures"]["imported"]) == 32


async def test_ot_63j_half_of_the_term_that_lay_before_the_import_is_not_asked_and_one_ahead_is(office: Office) -> None:
    behind, ahead = await running.imported(
        office,
        running.with_gates(),
        running.with_gates(
            person="o-expert-2", number="8", first_day="2039-12-01", last_day="2040-11-30", periods="", worked="9"
        ),
    )
    await life.passes_to(office, "2040-06-03")
    await office.open_task("midterm_assessment", life.HR, case=ahead)
    assert "midterm_assessment" not in await asked(office, behind)


@pytest.mark.parametrize(("excused", "question"), [("", ""), ("30", "force_majeure")])
async def test_ot_63k_who_had_learned_before_the_import_loses_nothing_of_the_three_months(
    office: Office, excused: str, question: str
) -> None:
    row = running.with_gates(worked="30", excused=excused, learned="2040-01-05")
    (case,) = await running.imported(office, row)
    matters = select(CaseFile).where(CaseFile.lifecycle == "ContractTermination")
    matter = await office.seen(matters)
    told = [matter.facts.get(name, "") for name in ("contract", "ground", "learned_on", "question", "figure")]
    assert told == [case, "g", "2040-01-05", question, ""]
    await life.passes_to(office, "2040-04-01")
    await office.seen(select(TalentFigure).where(TalentFigure.case_id == case))
    # The checkpoint that follows finds the matter that is open, and opens no second one.
    assert len(await office.rows(matters)) == 1
    assert await office.damage() == []
