"""What the commission has said of a figure about working time holds for that figure, and for no other (G-2, G-5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from db.contract_ends import TalentRuling
from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.engine.tasks import TaskRow
from db.talent_contracts import TalentFigure
from services.field_problems import FactsRefused
from services.talent_contracts import TalentContractDesk
from services.talent_sessions import Claim, SessionRow, TalentSessionDesk
from tests.builders.banner import settle_banner
from tests.builders.county import publish_calendar
from tests.workflows import contract_ends as ends
from tests.workflows import talent_life as life
from tests.workflows.office import OPENS, Office
from tests.workflows.talent_life import OFFICER

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


async def worked(book: TalentSessionDesk, case: str, units: str, words: str) -> None:
    row = SessionRow(case, "S", date(2040, 9, 30), "clinic", Decimal(units), words)
    (result,) = await book.store([row], keeper=life.keeper())
    assert result.outcome in ("created", "changed")


async def outcome(office: Office, case: str, number: int) -> str:
    query = select(TalentFigure).where(TalentFigure.case_id == case, TalentFigure.number == number)
    return str((await office.seen(query)).outcome)


async def questions(office: Office, name: str, case: str) -> Sequence[TaskRow]:
    query = select(TaskRow).where(TaskRow.case_id == case, TaskRow.name == name).order_by(TaskRow.opened_at)
    return await office.rows(query)


async def saved_by_snow(office: Office, desk: TalentContractDesk, book: TalentSessionDesk) -> tuple[str, CaseFile]:
    """16 of 25 are 64 %, of the 20 that snow has left they are 80 %; the commission is asked."""
    case = await life.in_force(office, desk)
    await life.cleared(office, case)
    await life.passes_to(office, "2040-09-10")
    claim = Claim(case, date(2040, 9, 1), date(2040, 9, 5), "weather", "5", "大雪封路", "proof")
    await book.claim(claim, keeper=life.keeper(), request="snow")
    await office.answer("settle_excuse", OFFICER, "confirm_excuse", "依据气象证明", case=case)
    await life.passes_to(office, "2040-09-30")
    await worked(book, case, "16", "一季度")
    await life.passes_to(office, "2040-10-01")
    assert await outcome(office, case, 1) == "ask_force_majeure"
    matter = await office.seen(TERMINATIONS)
    await ends.confirmed(office, matter.id)
    await office.open_task("force_majeure_ground", OFFICER, case=matter.id)
    return case, matter


async def said(office: Office, matter: str, choice: str) -> None:
    await office.answer("force_majeure_ground", OFFICER, choice, "经研究", case=matter)


async def test_g5_no_ground_holds_for_the_same_figures_and_changed_ones_are_asked_about_anew(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case, matter = await saved_by_snow(office, desk, book)
    await said(office, matter.id, "ground_not_found")
    assert await life.ended(office, matter.id) == "no_ground"
    await worked(book, case, "16", "只补充说明")
    assert await outcome(office, case, 2) == "no_ground"
    assert len(await office.rows(TERMINATIONS)) == 1
    await worked(book, case, "16.5", "补登半次")
    assert await outcome(office, case, 3) == "ask_force_majeure"
    second = await office.seen(TERMINATIONS.where(CaseFile.id != matter.id))
    assert (second.facts["question"], second.facts["figure"]) == ("force_majeure", "3")


async def test_g5_a_ground_holds_for_the_same_figures_and_changed_ones_are_asked_about_in_the_same_matter(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case, matter = await saved_by_snow(office, desk, book)
    await said(office, matter.id, "ground_stands")
    await office.seen(select(TalentRuling).where(TalentRuling.answer == "ground", TalentRuling.number == 1))
    await worked(book, case, "16", "只补充说明")
    assert await outcome(office, case, 2) == "ground_to_confirm"
    await worked(book, case, "16.5", "补登半次")
    assert await outcome(office, case, 3) == "ask_force_majeure"
    asked = await office.open_task("force_majeure_ground", OFFICER, case=matter.id)
    assert asked.refs["figure"] == "3"
    assert [one.key for one in await questions(office, "force_majeure_ground", matter.id)] == [
        "force_majeure",
        "figure_asked/3",
    ]
    assert len(await office.rows(TERMINATIONS)) == 1
    assert not [one for one in await office.damage() if one.what == "talent_ruling"]


async def test_g5_a_question_that_is_still_open_goes_on_with_the_figures_as_they_are(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    """A correction that changes no figure leaves it alone; one that does is what is asked about from then on."""
    case, matter = await saved_by_snow(office, desk, book)
    await worked(book, case, "16", "只补充说明")
    assert await outcome(office, case, 2) == "ask_force_majeure"
    await worked(book, case, "16.5", "补登半次")
    assert await outcome(office, case, 3) == "ask_force_majeure"
    await office.seen(select(TaskRow).where(TaskRow.case_id == matter.id, TaskRow.key == "figure_asked/3"))
    asked = await questions(office, "force_majeure_ground", matter.id)
    assert {one.key: one.status for one in asked} == {"force_majeure": "withdrawn", "figure_asked/3": "open"}


async def short(office: Office, desk: TalentContractDesk, **more: Any) -> str:
    """A contract of four and a half months: no full quarter lies in it."""
    case = await life.started(office, desk)
    await life.needed(office, case)
    await life.nominated(office, case)
    await life.selected(office, case)
    days = {"first_day": "2040-07-15", "last_day": "2040-09-20"}
    form = {**life.DRAFT, **days, "periods": [{**days, "agreed": "100"}], "term_reason": "短期支援", **more}
    await office.answer("contract_draft", life.HR, "draft_contract", form=form, case=case)
    await office.answer("contract_term_question", OFFICER, "accept_term", "同意短期", case=case)
    await office.answer("contract_by_expert", life.EXPERT, "sign", case=case)
    await office.answer("contract_by_employer", life.LEADER, "sign", case=case)
    scan = await life.scanned(office, "contract_paper", life.HR, case)
    paper = {"number": "短1号", "signed_on": "2040-04-10", "acknowledged": "yes", "attachment": scan}
    await office.answer("contract_paper", life.HR, "record_contract", form=paper, case=case)
    await life.cleared(office, case)
    return case


@pytest.mark.parametrize(
    ("choice", "then"), [("short_is_warning", "early_warning"), ("short_is_ground", "ground_to_confirm")]
)
async def test_g2_a_term_without_a_full_quarter_is_asked_about_once_for_the_same_figures(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk, choice: str, then: str
) -> None:
    case = await short(office, desk)
    await life.passes_to(office, "2040-09-20")
    row = SessionRow(case, "S", date(2040, 9, 19), "clinic", Decimal(50), "")
    await book.store([row], keeper=life.keeper())
    await life.passes_to(office, "2040-09-21")
    assert await outcome(office, case, 1) == "ask_short_term"
    await book.store([SessionRow(case, "S", row.day, "clinic", row.units, "说明")], keeper=life.keeper())
    assert await outcome(office, case, 2) == "ask_short_term"
    await office.answer("short_term_ground", OFFICER, choice, "经研究", case=case)
    assert await outcome(office, case, 3) == then
    await book.store([SessionRow(case, "S", row.day, "clinic", row.units, "再说明")], keeper=life.keeper())
    assert await outcome(office, case, 4) == then
    assert len(await questions(office, "short_term_ground", case)) == 1
    assert len(await office.rows(TERMINATIONS)) == (then == "ground_to_confirm")


async def test_g13_no_more_is_claimed_than_was_agreed_for_the_quarter_and_nothing_twice(
    office: Office, desk: TalentContractDesk, book: TalentSessionDesk
) -> None:
    case = await life.in_force(office, desk)
    await life.passes_to(office, "2040-09-10")
    snow = Claim(case, date(2040, 9, 1), date(2040, 9, 5), "weather", "20", "大雪封路", "proof")
    await book.claim(snow, keeper=life.keeper(), request="snow")
    await book.claim(snow, keeper=life.keeper(), request="snow")
    for units, most in (("5.01", "5"), ("26", "5")):
        with pytest.raises(FactsRefused) as refused:
            await book.claim(replace(snow, units=units), keeper=life.keeper(), request=units)
        assert [(one.code, one.values) for one in refused.value.problems] == [("claim_above_agreed", (("most", most),))]
    await book.claim(replace(snow, units="5"), keeper=life.keeper(), request="rest")
