"""What is open while the commission is asked of a termination: force majeure (G-5), and the day of an application on
paper (OT-6.3k, COR-04).
"""

import json
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile, EventRow
from db.engine.packs import PackShelf
from db.engine.tasks import TaskRow
from policies.engine.calendar import CHINA
from services.engine.paper import PaperDesk, Recording
from services.forms import READERS
from tests.workflows.conftest import OpenCounty
from tests.workflows.contract_ends import (
    EVIDENCE,
    applied,
    confirmed,
    events,
    found,
    opened_banner,
    outcome_of,
    reviewed,
    today,
    told_contract,
)
from tests.workflows.office import Office

Banner = tuple[Office, str]
PARTIES = {"recommend_termination", "expert_recommendation"}


@pytest.fixture
async def banner(open_county: OpenCounty) -> AsyncIterator[Banner]:
    async with opened_banner(open_county) as opened:
        yield opened


async def names_open(office: Office, case: str) -> set[str]:
    return set(await office.rows(select(TaskRow.name).where(TaskRow.case_id == case, TaskRow.status == "open")))


async def asked(office: Office, contract: str) -> str:
    """The employer has confirmed the figures; whether force majeure leaves a ground, the commission is asked."""
    case = await found(office, contract, question="force_majeure")
    await confirmed(office, case)
    await office.stands(case, "asking_commission")
    return case


async def answered(office: Office, case: str, choice: str) -> None:
    await office.answer("force_majeure_ground", "o-officer", choice, "经研究", case=case)


async def both(office: Office, case: str, choice: str) -> None:
    for person in ("o-officer", "o-leader"):
        await office.answer("application_without_ground", person, choice, "已无终止事由", case=case)


async def test_g5_the_application_is_open_while_the_commission_is_silent_and_its_months_run(banner: Banner) -> None:
    """The parties are asked to recommend once there is a ground."""
    office, contract = banner
    noticed = today(office)
    case = await asked(office, contract)
    application = await office.open_task("termination_application", "o-h1-leader", case=case)
    assert application.refs["learned_on"] == noticed.isoformat()
    assert not PARTIES & await names_open(office, case)
    await office.days_pass(40)
    assert (await office.open_task("force_majeure_ground", "o-officer", case=case)).escalated
    await office.stands(case, "asking_commission")
    assert (await office.open_task("termination_application", "o-h1-leader", case=case)).id == application.id


async def test_g5_what_was_handed_in_before_the_answer_is_reviewed_after_it(banner: Banner) -> None:
    office, contract = banner
    case = await asked(office, contract)
    await applied(office, case)
    await office.seen(select(EventRow).where(EventRow.case_id == case, EventRow.body.contains("application_waits")))
    assert "application_submitted" in await events(office, case)
    await office.stands(case, "asking_commission")
    assert "termination_review" not in await names_open(office, case)
    await answered(office, case, "ground_stands")
    await office.stands(case, "termination_applied")
    await office.open_task("expert_recommendation", "o-expert", case=case)
    await reviewed(office, case, "consent_termination")
    assert await outcome_of(office, case) == "terminated"


async def test_g5_no_ground_after_an_application_cancels_the_deadline_and_people_send_the_application_back(
    banner: Banner,
) -> None:
    office, contract = banner
    case = await asked(office, contract)
    await applied(office, case)
    await answered(office, case, "ground_not_found")
    await office.open_task("application_without_ground", "o-officer", case=case)
    said = await events(office, case)
    assert {"ground_not_found", "deadline_cancelled"} <= set(said)
    assert (await office.case(case)).state == "open"
    letters = await office.letters("outcome", what="application_without_ground")
    assert {one.person for one in letters} == {"o-h1-hr", "o-h1-leader"}
    await office.days_pass(120)
    assert "application_period_passed" not in await events(office, case)
    assert (await office.case(case)).state == "open"
    await both(office, case, "give_application_back")
    assert await outcome_of(office, case) == "no_ground"
    assert (await events(office, case)).count("ground_not_found") == 1
    assert len(await office.letters("outcome", what="application_sent_back")) == 4
    assert (await told_contract(office, contract, "termination_over"))["outcome"] == "no_ground"


