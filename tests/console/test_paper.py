"""Decisions taken on paper or in a meeting: signer, day, scan, a second person, then the record (COR-04)."""

import json

import httpx2
import pytest
from sqlalchemy import select

from db.engine.cases import EventRow
from db.engine.tasks import DecisionRow, Evidence, InboxRow, PaperDecision, TaskRow
from tests.builders.county import HOSPITAL, TOWNSHIP, appoint
from tests.console.conftest import Town

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SHEET = {"signer": "p-h1-head", "decided_on": "2026-01-05", "choice": "agree", "words": "同意", "minutes": ""}


async def record(town: Town, task: str, *, by: str = "p-h1-hr", scan: bytes = PDF, **changed: str) -> httpx2.Response:
    browser = await town.as_person(by)
    files = {"scan": ("sheet.pdf", scan, "application/pdf")}
    return await browser.http.post(f"/tasks/{task}/paper", data={**SHEET, **changed}, files=files)


async def papers(town: Town) -> list[PaperDecision]:
    return list(await town.all_of(select(PaperDecision)))


async def test_a_recorded_sheet_counts_only_after_the_second_person(town: Town) -> None:
    task = await town.enquire()
    assert (await record(town, task)).status_code == 303
    assert await town.all_of(select(InboxRow.request)) == []
    (paper,) = await papers(town)
    page = await (await town.as_person("p-coordinator")).post(f"/paper/{paper.id}", {"choice": "confirm"})
    assert page.status == 200
    decision = await town.seen(select(DecisionRow).where(DecisionRow.task_id == task))
    assert (decision.person, decision.channel) == ("p-h1-head", "paper")
    assert (decision.recorded_by, decision.checked_by) == ("p-h1-hr", "p-coordinator")
    assert decision.decided_on.isoformat() == "2026-01-05"
    assert decision.decided_on < decision.decided_at.date()
    assert decision.evidence == paper.evidence


@pytest.mark.parametrize("checker", ["p-h1-hr", "p-h1-head"])
async def test_neither_recorder_nor_signer_checks(town: Town, checker: str) -> None:
    task = await town.enquire()
    await record(town, task)
    (paper,) = await papers(town)
    page = await (await town.as_person(checker)).post(f"/paper/{paper.id}", {"choice": "confirm"})
    assert page.status == 403
    assert await town.all_of(select(InboxRow.request)) == []


@pytest.mark.parametrize("recorder", ["p-doctor", "p-h2-hr", "p-t1-hr", "p-monitor", "p-h1-head"])
async def test_only_an_hr_officer_in_reach_records(town: Town, recorder: str) -> None:
    task = await town.enquire()
    assert (await record(town, task, by=recorder)).status_code in (403, 404)
    assert await papers(town) == []


@pytest.mark.parametrize(
    ("reader", "shown"),
    [("p-h1-head", True), ("p-coordinator", True), ("p-t1-head", False), ("p-t1-hr", False), ("p-monitor", False)],
)
async def test_an_unchecked_sheet_is_read_only_where_its_task_lies(reviewed: Town, reader: str, *, shown: bool) -> None:
    """The other side reads a decision with its reason, not what somebody has recorded and nobody checked."""
    page = await (await reviewed.as_person(reader)).get("/paper")
    assert page.status == 200
    assert ("本院同意派出" in page.text, "陆永康" in page.one("main").text) == (shown, shown)


async def test_nobody_reads_an_unchecked_sheet_of_their_own_case(town: Town) -> None:
    await appoint(town.record, "p-doctor", "R-03", HOSPITAL)
    await record(town, await town.enquire(), words="本院同意派出")
    assert "本院同意派出" not in (await (await town.as_person("p-doctor")).get("/paper")).text


@pytest.mark.parametrize(
    ("changed", "scan", "status"),
    [
        ({"decided_on": "2099-01-01"}, PDF, 422),
        ({"decided_on": "yesterday"}, PDF, 422),
        ({"decided_on": "2019-12-31"}, PDF, 422),
        ({"choice": "reject", "words": ""}, PDF, 422),
        ({"choice": "confirm"}, PDF, 422),
        ({"signer": "p-h2-head"}, PDF, 403),
        ({}, b"MZ executable", 422),
        ({}, b"", 422),
        ({}, PDF + b"0" * (10 * 1024 * 1024), 422),
    ],
)
async def test_a_sheet_that_proves_nothing_is_refused(
    town: Town, changed: dict[str, str], scan: bytes, status: int
) -> None:
    task = await town.enquire()
    assert (await record(town, task, scan=scan, **changed)).status_code == status
    assert await papers(town) == []
    assert await town.all_of(select(Evidence.sha256)) == []


async def test_a_sheet_that_differs_from_its_scan_is_thrown_out(town: Town) -> None:
    task = await town.enquire()
    await record(town, task)
    (paper,) = await papers(town)
    browser = await town.as_person("p-coordinator")
    assert "已退回" in (await browser.post(f"/paper/{paper.id}", {"choice": "reject"})).text
    assert (await browser.post(f"/paper/{paper.id}", {"choice": "confirm"})).status == 409
    assert await town.all_of(select(InboxRow.request)) == []


async def test_the_scan_is_a_download_for_those_who_see_the_case(town: Town) -> None:
    task = await town.enquire()
    await record(town, task)
    (paper,) = await papers(town)
    answer = await (await town.as_person("p-coordinator")).http.get(f"/scans/{paper.evidence}")
    assert (answer.content, answer.headers["content-disposition"][:10]) == (PDF, "attachment")
    assert (await (await town.as_person("p-h2-head")).http.get(f"/scans/{paper.evidence}")).status_code == 404


