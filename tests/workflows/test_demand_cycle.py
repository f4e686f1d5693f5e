"""The yearly cycle through real workflows, real record, simulated weeks."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.posting import Post
from services.demand import CycleOrder
from tests.builders.county import GROUP, HOSPITAL, TOWNSHIP, settle_county
from tests.workflows.office import Office, opened_office

CYCLE = f"cycle.dq-a.{GROUP}.2027"


@pytest.fixture
async def office(record, keyring, clock, shelf):
    await settle_county(record)
    async with opened_office(record, keyring, clock=clock, shelf=shelf) as office:
        yield office


async def start_cycle(office: Office) -> None:
    today = office.clock.now().date()
    order = CycleOrder("dq-a", GROUP, 2027, today + timedelta(days=300), today, today + timedelta(days=20))
    await office.cycles.start(order, by="test")


DEMAND = {"lines": [{"specialty": "internal_medicine", "headcount": 1, "mode": "full"}], "trainees": [], "nil_trainees": True}


async def report_all(office: Office) -> None:
    await office.answer("demand_report", "p-t1-hr", "submit", form=DEMAND)
    await office.answer("demand_approval", "p-t1-head", "approve")
    await office.answer("demand_report", "p-t2-hr", "nil_return")
    await office.answer("demand_approval", "p-t2-head", "approve")
    people = [{"person": "p-doctor"}, {"person": "p-doctor-2"}, {"person": "p-young-doctor"}]
    await office.answer("supply_report", "p-h1-hr", "submit", form={"people": people})
    await office.answer("supply_approval", "p-h1-head", "approve")
    await office.answer("supply_report", "p-h2-hr", "nil_return")
    await office.answer("supply_approval", "p-h2-head", "approve")


FACTORS = {name: "已考虑" for name in ()}


async def publish(office: Office, pack) -> str:
    factors = {name: "已综合考虑" for name in pack.parameters["balancing_factors"].listed}
    allocations = [{"demand": f"demand.dq-a.{GROUP}.2027.{TOWNSHIP}", "revision": 1, "line": 1, "posts": 1}]
    await office.answer("balancing", "p-coordinator", "publish", form={"factors": factors, "allocations": allocations})
    await office.stands(CYCLE, "post_published")
    post: Post = await office.seen(select(Post))
    return post.id


async def test_from_demand_report_to_filed_placement(office, dq_a):
    await start_cycle(office)
    await report_all(office)
    post = await publish(office, dq_a)
    await office.answer("choose_post", "p-doctor", "apply", form={"first": post, "reassign": "yes"})
    await office.answer("choose_post", "p-doctor-2", "decline")
    await office.answer("eligibility_ask", "p-coordinator", "refuse", "未满三年")
    await office.answer("eligibility_ask", "p-bureau-officer", "refuse", "未满三年")
    await office.answer("sending_review", "p-h1-head", "agree")
    await office.answer("receiving_review", "p-t1-head", "agree")
    row = await office.open_task("compile_batch", "p-coordinator")
    case = await office.seen(select(CaseFile).where(CaseFile.subject == "p-doctor", CaseFile.stage == "matched"))
    await office.answer("compile_batch", "p-coordinator", "submit_batch", form={"included": [case.id]})
    verdicts = {"verdicts": [{"case": case.id, "verdict": "file"}]}
    for person in ("p-bureau-officer", "p-bureau-section", "p-bureau-deputy"):
        await office.answer("bureau_filing", person, "file_batch", form=verdicts)
    assert (await office.stands(case.id, "filed")).outcome == "filed"
    assert (await office.stands(CYCLE, "published")).state == "closed"
    for case_id in (case.id, CYCLE, row.case_id, f"demand.dq-a.{GROUP}.2027.{TOWNSHIP}"):
        history = await office.workflow(case_id).fetch_history()
        print(case_id, len(history.events))
        for body in await office.events(case_id): print("   ", body)
    assert 0