async def test_g5_an_application_without_a_ground_is_reviewed_where_people_say_so(banner: Banner) -> None:
    office, contract = banner
    case = await asked(office, contract)
    await applied(office, case)
    await answered(office, case, "ground_not_found")
    await both(office, case, "review_all_the_same")
    await office.stands(case, "termination_applied")
    assert "application_goes_on" in await events(office, case)
    await reviewed(office, case, "refuse_termination")
    assert await outcome_of(office, case) == "not_consented"


async def test_g5_no_ground_found_while_the_application_is_reviewed_drops_nothing(banner: Banner) -> None:
    """A correction came in between; the case has been put back from its record meanwhile."""
    office, contract = banner
    case = await found(office, contract)
    await confirmed(office, case)
    await applied(office, case)
    await office.stands(case, "termination_applied")
    await office.notify(case, "figure_changed", number="2", outcome="ask_force_majeure")
    await answered(office, case, "ground_not_found")
    await office.open_task("application_without_ground", "o-officer", case=case)
    assert "termination_review" in await names_open(office, case)
    await both(office, case, "give_application_back")
    assert await outcome_of(office, case) == "no_ground"


async def on_paper(office: Office, case: str, day: date) -> None:
    """HR records the application that the leader has signed on a day, and somebody else checks the record."""
    task = await office.open_task("termination_application", "o-h1-leader", case=case)
    desk = PaperDesk(
        office.record, office.decisions, shelf=PackShelf(office.record), clock=office.clock, readers=READERS
    )
    hr, officer = await office.sessions.viewer("o-h1-hr"), await office.sessions.viewer("o-officer")
    assert hr
    assert officer
    sheet = Recording(task.id, "o-h1-leader", "apply_in_writing", day, words="申请终止", scan=EVIDENCE)
    await desk.check(await desk.record(hr, sheet), officer, agrees=True)


async def ready(office: Office, contract: str, learned_on: str, now: date) -> str:
    case = await found(office, contract, learned_on=learned_on)
    await confirmed(office, case)
    await office.open_task("termination_application", "o-h1-leader", case=case)
    begins = datetime.combine(now, time(9), tzinfo=CHINA)
    await office.days_pass((begins - office.clock.now()) / timedelta(days=1))
    return case


@pytest.mark.parametrize(
    ("choice", "said_late"), [("stated_day_counts", 0), ("recorded_day_counts", 1)], ids=["stated", "recorded"]
)
async def test_as48_a_paper_dated_back_over_the_deadline_is_neither_late_nor_in_time_before_the_commission_says_so(
    banner: Banner, choice: str, said_late: int
) -> None:
    office, contract = banner
    case = await ready(office, contract, "2039-12-06", date(2040, 3, 20))
    await on_paper(office, case, date(2040, 3, 5))
    await office.open_task("application_day", "o-officer", case=case)
    said = await events(office, case)
    assert "application_days_differ" in said
    assert not {"application_late", "application_unclear"} & set(said)
    assert "termination_review" not in await names_open(office, case)
    await office.answer("application_day", "o-officer", choice, "已核对签章扫描件", case=case)
    await office.stands(case, "termination_applied")
    assert (await events(office, case)).count("application_late") == said_late
    assert len(await office.letters("outcome", what="application_late")) == 2 * said_late


@pytest.mark.parametrize(("now", "said_late"), [(date(2040, 3, 6), 0), (date(2040, 3, 20), 1)])
async def test_a_paper_both_of_whose_days_lie_on_one_side_asks_nobody(
    banner: Banner, now: date, said_late: int
) -> None:
    office, contract = banner
    case = await ready(office, contract, "2039-12-06", now)
    await on_paper(office, case, now - timedelta(days=1))
    await office.stands(case, "termination_applied")
    said = await events(office, case)
    assert (said.count("application_days_differ"), said.count("application_late")) == (0, said_late)


async def test_a_second_ground_of_the_same_kind_is_no_second_matter_and_another_ground_is(banner: Banner) -> None:
    """One matter for each ground: what is found again goes to the one that is open."""
    office, contract = banner
    case = await asked(office, contract)
    assert await found(office, contract, number=2, question="force_majeure") == case
    open_keys = await office.rows(select(CaseFile.open_key).where(CaseFile.lifecycle == "ContractTermination"))
    assert open_keys == [f"termination.{contract}.g"]
    assert [json.loads(body)["event"] for body in await office.file_of(case)].count("end_raised") == 1
