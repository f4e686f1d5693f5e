"""A flexible-talent contract from the need to the close (policy.md 3.14; OT-2.1, OT-4a, OT-6)."""

from datetime import date

import pytest
from sqlalchemy import select

from db.engine.packs import PackShelf
from db.talent_contracts import TalentContract, TalentFigure
from services.field_problems import FactsRefused
from services.talent_contracts import TalentContractDesk
from services.talent_sessions import TalentSessionDesk
from tests.builders.banner import settle_banner
from tests.builders.county import publish_calendar
from tests.workflows import talent_life as life
from tests.workflows.office import OPENS, Office


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
