"""The end of a year: summaries with figures from the record, and the exchange that is still missing (DQ-4.3a, b)."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.tasks import DecisionRow, TaskRow
from db.exchange import Exchange
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from services.field_problems import FactsRefused
from services.forms.summary import counted
from tests.builders.county import HOSPITAL, OTHER_TOWNSHIP, TOWNSHIP, settle_doctors
from tests.workflows.inspections import open_inspection
from tests.workflows.office import Office
from tests.workflows.year import decide_batch, matched, posts_published, submit
from tests.workflows.year_ends import (
    EXCHANGE,
    HELD,
    SUMMARY,
    WRITTEN,
    YEAR,
    collected,
    exchange_missed,
    summaries_open,
    summed_up,
)

LAST_DAY = date(YEAR, 12, 31)


async def ended(office: Office, case: str) -> str:
    return str(await office.seen(select(CaseFile.outcome).where(CaseFile.id == case, CaseFile.state == "closed")))


async def test_every_hospital_and_grassroots_institution_has_one_summary_a_year_however_often_it_fires(
    office: Office,
) -> None:
    opened = await summaries_open(office)
    assert sorted(opened) == [f"summary.dq-a.{code}.{YEAR}" for code in ("dq-h1", "dq-h2", "dq-t01", "dq-t02")]
    assert await summaries_open(office) == []
    for who, task in (("p-t1-hr", "summary_grassroots"), ("p-h1-hr", "summary_hospital")):
        row = await office.open_task(task, who)
        assert row.due_at is not None
        assert (row.due_at - timedelta(seconds=1)).astimezone(CHINA).date() == LAST_DAY


async def test_a_summary_is_written_sent_returned_and_collected(office: Office) -> None:
    await summaries_open(office)
    await office.open_task("summary_grassroots", "p-t1-hr")
    with pytest.raises(FactsRefused) as refused:
        await office.answer("summary_grassroots", "p-t1-hr", "submit_summary", form={"experience": "x"}, case=SUMMARY)
    assert [(one.field, one.code) for one in refused.value.problems] == [("problems", "missing")]
    await summed_up(office)
    await collected(office, "return")
    again = await office.open_task("summary_grassroots", "p-t1-hr", case=SUMMARY)
    assert "due_on" not in again.refs
    await summed_up(office)
    await collected(office)
    assert await ended(office, SUMMARY) == "collected"
    said = [json.loads(body)["event"] for body in await office.file_of(SUMMARY)]
    assert (said.count("summary_returned"), said.count("summary_collected")) == (1, 1)
    assert not await office.damage()


async def test_the_figures_of_a_summary_are_counted_from_the_record(office: Office, dq_a: Pack) -> None:
    people = await settle_doctors(office.record, 2)
    posts = await posts_published(office, dq_a, posts=3, people=people)
    case = await matched(office, people[0], posts[0])
    await submit(office, case)
    await decide_batch(office, {case: "file"})
    await ended(office, case)
    await open_inspection(office)
    async with office.record() as session:
        township = await counted(session, TOWNSHIP, str(YEAR))
        hospital = await counted(session, HOSPITAL, str(YEAR))
        other = await counted(session, OTHER_TOWNSHIP, str(YEAR))
        before = await counted(session, TOWNSHIP, str(YEAR - 1))
    assert (township["places_asked_for"], township["posts_published"], township["people_received"]) == (3, 3, 1)
    assert (township["people_sent"], township["inspections"]) == (0, 1)
    assert (hospital["people_listed"], hospital["people_sent"], hospital["posts_published"]) == (2, 1, 0)
    assert set(other.values()) == set(before.values()) == {0}
    await summaries_open(office)
    await summed_up(office)
    form = await office.seen(select(DecisionRow.form).where(DecisionRow.case_id == SUMMARY))
    assert form == {**WRITTEN, "proposals": "", "counts": township}


async def test_nobody_sums_up_by_silence(office: Office) -> None:
    """DEF-07."""
    await office.days_pass(280)
    await summaries_open(office)
    await office.open_task("summary_grassroots", "p-t1-hr", case=SUMMARY)
    await office.days_pass(60)
    assert (await office.case(SUMMARY)).state == "open"
    assert (await office.open_task("summary_grassroots", "p-t1-hr", case=SUMMARY)).escalated


async def test_the_bureau_is_reminded_when_no_exchange_is_recorded_and_records_it_in_the_task(office: Office) -> None:
    assert await exchange_missed(office) == [EXCHANGE]
    assert await exchange_missed(office) == []
    row = await office.open_task("record_exchange", "p-bureau-officer", case=EXCHANGE)
    assert row.refs["due_on"] == LAST_DAY.isoformat()
    for wrong, problem in (
        ({**HELD, "said": ""}, ("said", "missing")),
        ({**HELD, "held_on": f"{YEAR - 1}-11-20"}, ("held_on", "year_other")),
        ({**HELD, "held_on": "十一月"}, ("held_on", "date_wrong")),
    ):
        with pytest.raises(FactsRefused) as refused:
            await office.answer("record_exchange", "p-bureau-officer", "record_exchange", form=wrong, case=EXCHANGE)
        assert [(one.field, one.code) for one in refused.value.problems] == [problem]
    await office.answer("record_exchange", "p-bureau-officer", "record_exchange", form=HELD, case=EXCHANGE)
    assert await ended(office, EXCHANGE) == "exchange_held"
    (kept,) = await office.rows(select(Exchange))
    assert (kept.form, kept.held_on.isoformat(), kept.words) == (HELD["form"], HELD["held_on"], HELD["said"])
    assert not await office.damage()


async def test_a_bureau_that_has_held_one_is_not_reminded(office: Office) -> None:
    async with office.record.begin() as session:
        session.add(
            Exchange(
                id="exchange.1",
                bureau="dq-wjj",
                form="专题调研",
                held_on=date(YEAR, 5, 6),
                words="调研三个镇",
                recorded_by="p-bureau-officer",
                recorded_at=office.clock.now(),
            )
        )
    assert await exchange_missed(office) == []


async def test_an_exchange_that_is_recorded_elsewhere_ends_the_reminder(office: Office) -> None:
    await exchange_missed(office)
    await office.open_task("record_exchange", "p-bureau-officer", case=EXCHANGE)
    await office.notify(EXCHANGE, "exchange_recorded")
    assert await ended(office, EXCHANGE) == "exchange_held"
    assert set(await office.rows(select(TaskRow.status).where(TaskRow.case_id == EXCHANGE))) == {"withdrawn"}