@pytest.fixture
async def reviewed(town: Town) -> Town:
    """A sheet of the sending side, recorded, with the receiving side asked in the same case."""
    task = await town.enquire()
    await record(town, task, words="本院同意派出")
    async with town.record.begin() as session:
        at = {"case_id": "enquiry.1", "key": "t9", "name": "receiving_review", "step": 0, "step_name": "review"}
        how = {"status": "open", "role": "R-02", "institution": TOWNSHIP, "revision": 1, "choices": [], "refs": {}}
        session.add(TaskRow(id="enquiry.1.t9", **at, **how, opened_at=town.clock.now()))
    return town


async def handed_out(town: Town) -> dict[str, bool]:
    (paper,) = await papers(town)
    people = ("p-h1-hr", "p-coordinator", "p-t1-head", "p-doctor", "p-monitor")
    found = [await (await town.as_person(person)).http.get(f"/scans/{paper.evidence}") for person in people]
    return {person: answer.status_code == 200 for person, answer in zip(people, found, strict=True)}


async def test_the_scan_of_an_unchecked_sheet_stays_at_the_desk(reviewed: Town) -> None:
    assert [person for person, got in (await handed_out(reviewed)).items() if got] == ["p-h1-hr", "p-coordinator"]


async def test_the_scan_of_a_decision_is_read_by_both_sides_and_the_person_but_not_by_the_monitor(
    reviewed: Town,
) -> None:
    await confirmed(reviewed)
    assert [person for person, got in (await handed_out(reviewed)).items() if not got] == ["p-monitor"]


async def test_the_scan_of_a_chain_s_draft_is_read_only_where_it_was_written(reviewed: Town) -> None:
    await confirmed(reviewed)
    async with reviewed.record.begin() as session:
        (await session.get_one(TaskRow, "enquiry.1.t1")).name = "bureau_filing"
    found = await handed_out(reviewed)
    assert [person for person, got in found.items() if got] == ["p-h1-hr", "p-coordinator"]


MINUTES = "武康集团党委会纪要〔2026〕3号"


async def confirmed(town: Town) -> DecisionRow:
    (paper,) = await papers(town)
    await (await town.as_person("p-coordinator")).post(f"/paper/{paper.id}", {"choice": "confirm"})
    decision: DecisionRow = await town.seen(select(DecisionRow))
    return decision


async def test_the_number_of_the_minutes_goes_with_the_decision_into_file_and_pages(town: Town) -> None:
    """COR-04: a decision taken in a meeting carries the number of its minutes."""
    task = await town.enquire()
    await record(town, task, minutes=f" {MINUTES} ")
    assert (await confirmed(town)).minutes == MINUTES
    bodies = [json.loads(body) for body in await town.all_of(select(EventRow.body))]
    assert [body["minutes"] for body in bodies if body["event"] == "decided"] == [MINUTES]
    coordinator = await town.as_person("p-coordinator")
    case = await coordinator.get("/cases/enquiry.1")
    assert MINUTES in case.one("ul.opinions").text
    assert MINUTES in case.one("ol.timeline").text
    signer = await (await town.as_person("p-h1-head")).get(f"/tasks/{task}")
    assert MINUTES in signer.one("ul.opinions").text


async def test_a_sheet_without_minutes_says_none(town: Town) -> None:
    await record(town, await town.enquire())
    assert (await confirmed(town)).minutes is None
    assert "会议纪要文号" not in (await (await town.as_person("p-coordinator")).get("/cases/enquiry.1")).text


REPORT = {"signer": "p-h1-hr", "choice": "submit", "words": ""}


async def list_asked(town: Town) -> str:
    """A hospital is asked for its dispatch list."""
    days = {"closes_on": "2026-01-31", "planned_start": "2026-05-01"}
    return await town.enquire(1, task="supply_report", institution="dq-h1", **days)


async def test_a_form_that_lacks_something_is_refused_when_it_is_recorded(town: Town) -> None:
    """What the second person could only throw out never gets that far."""
    task = await list_asked(town)
    answer = await record(town, task, by="p-coordinator", scan=PDF, **REPORT)
    assert answer.status_code == 422
    assert "此项必须填写" in answer.text
    assert await papers(town) == []
    assert await town.all_of(select(Evidence.sha256)) == []


async def test_the_sheet_asks_for_the_form_and_the_second_person_sees_what_was_filled_in(town: Town) -> None:
    task = await list_asked(town)
    sheet = await (await town.as_person("p-coordinator")).get(f"/tasks/{task}/paper")
    assert "p-doctor" in [box["value"] for box in sheet.html.select("form input[type=checkbox]")]
    people = {"people-0-person": "p-doctor", "people-0-specialty": "内科"}
    assert (await record(town, task, by="p-coordinator", scan=PDF, **REPORT, **people)).status_code == 303
    checker = await town.as_person("p-h1-head")
    page = await checker.get("/paper")
    chosen = [box["value"] for box in page.html.select("fieldset[disabled] input[checked]")]
    assert chosen == ["p-doctor"]
    (paper,) = await papers(town)
    await checker.post(f"/paper/{paper.id}", {"choice": "confirm"})
    decision = await town.seen(select(DecisionRow))
    assert decision.form == {"people": [{"person": "p-doctor", "specialty": "内科"}]}
