"""Performance assessed with each check-in, by a method in force and never without one (DQ-3.3.1a, b; DQ-3.3.2a)."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from db.engine.packs import PackShelf
from db.engine.tasks import TaskRow
from db.service import PerformanceResult
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from policies.vocabulary import TRAINEE
from services.accumulated import AccumulatedDesk, ActivityFacts
from services.field_problems import FactsRefused
from tests.builders.county import HOSPITAL, settle_bureaus
from tests.workflows.filings import AREAS, METHOD, put_in_force
from tests.workflows.office import Office
from tests.workflows.terms import (
    assessed,
    certified,
    filed_term,
    in_service,
    performance,
    quarters_pass,
    started_on,
    until_day,
)
from tests.workflows.trainees import filed_training, in_training, settle_trainees


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    """A term in service since today."""
    await settle_bureaus(office.record)
    term = await filed_term(office, dq_a)
    await in_service(office, term)
    return term


async def asked(office: Office) -> list[TaskRow]:
    found = select(TaskRow).where(TaskRow.name == "performance_assessment").order_by(TaskRow.id)
    return list(await office.rows(found))


async def lines(office: Office, term: str, event: str) -> list[Mapping[str, Any]]:
    return [line for body in await office.file_of(term) if (line := json.loads(body))["event"] == event]


async def results(office: Office) -> list[tuple[int, str]]:
    rows = await office.rows(select(PerformanceResult).order_by(PerformanceResult.quarter))
    return [(row.quarter, row.rating) for row in rows]


async def test_dq_3_3_1b_the_receiving_supervisor_assesses_every_quarter_and_the_rows_are_kept(
    office: Office, term: str
) -> None:
    await put_in_force(office)
    first_day = await started_on(office)
    await quarters_pass(office, term, first_day, until=1)
    (task,) = await asked(office)
    check_in = await office.seen(select(TaskRow).where(TaskRow.key == "check_in/1"))
    assert (task.institution, task.due_at, task.refs["method"]) == (check_in.institution, check_in.due_at, METHOD)
    await assessed(office, term, 1, rating="较好")
    await quarters_pass(office, term, first_day, since=2, until=2)
    await assessed(office, term, 2)
    kept = await office.seen(select(PerformanceResult).where(PerformanceResult.quarter == 2))
    assert await results(office) == [(1, "较好"), (2, "好")]
    period = (term_last_day(first_day, 3) + timedelta(days=1), term_last_day(first_day, 6))
    assert ((kept.first_day, kept.last_day), kept.person, kept.method) == (period, "p-doctor", METHOD)
    assert not await office.damage()


async def test_dq_3_3_1a_without_a_method_in_force_nobody_assesses_and_the_file_says_why(
    office: Office, term: str
) -> None:
    await put_in_force(office, programme=TRAINEE)
    await quarters_pass(office, term, await started_on(office), until=2)
    assert await asked(office) == []
    waits = await lines(office, term, "assessment_waits")
    assert [(line["refs"]["quarter"], line["rule_ids"]) for line in waits] == [
        ("1", ["DQ-3.3.1a"]),
        ("2", ["DQ-3.3.1a"]),
    ]


async def test_what_waits_is_asked_for_as_soon_as_the_method_is_in_force(office: Office, term: str) -> None:
    await quarters_pass(office, term, await started_on(office), until=1)
    assert await asked(office) == []
    await put_in_force(office)
    await office.seen(select(TaskRow).where(TaskRow.key == "assessment/1", TaskRow.status == "open"))
    await assessed(office, term, 1)
    await office.seen(select(PerformanceResult))
    assert await results(office) == [(1, "好")]


async def test_a_term_does_not_wait_for_a_method_and_its_file_says_what_was_never_assessed(
    office: Office, term: str
) -> None:
    await quarters_pass(office, term, await started_on(office), until=2)
    await certified(office, term, "certify")
    await office.stands(term, "under_evaluation")
    assert [line["refs"]["quarter"] for line in await lines(office, term, "assessment_missed")] == ["1", "2"]


async def test_a_certified_term_waits_for_the_assessment_that_was_asked_for(office: Office, term: str) -> None:
    await put_in_force(office)
    first_day = await started_on(office)
    await quarters_pass(office, term, first_day, until=1)
    await assessed(office, term, 1)
    await quarters_pass(office, term, first_day, since=2, until=2)
    await certified(office, term, "certify")
    await office.comes_true(lambda state: "once:certified" in state.marks, term)
    await office.rests(term)
    assert (await office.case(term)).stage == "in_service"
    await assessed(office, term, 2)
    await office.stands(term, "under_evaluation")
    assert len(await results(office)) == 2


async def test_every_area_of_the_method_needs_its_result_and_the_rating_comes_from_the_list(
    office: Office, term: str
) -> None:
    await put_in_force(office)
    await quarters_pass(office, term, await started_on(office), until=1)
    whole = performance()
    wrong = (
        ({**whole, "rating": ""}, "rating", "missing"),
        ({**whole, "rating": "优秀"}, "rating", "choice_unknown"),
        ({**whole, "results": {**whole["results"], "医防融合管理": " "}}, "results-医防融合管理", "missing"),
        ({**whole, "workload": {"门急诊诊疗人次": "-1"}}, "workload-门急诊诊疗人次", "count_wrong"),
        ({**whole, "workload": {"出诊": "1"}}, "workload-出诊", "field_unknown"),
    )
    for form, field, code in wrong:
        with pytest.raises(FactsRefused) as refused:
            await office.answer("performance_assessment", "p-t1-head", "assess_performance", form=form, case=term)
        assert [(one.field, one.code) for one in refused.value.problems] == [(field, code)]
    assert await results(office) == []


async def test_a_rating_that_was_altered_beside_its_file_is_found(office: Office, term: str) -> None:
    await put_in_force(office)
    await quarters_pass(office, term, await started_on(office), until=1)
    await assessed(office, term, 1)
    await office.seen(select(PerformanceResult))
    async with office.record.begin() as session:
        await session.execute(update(PerformanceResult).values(institution=HOSPITAL))
    assert [(one.what, one.how) for one in await office.damage()] == [("result", "altered")]


async def test_a_trainee_is_assessed_by_the_method_for_trainees_and_accumulates_nothing(
    office: Office, dq_a: Pack
) -> None:
    await settle_trainees(office.record)
    await settle_bureaus(office.record)
    term = await filed_training(office, dq_a)
    first_day = await in_training(office, term)
    method = await put_in_force(office, programme=TRAINEE)
    await until_day(office, term_last_day(first_day, 3) + timedelta(days=1))
    about = select(TaskRow).where(TaskRow.case_id == term, TaskRow.key == "assessment/1", TaskRow.status == "open")
    task = await office.seen(about)
    assert (task.institution, task.refs["method"]) == (HOSPITAL, method)
    form = performance() | {"results": dict.fromkeys(AREAS[TRAINEE], "按要求完成")}
    await office.answer(task.id, "p-h1-head", "assess_performance", form=form, case=term)
    kept = await office.seen(select(PerformanceResult))
    assert (kept.programme, kept.person) == (TRAINEE, "p-trainee")
    desk = AccumulatedDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
    facts = ActivityFacts("义诊", first_day, "morning", "后坞村", "村卫生室", "")
    with pytest.raises(FactsRefused) as refused:
        await desk.record(term, facts, by="p-trainee", request="t" * 32, channel="page")
    assert [one.code for one in refused.value.problems] == ["nothing_accumulates"]
