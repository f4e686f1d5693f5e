"""The pages of attendance: a month of a term, an institution's terms with what is unexplained, the monthly sheet."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from db.attendance import AttendanceDay
from db.engine.cases import CaseFile
from db.engine.tasks import TaskRow
from db.service import Absence
from db.standstills import Standstill
from services.attendance_open import OpenDays
from services.attendance_sheet import MONTH
from services.engine.decisions import Asked
from services.forms.term_readers import READERS
from tests.builders.county import OTHER_TOWNSHIP, TOWNSHIP, appoint
from tests.console.conftest import Browser, Page, Town, read
from tests.workflows.terms import attended, filed_term, in_service, on_leave, started_on, until_day


@pytest.fixture
async def term(town: Town) -> str:
    """A term in its third week; the coordinator of attendance there is the head of nobody."""
    term = await filed_term(town.office, town.pack)
    await until_day(town.office, await in_service(town.office, term) + timedelta(days=16))
    await appoint(town.record, "p-t2-head", "R-06", TOWNSHIP)
    return term


async def days_of(town: Town) -> list[tuple[date, str, str]]:
    rows = await town.all_of(select(AttendanceDay).order_by(AttendanceDay.day, AttendanceDay.revision))
    return [(row.day, row.morning, row.afternoon) for row in rows]


def marks(page: Page) -> dict[int, str]:
    """The marks of a month by the day's number."""
    cells = page.html.select("table.days td")
    found = {int(cell.small.get_text().rstrip("*")): cell for cell in cells if cell.small}
    return {number: "".join(each.get_text() for each in cell.select(".d")) for number, cell in found.items()}


async def test_who_keeps_attendance_sees_the_month_and_corrects_it_and_the_person_reads_it(
    town: Town, term: str
) -> None:
    first = await started_on(town.office)
    day = first + timedelta(days=3)
    await attended(town.office, term, "off_post", day=4, days=1)
    browser = await town.as_person("p-t2-head")
    month = f"{day:%Y-%m}"
    page = await browser.get(f"/terms/{term}?month={month}")
    assert (page.status, marks(page)[day.day]) == (200, "缺")
    typed = {"first_day": str(day), "last_day": str(day), "kind": "official", "afternoon": "sick", "words": "补公函"}
    done = await browser.post(f"/terms/{term}/days", typed)
    assert ("考勤已登记" in done.text, marks(done)[day.day]) == (True, "公病")
    assert [each[1:] for each in await days_of(town)] == [("off_post", "off_post"), ("official", "sick")]
    own = await (await town.as_person("p-doctor")).get(f"/terms/{term}?month={month}")
    assert (marks(own)[day.day], own.html.select("form.days")) == ("公病", [])


async def test_what_is_wrong_with_typed_days_stands_beside_the_field(town: Town, term: str) -> None:
    first = await started_on(town.office)
    browser = await town.as_person("p-t1-hr")
    early = {"first_day": str(first - timedelta(days=7)), "last_day": str(first), "kind": "on_post"}
    wrong = await browser.post(f"/terms/{term}/days", early)
    assert (wrong.status, "早于服务第一天" in wrong.one("#problem-days-day").text) == (422, True)
    backwards = {**early, "first_day": str(first + timedelta(days=2))}
    assert "早于开始" in (await browser.post(f"/terms/{term}/days", backwards)).one("#problem-days-last_day").text
    assert await days_of(town) == []


async def test_the_attendance_officer_reads_the_days_and_not_the_reasons_and_opens_no_case(
    town: Town, term: str
) -> None:
    await on_leave(town.office, term, "sick", day=2, days=1)
    browser = await town.as_person("p-t2-head")
    page = await browser.get(f"/terms/{term}")
    assert (page.status, "病假" in page.text, "家中有事" in page.text) == (200, True, False)
    assert "家中有事" in (await (await town.as_person("p-t1-hr")).get(f"/terms/{term}")).text
    assert [link["href"] for link in page.html.select("p.links a")] == ["/attendance"]
    assert (await browser.get(f"/cases/{term}")).status in (403, 404)


@pytest.mark.parametrize("person", ["p-h1-hr", "p-coordinator", "p-t2-hr", "p-doctor"])
async def test_nobody_else_records_days(town: Town, term: str, person: str) -> None:
    await appoint(town.record, "p-t2-hr", "R-06", OTHER_TOWNSHIP)
    await appoint(town.record, "p-doctor", "R-06", TOWNSHIP)
    first = str(await started_on(town.office))
    browser = await town.as_person(person)
    typed = {"first_day": first, "last_day": first, "kind": "on_post"}
    assert (await browser.post(f"/terms/{term}/days", typed)).status == 403
    office = await browser.get("/attendance")
    assert (office.status == 200, term in str(office.html)) == (person != "p-coordinator", False)
    assert await days_of(town) == []


