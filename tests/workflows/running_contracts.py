"""Flexible-talent contracts that run already, imported from a sheet: shared by the tests of their paths and pages."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from db.engine.packs import PackShelf
from policies.engine.pack import Pack
from services.engine.permissions import Viewer
from services.engine.places import Places
from services.import_template import workbook
from services.opening_balances import Seen
from services.talent_opening_rows import HEADINGS
from services.talent_openings import ContractOpeningDesk
from services.talent_sessions import SessionRow, TalentSessionDesk
from tests.builders.banner import EMPLOYER, settle_banner
from tests.builders.county import publish_calendar
from tests.workflows import talent_life as life
from tests.workflows.office import OPENS, Office

OFFICER = "o-officer"
FIRST_DAY, LAST_DAY = "2039-07-01", "2040-06-30"
# A contract of a year in four periods of 25 sessions, summed up to the end of a month within its third quarter.
ROW: Mapping[str, str] = {
    "person": "o-expert",
    "employer": EMPLOYER,
    "department": "内镜中心",
    "talent_class": "第一类：省级",
    "form": "顾问指导",
    "mode": "顾问兼职（假日门诊等）",
    "filing_number": "鄂旗卫健备〔2039〕3号",
    "filed_on": "2039-06-01",
    "number": "鄂旗医柔聘2039-07",
    "signed_on": "2039-06-20",
    "first_day": FIRST_DAY,
    "last_day": LAST_DAY,
    "unit": "次",
    "agreed": "100",
    "periods": "2039-07-01至2039-09-30：25；2039-10-01至2039-12-31：25；2040-01-01至2040-03-31：25；"
    "2040-04-01至2040-06-30：25",
    "fund_yuan": "300000",
    "as_of": "2040-01-31",
    "worked": "52",
}
GATES: Mapping[str, str] = {
    "consent_service": "在职",
    "consented_on": "2039-06-10",
    "authority_basis": "外出会诊邀请",
    "authority_number": "会诊邀请函7号",
    "authority_from": "2039-06-15",
}


def a_row(**more: str) -> dict[str, str]:
    return {**ROW, **more}


def with_gates(**more: str) -> dict[str, str]:
    return {**ROW, **GATES, **more}


def a_sheet(*rows: Mapping[str, str]) -> bytes:
    return workbook(HEADINGS, "在履合同", [[row.get(heading.field, "") for heading in HEADINGS] for row in rows])


async def settled(office: Office) -> None:
    """The banner, and the calendars of the years in which such a contract lies."""
    await settle_banner(office.record)
    for year in (OPENS.year - 1, OPENS.year + 1):
        await publish_calendar(office.record, year)


def desk(office: Office) -> ContractOpeningDesk:
    places = Places(office.record, office.clock)
    return ContractOpeningDesk(
        office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record), places=places
    )


async def viewer(office: Office, person: str = OFFICER) -> Viewer:
    await office.tell_time()
    found = await office.sessions.viewer(person)
    assert found is not None
    return found


async def looked_at(office: Office, *rows: Mapping[str, str]) -> Seen:
    return await desk(office).look(await viewer(office), a_sheet(*rows))


async def imported(office: Office, *rows: Mapping[str, str]) -> list[str]:
    """The sheet is looked at and confirmed; the contracts that go on."""
    seen = await looked_at(office, *rows)
    done = await desk(office).confirm(await viewer(office), seen.sheet)
    assert [row.result.outcome for row in done.imported.rows] == ["created"] * len(rows), done.imported.rows
    return [row.result.key for row in done.imported.rows]


async def delivered(office: Office, case: str, day: str, units: str) -> list[str]:
    """Sessions of one day; what became of them, by the codes of what is wrong."""
    book = TalentSessionDesk(office.record, office.delivery, clock=office.clock)
    row = SessionRow(case, f"S-{day}", date.fromisoformat(day), "clinic", Decimal(units))
    (result,) = await book.store([row], keeper=life.keeper())
    return [one.code for one in result.problems] or [result.outcome]


async def lived_to_the_close(office: Office, case: str) -> None:
    """Both quarters that are left are worked and summed up, the year assessed, the contract accepted and filed."""
    for day, after in (("2040-03-31", "2040-04-01"), ("2040-06-30", "2040-07-01")):
        await life.passes_to(office, day)
        assert await delivered(office, case, day, "24") == ["created"]
        await life.passes_to(office, after)
        await life.summed_up(office, case)
    await life.accepted(office, case)
    await life.reported(office, case)
    await life.ended(office, case)


async def live_through_running_contracts(office: Office, _: Pack) -> None:
    """Two imported contracts, for the recorder: one that was imported wrongly, one that goes on to the close."""
    await settled(office)
    wrong, right = await imported(office, with_gates(person="o-expert-2", number="鄂旗医柔聘2039-08"), with_gates())
    await office.stands(wrong, "active")
    officer = await viewer(office)
    await desk(office).take_back(wrong, officer, reason="合同期录错", request=office.request())
    assert await life.ended(office, wrong) == "withdrawn"
    await office.stands(right, "active")
    await life.planned(office, right)
    await lived_to_the_close(office, right)
