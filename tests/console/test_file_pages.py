"""The file on the page of a case is shown piece by piece; nothing of it is left out."""

import pytest
from sqlalchemy import insert

from db.engine.cases import CaseFile, EventRow
from db.engine.evidence_chain import append
from db.engine.opening import NewCase, open_case
from db.engine.packs import PackShelf
from services.engine.case_rows import TIMELINE
from tests.builders.county import settle_county
from tests.console.conftest import Page, Town

CASE = "enquiry.1"
LINES = 2 * TIMELINE + 50


@pytest.fixture
async def long_file(quiet_town: Town, shelf: PackShelf) -> Town:
    """A case whose file fills two pages and a half; its first line is the only one that names a stage."""
    await settle_county(quiet_town.record)
    moved = {"event": "stage", "refs": {"from": "choosing", "to": "under_two_way_review"}}
    bodies = [moved] + [{"event": "rung_fired", "refs": {"rung": f"r{number}"}} for number in range(LINES - 1)]
    pack = await shelf.pack(quiet_town.pack.id, quiet_town.pack.version)
    new = NewCase(CASE, "Enquiry", pack, (), {}, institution="dq-h1")
    async with quiet_town.record.begin() as session:
        await open_case(session, new, at=quiet_town.clock.now())
        case = await session.get_one(CaseFile, CASE)
        case.stage = "under_two_way_review"
        lines = append(case, bodies, at=quiet_town.clock.now(), keyring=quiet_town.keyring)
        await session.execute(insert(EventRow), lines)
    return quiet_town


def numbers(page: Page) -> list[int]:
    """The numbers that the browser prints before the lines."""
    return [int(str(line["value"])) for line in page.html.select("ol.timeline > li")]


def links(page: Page) -> dict[str, str]:
    return {each.text: str(each["href"]) for each in page.html.select("#file > p > a")}


async def test_the_links_lead_through_every_line_of_the_file(long_file: Town) -> None:
    browser = await long_file.as_person("p-coordinator")
    seen: list[int] = []
    page = await browser.get(f"/cases/{CASE}")
    while True:
        seen += numbers(page)
        older = {words: target for words, target in links(page).items() if "更早" in words}
        if not older:
            break
        ((words, target),) = older.items()
        assert f"还有{LINES - len(seen)}条" in words
        page = await browser.get(target)
    assert seen == list(range(LINES, 0, -1))
    assert links(page) == {"返回最新的记录": f"/cases/{CASE}#file"}


async def test_the_map_knows_the_stages_that_the_shown_lines_do_not_name(long_file: Town) -> None:
    page = await (await long_file.as_person("p-coordinator")).get(f"/cases/{CASE}")
    assert [stop.text for stop in page.html.select("svg.map g.done")] == ["选岗中"]


@pytest.mark.parametrize("before", ["", "0", "-5", "abc", "99999999999999999999", "1"])
async def test_no_address_breaks_the_page(long_file: Town, before: str) -> None:
    page = await (await long_file.as_person("p-coordinator")).get(f"/cases/{CASE}?before={before}")
    assert page.status == 200
    assert bool(page.html.select("ol.timeline > li")) == (before != "1")