async def test_days_off_post_without_leave_are_proposed_as_one_stretch_and_recorded_by_one_button(
    town: Town, term: str
) -> None:
    """DQ-3.2.2d: nothing is confirmed by itself, and what has leave or an incident is not proposed."""
    first = await started_on(town.office)
    monday = first + timedelta(days=-first.weekday() % 7)
    number = (monday - first).days + 1
    await attended(town.office, term, "off_post", day=number, days=1, afternoon="on_post")
    await attended(town.office, term, "off_post", day=number + 1, days=2)
    await on_leave(town.office, term, "annual", day=number + 2, days=1)
    browser = await town.as_person("p-t2-head")
    office = await browser.get("/attendance")
    (form,) = office.html.select("form.propose")
    assert "1.5" in form.get_text()
    fields = {str(each["name"]): str(each["value"]) for each in form.select("input")}
    done = await browser.post(str(form["action"]), fields)
    assert "待确认" in done.text
    (row,) = await town.all_of(select(Absence))
    assert (row.first_day, row.last_day, str(row.days), row.state, row.recorded_by) == (
        monday, monday + timedelta(days=1), "1.5", "recorded", "p-t2-head",
    )  # fmt: skip
    assert (await browser.get("/attendance")).html.select("form.propose") == []
    await town.office.open_task("confirm_absence", "p-t1-head", case=term)


async def send(browser: Browser, month: str, content: bytes, act: str) -> Page:
    files = {"sheet": ("m.xlsx", content)}
    return read(await browser.http.post("/attendance/sheet", data={"act": act, "month": month}, files=files))


async def test_the_months_sheet_comes_filled_and_goes_back_checked_then_kept(town: Town, term: str) -> None:
    first = await started_on(town.office)
    await attended(town.office, term, "on_post", day=1)
    day = first + timedelta(days=6)
    browser, month = await town.as_person("p-t1-hr"), f"{day:%Y-%m}"
    answer = await browser.http.get("/attendance/sheet", params={"month": f"{first:%Y-%m}"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert (rows[1][:4], rows[1][3 + first.day]) == ([term, "p-doctor", "凌远航", f"{first:%Y-%m}"], "岗")
    good, bad = {"term": term, "month": month, f"d{day.day}": "年"}, {"term": "t", "month": month, "d1": "?"}
    content = written(good, bad)
    tried = await send(browser, month, content, "try")
    assert ("尚未保存" in tried.text, "没有这个服务期" in tried.text, len(await days_of(town))) == (True, True, 1)
    kept = await send(browser, month, content, "keep")
    assert "新登记1人，更正0人，无变化0人，退回1人" in kept.text
    assert (day, "annual", "annual") in await days_of(town)
    unreadable = await send(browser, month, b"PK", "keep")
    assert (unreadable.status, "无法读取这个文件" in unreadable.text) == (422, True)


def written(*rows: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [heading.chinese for heading in MONTH])
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [row.get(heading.field, "") for heading in MONTH])
    return content.getvalue()


async def test_the_page_says_how_many_days_have_no_record_and_what_contradicts_them(town: Town, term: str) -> None:
    first = await started_on(town.office)
    await on_leave(town.office, term, "annual", day=2, days=1)
    await attended(town.office, term, "on_post", day=1, days=3)
    page = await (await town.as_person("p-t1-hr")).get(f"/terms/{term}?month={first + timedelta(days=1):%Y-%m}")
    assert "个工作日没有考勤记录，计时时按在岗处理" in page.text
    assert len(page.html.select("table.days td.against")) == 1
    assert "不一致" in page.text


async def test_nothing_is_proposed_of_days_on_which_the_term_stood_still(town: Town, term: str) -> None:
    first = await started_on(town.office)
    await attended(town.office, term, "off_post", day=5, days=2)
    browser = await town.as_person("p-t2-head")
    assert len((await browser.get("/attendance")).html.select("form.propose")) == 1
    stood = Standstill(
        id=f"{term}.s1", case_id=term, kind="force_majeure", common=f"{term}.s1", first_day=first,
        last_day=first + timedelta(days=9), recorded_by="p-t1-hr", recorded_at=town.clock.now(), state="ended",
    )  # fmt: skip
    async with town.record.begin() as session:
        session.add(stood)
    assert (await browser.get("/attendance")).html.select("form.propose") == []
    assert (await browser.get(f"/terms/{term}")).html.select("form.propose") == []


async def test_who_certifies_the_months_reads_which_days_are_still_open(town: Town, term: str) -> None:
    first = await started_on(town.office)
    await attended(town.office, term, "on_post", day=1, days=3)
    await attended(town.office, term, "off_post", day=10)
    async with town.record() as session:
        case = await session.get_one(CaseFile, term)
        task = (await session.scalars(select(TaskRow).where(TaskRow.case_id == term).limit(1))).one()
        asked = Asked.of(task, case, town.pack, now=town.clock.now())
        left = (await READERS["certificate"](session, asked))["open_days"]
    assert isinstance(left, OpenDays)
    assert [(one.first_day, one.days) for one in left.proposals] == [(first + timedelta(days=9), Decimal(1))]
    assert (left.unrecorded > 5, left.contradictions) == (True, ())
