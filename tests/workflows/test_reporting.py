"""Stages 1 and 2: the window of demand and supply, what comes late, and balancing (DQ-3.1.2a to d)."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from activities.demand import POSTING_TASKS
from db.demand import DemandLine, SupplyLine, TraineeLine
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, open_case
from db.engine.tasks import DecisionRow, TaskRow
from db.posting import Post, UnmetDemand
from policies.engine.pack import Pack
from policies.engine.refusals import ReasonMissing
from services.engine.decisions import Asked
from services.field_problems import FactsRefused
from services.forms import READERS
from tests.builders.county import HOSPITAL, OTHER_TOWNSHIP, TOWNSHIP
from tests.workflows.office import Office
from tests.workflows.year import (
    BALANCING,
    CYCLE,
    DEMAND,
    OTHER_DEMAND,
    OTHER_SUPPLY,
    SUPPLY,
    demanded,
    posts_published,
    publication,
    publish,
    report,
    start_cycle,
)

REPORTS = (DEMAND, OTHER_DEMAND, SUPPLY, OTHER_SUPPLY)


async def rungs(office: Office, case: str) -> list[str]:
    bodies = [json.loads(body) for body in await office.file_of(case)]
    return [body["refs"]["rung"] for body in bodies if body["event"] == "rung_fired"]


def problems(refused: pytest.ExceptionInfo[FactsRefused]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in refused.value.problems]


async def test_as_37_the_window_asks_each_institution_once_and_silence_is_never_a_nil_return(office: Office) -> None:
    started = await start_cycle(office)
    again = await start_cycle(office)
    assert (started.case_id, started.created, again.case_id, again.created) == (CYCLE, True, CYCLE, False)
    for case in REPORTS:
        await office.stands(case, "reporting")
    assert len(await office.open_tasks("demand_report")) == len(await office.open_tasks("supply_report")) == 2

    await office.answer("demand_report", "p-t2-hr", "nil_return")
    await office.answer("demand_approval", "p-t2-head", "approve")
    await office.stands(OTHER_DEMAND, "reported")

    await office.days_pass(75)
    assert (await office.case(DEMAND)).stage == "reporting"
    assert "overdue_5" in await rungs(office, DEMAND)
    late = await office.open_tasks("late_report")
    assert sorted(task.case_id for task in late) == sorted((DEMAND, SUPPLY, OTHER_SUPPLY))
    assert [row.person for row in await office.rows(select(DecisionRow))] == ["p-t2-hr", "p-t2-head"]
    escalated = {letter.person for letter in await office.letters("escalation") if letter.case_id == DEMAND}
    assert {"p-t1-head", "p-bureau-leader", "p-monitor"} <= escalated


async def test_a_late_report_counts_once_the_group_has_accepted_it_and_an_excluded_one_ends(
    office: Office, dq_a: Pack
) -> None:
    await start_cycle(office)
    await office.answer("demand_report", "p-t2-hr", "nil_return")
    await office.answer("demand_approval", "p-t2-head", "approve")
    await office.answer("supply_report", "p-h1-hr", "submit", form={"people": [{"person": "p-doctor"}]})
    await office.answer("supply_approval", "p-h1-head", "approve")
    await office.days_pass(30)
    with pytest.raises(ReasonMissing):
        await office.answer("late_report", "p-coordinator", "exclude", case=OTHER_SUPPLY)
    await office.answer("late_report", "p-coordinator", "exclude", "未在规定时间内报送", case=OTHER_SUPPLY)
    assert (await office.stands(OTHER_SUPPLY, "excluded")).state == "closed"
    await office.answer("late_report", "p-coordinator", "accept_late", "已电话说明", case=DEMAND)
    assert (await office.case(CYCLE)).stage == "reporting"
    await office.answer("demand_report", "p-t1-hr", "submit", form=demanded())
    await office.answer("demand_approval", "p-t1-head", "approve")
    await office.stands(DEMAND, "reported")
    await office.stands(CYCLE, "balancing")
    (post,) = await publish(office, dq_a)
    assert post
    assert (await office.stands(DEMAND, "balanced")).outcome == "balanced"
    assert not await office.damage()


async def test_a_late_report_waits_for_the_groups_word_on_its_lateness(office: Office) -> None:
    await start_cycle(office)
    await office.days_pass(30)
    await office.answer("demand_report", "p-t1-hr", "submit", form=demanded())
    await office.answer("demand_approval", "p-t1-head", "approve")
    await office.stands(DEMAND, "late")
    assert not await office.rows(select(DemandLine))
    await office.answer("late_report", "p-coordinator", "accept_late", "情况属实", case=DEMAND)
    await office.stands(DEMAND, "reported")
    assert [line.headcount for line in await office.rows(select(DemandLine))] == [1]


async def test_the_head_returns_a_report_and_the_new_version_counts(office: Office) -> None:
    await start_cycle(office)
    await office.answer("demand_report", "p-t1-hr", "submit", form=demanded(3))
    with pytest.raises(ReasonMissing):
        await office.answer("demand_approval", "p-t1-head", "return")
    await office.answer("demand_approval", "p-t1-head", "return", "请核减一人")
    trainees = {"trainees": [{"person": "p-t1-hr", "specialty": "paediatrics"}], "nil_trainees": False}
    await office.answer("demand_report", "p-t1-hr", "submit", form=demanded(2) | trainees)
    await office.answer("demand_approval", "p-t1-head", "approve")
    await office.stands(DEMAND, "reported")
    assert [(line.revision, line.headcount) for line in await office.rows(select(DemandLine))] == [(1, 2)]
    assert [line.person for line in await office.rows(select(TraineeLine))] == ["p-t1-hr"]


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"lines": [], "nil_trainees": True}, ("lines", "nil_or_lines")),
        (demanded() | {"nil_trainees": False}, ("trainees", "nil_or_lines")),
        (demanded() | {"nil_demand": True}, ("lines", "nil_and_lines")),
        (demanded(0), ("lines-0-headcount", "number_wrong")),
        (
            demanded() | {"nil_trainees": False, "trainees": [{"person": "p-doctor"}]},
            ("trainees-0-person", "not_own_staff"),
        ),
    ],
)
async def test_a_report_that_lacks_a_part_or_names_a_stranger_is_refused_by_field(
    office: Office, form: dict[str, object], problem: tuple[str, str]
) -> None:
    await start_cycle(office)
    with pytest.raises(FactsRefused) as refused:
        await office.answer("demand_report", "p-t1-hr", "submit", form=form)
    assert problems(refused) == [problem]
    assert (await office.open_task("demand_report", "p-t1-hr")).status == "open"


async def test_every_name_on_a_dispatch_list_is_checked_for_three_years_and_none_is_dropped(office: Office) -> None:
    """F-03, DQ-3.1.1a."""
    await start_cycle(office)
    people = [{"person": person} for person in ("p-doctor", "p-new-doctor", "p-nurse")]
    await office.answer("supply_report", "p-h1-hr", "submit", form={"people": people})
    await office.answer("supply_approval", "p-h1-head", "approve")
    await office.stands(SUPPLY, "reported")
    lines = await office.rows(select(SupplyLine).order_by(SupplyLine.person))
    assert [(line.person, line.eligible) for line in lines] == [
        ("p-doctor", "eligible"),
        ("p-new-doctor", "ask"),
        ("p-nurse", "ask"),
    ]


async def balancing_page(office: Office, dq_a: Pack) -> dict[str, Any]:
    async with office.record() as session:
        task = await session.scalar(select(TaskRow).where(TaskRow.case_id == BALANCING, TaskRow.status == "open"))
        case = await session.get_one(CaseFile, BALANCING)
        assert task is not None
        return dict(await READERS["balancing"](session, Asked.of(task, case, dq_a, now=task.opened_at)))


async def test_the_group_sees_the_gaps_returns_a_demand_records_what_is_unmet_and_publishes(
    office: Office, dq_a: Pack
) -> None:
    await start_cycle(office)
    await report(office, posts=5, people=["p-doctor", "p-doctor-2"])
    await office.open_task("balancing", "p-coordinator")
    (gap,) = (await balancing_page(office, dq_a))["gaps"]
    assert (gap.specialty, gap.wanted, gap.offered) == ("internal_medicine", {TOWNSHIP: 5}, {HOSPITAL: 2})

    await office.answer("balancing", "p-coordinator", "return_demand", "请按编制核减", form={"demand": DEMAND})
    await office.stands(BALANCING, "waiting_for_demand")
    await office.answer("demand_report", "p-t1-hr", "submit", form=demanded(3))
    await office.answer("demand_approval", "p-t1-head", "approve")
    await office.stands(BALANCING, "balancing")
    assert not await office.open_tasks("late_report")

    unmet = {"institution": TOWNSHIP, "specialty": "internal_medicine", "headcount": 1, "reason": "无人可派"}
    await office.answer("balancing", "p-coordinator", "record_unmet", "无人可派", form={"unmet": [unmet]})
    await office.answer("balancing", "p-coordinator", "publish", form=publication(dq_a, posts=2, revision=2))
    await office.stands(CYCLE, "post_published")
    assert len(await office.rows(select(Post))) == 2
    assert [row.headcount for row in await office.rows(select(UnmetDemand))] == [1]
    assert not await office.damage()


async def test_a_returned_demand_that_now_says_nil_no_longer_counts(office: Office, dq_a: Pack) -> None:
    await start_cycle(office)
    await report(office, posts=2, people=["p-doctor"])
    await office.answer("balancing", "p-coordinator", "return_demand", "请核实", form={"demand": DEMAND})
    await office.days_pass(25)
    assert not await office.open_tasks("late_report")
    await office.answer("demand_report", "p-t1-hr", "nil_return")
    await office.answer("demand_approval", "p-t1-head", "approve")
    await office.answer("balancing", "p-coordinator", "publish", form=publication(dq_a, posts=0))
    await office.stands(CYCLE, "post_published")
    assert not await office.rows(select(Post))


async def test_a_cycle_in_which_nobody_can_be_sent_ends_when_its_posts_are_published(
    office: Office, dq_a: Pack
) -> None:
    await start_cycle(office)
    await report(office, posts=1, people=[])
    await publish(office, dq_a)
    assert (await office.stands(CYCLE, "published")).state == "closed"


async def test_publishing_without_the_factors_or_a_reason_for_what_is_unmet_is_refused_by_field(
    office: Office, dq_a: Pack
) -> None:
    await start_cycle(office)
    await report(office, posts=2, people=["p-doctor"])
    whole = publication(dq_a, posts=1)
    one_missing = dict(whole["factors"])
    named = next(iter(one_missing))
    one_missing[named] = "  "
    gap = {"institution": TOWNSHIP, "specialty": "internal_medicine", "headcount": 1, "reason": "无人可派"}
    for form, found in (
        (whole | {"unmet": [gap], "factors": one_missing}, (f"factors-{named}", "missing")),
        (whole, ("unmet", "unmet_unexplained")),
        (whole | {"unmet": [gap | {"reason": ""}]}, ("unmet-0-reason", "missing")),
        (whole | {"unmet": [gap | {"headcount": 3}]}, ("unmet", "unmet_unexplained")),
        (publication(dq_a, posts=3), ("allocations-0-posts", "posts_wrong")),
        (publication(dq_a, posts=2, revision=9), ("allocations-0-posts", "posts_wrong")),
    ):
        with pytest.raises(FactsRefused) as refused:
            await office.answer("balancing", "p-coordinator", "publish", form=form)
        assert found in problems(refused)
    with pytest.raises(FactsRefused) as refused:
        await office.answer("balancing", "p-coordinator", "return_demand", "请核实", form={"demand": OTHER_TOWNSHIP})
    assert problems(refused) == [("demand", "case_unknown")]
    assert not await office.rows(select(Post))


async def test_who_has_an_open_application_already_is_not_invited_again(office: Office, dq_a: Pack) -> None:
    """COR-03: of last year, say."""
    known = NewCase(
        "posting.dq-a.former.1",
        "PostingCase",
        dq_a,
        POSTING_TASKS,
        {"person": "p-doctor"},
        open_key=f"{dq_a.programme}:p-doctor",
        institution=HOSPITAL,
        subject="p-doctor",
    )
    async with office.record.begin() as session:
        await open_case(session, known, at=office.clock.now())
    await posts_published(office, dq_a, people=("p-doctor", "p-doctor-2"))
    await office.stands(await office.case_of("p-doctor-2"), "choosing")
    assert await office.rows(select(CaseFile.id).where(CaseFile.subject == "p-doctor")) == [known.id]
