"""Inspection and rectification: what the bureau found, an order, its answer with evidence, and how it ends
(DQ-3.2.3a to c, EXC-11).
"""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, open_case
from db.engine.packs import PackShelf
from db.engine.tasks import DecisionRow, TaskRow
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from services.engine.permissions import NotForYou
from services.field_problems import FactsRefused
from services.inspection import Inspection
from tests.builders.county import BUREAU, GROUP, HOSPITAL, TOWNSHIP
from tests.conftest import StandingClock
from tests.workflows.finder import Finder
from tests.workflows.inspections import found, open_inspection, ordered, put_right, verified
from tests.workflows.office import LIFECYCLES, OPENS, Office, opened_office
from vault.keyring import Keyring

TODAY = OPENS.astimezone(CHINA).date()


async def ended(office: Office, case: str) -> str:
    return str(await office.seen(select(CaseFile.outcome).where(CaseFile.id == case, CaseFile.state == "closed")))


async def lines(office: Office, case: str) -> list[dict[str, Any]]:
    return [json.loads(body) for body in await office.file_of(case)]


async def test_an_order_is_answered_with_evidence_sent_back_and_verified(office: Office) -> None:
    case = await open_inspection(office)
    await ordered(office, case)
    first = await office.open_task("rectify_grassroots", "p-t1-head", case=case)
    assert (first.institution, first.refs["of"]) == (TOWNSHIP, "t1")
    with pytest.raises(FactsRefused) as refused:
        await office.answer("rectify_grassroots", "p-t1-head", "report_rectified", "已整改", case=case)
    assert [(one.field, one.code) for one in refused.value.problems] == [("attachment", "evidence_missing")]
    await put_right(office, case)
    until = TODAY + timedelta(days=30)
    await verified(office, case, "not_yet", form={"until": until.isoformat()})
    second = await office.open_task("rectify_grassroots", "p-t1-head", case=case)
    assert (second.id, second.refs["due_on"]) != (first.id, "")
    assert second.due_at is not None
    assert (second.due_at - timedelta(seconds=1)).astimezone(CHINA).date() == until
    await put_right(office, case)
    await verified(office, case, "verified")
    assert await ended(office, case) == "rectified"
    said = [line["event"] for line in await lines(office, case)]
    assert [name for name in said if name.startswith(("inspection", "rectification"))] == [
        "inspection_opened", "rectification_ordered", "rectification_sent_back", "rectification_verified",
    ]  # fmt: skip
    answers = await office.rows(select(DecisionRow.form).where(DecisionRow.choice == "report_rectified"))
    assert [bool(form["attachment"]) for form in answers] == [True, True]
    (letter,) = await office.letters("outcome", what="rectified")
    assert letter.person == "p-t1-head"
    assert not await office.damage()


async def test_the_same_paper_may_prove_two_matters_and_one_that_never_came_none(office: Office) -> None:
    here, there = await open_inspection(office), await open_inspection(office, HOSPITAL)
    for case in (here, there):
        await ordered(office, case)
    await put_right(office, here)
    form = {"attachment": "0" * 64}
    with pytest.raises(FactsRefused) as refused:
        await office.answer("rectify_hospital", "p-h1-head", "report_rectified", "已改", form=form, case=there)
    assert [(one.field, one.code) for one in refused.value.problems] == [("attachment", "attachment_unknown")]
    await put_right(office, there, "rectify_hospital", "p-h1-head")
    for case in (here, there):
        await office.stands(case, "verifying")


async def test_ten_working_days_run_where_the_bureau_has_set_no_day(office: Office) -> None:
    case = await open_inspection(office)
    await ordered(office, case)
    task = await office.open_task("rectify_grassroots", "p-t1-head", case=case)
    assert task.due_at is not None
    # Monday and Friday of the next week but one: ten working days after the Monday.
    assert (task.due_at - timedelta(seconds=1)).astimezone(CHINA).date() == TODAY + timedelta(days=14)
    assert "due_on" not in task.refs


async def test_nothing_found_and_a_referral_end_the_case_and_the_system_adds_nothing(office: Office) -> None:
    """DQ-3.2.3c: a referral is recorded; neither seriousness nor a sanction is decided here."""
    clean, serious = await open_inspection(office), await open_inspection(office, HOSPITAL)
    await found(office, clean, "no_issue", "现场查看三个科室,未发现问题")
    assert await ended(office, clean) == "no_issue"
    await found(office, serious, "refer", "已移送纪检监察机构")
    assert await ended(office, serious) == "referred"
    assert not await office.rows(
        select(TaskRow).where(TaskRow.case_id == serious, TaskRow.name != "inspection_findings")
    )
    (line,) = [one for one in await lines(office, serious) if one["event"] == "referral_recorded"]
    assert line["rule_ids"] == ["DQ-3.2.3c"]
    assert not await office.letters("outcome")


async def test_an_order_that_was_answered_may_still_be_referred(office: Office) -> None:
    case = await open_inspection(office, HOSPITAL)
    await ordered(office, case)
    await put_right(office, case, "rectify_hospital", "p-h1-head")
    await verified(office, case, "refer")
    assert await ended(office, case) == "referred"


@pytest.mark.parametrize(
    ("institution", "task", "head"),
    [(TOWNSHIP, "rectify_grassroots", "p-t1-head"), (HOSPITAL, "rectify_hospital", "p-h1-head"),
     (GROUP, "rectify_group", "p-group-deputy")],
)  # fmt: skip
async def test_the_head_of_whatever_institution_it_is_answers(
    office: Office, institution: str, task: str, head: str
) -> None:
    case = await open_inspection(office, institution)
    await ordered(office, case)
    assert (await office.open_task(task, head, case=case)).institution == institution


async def test_an_order_about_a_person_goes_to_their_institution_and_they_are_told(office: Office) -> None:
    case = await open_inspection(office, "", person="p-doctor", occasion="report")
    await ordered(office, case)
    await office.open_task("rectify_hospital", "p-h1-head", case=case)
    (letter,) = await office.letters("outcome", what="rectification_ordered")
    assert letter.person == "p-doctor"
    head = await open_inspection(office, HOSPITAL, person="p-h1-head")
    await ordered(office, head)
    (task,) = [one for one in await office.open_tasks("rectify_hospital") if one.case_id == head]
    assert await office.asked(task.id, "p-bureau-leader")


async def test_silence_never_answers_an_order_it_climbs(office: Office) -> None:
    """DEF-06, DEF-07."""
    case = await open_inspection(office)
    await ordered(office, case)
    await office.days_pass(40)
    task = await office.open_task("rectify_grassroots", "p-t1-head", case=case)
    assert task.escalated
    assert (await office.case(case)).stage == "rectifying"
    assert {letter.person for letter in await office.letters("escalation")} >= {"p-bureau-leader"}


async def test_an_order_needs_its_grounds_in_the_words_of_the_clause_and_a_day_ahead(office: Office) -> None:
    case = await open_inspection(office)
    wrong = {"problems": ["态度不好"], "until": TODAY.isoformat()}
    for form, problems in (
        ({}, [("problems", "missing")]),
        (wrong, [("problems-0", "choice_unknown"), ("until", "date_past")]),
        ({"problems": ["管理疏漏"], "until": "月底"}, [("until", "date_wrong")]),
    ):
        with pytest.raises(FactsRefused) as refused:
            await found(office, case, "order", "须改正", form=form)
        assert [(one.field, one.code) for one in refused.value.problems] == problems


async def test_the_same_number_opens_one_case_and_wrong_facts_none(office: Office) -> None:
    """EXC-14."""
    first = await open_inspection(office, number="n-1")
    assert await open_inspection(office, number="n-1") == first
    assert await open_inspection(office, number="n-2") == first.removesuffix("1") + "2"
    for wrong, fault in (
        ({"institution": "dq-nowhere"}, "institution"),
        ({"institution": BUREAU}, "institution"),
        ({"inspected_on": TODAY + timedelta(days=1)}, "inspected_on"),
        ({"person": "p-doctor"}, "person"),
        ({"person": "p-nobody"}, "person"),
        ({"concerns": "no.such.case"}, "concerns"),
        ({"occasion": "whim"}, "occasion"),
    ):
        facts = {"institution": TOWNSHIP, "inspected_on": TODAY, **wrong}
        with pytest.raises(FactsRefused) as refused:
            await office.inspections.start(Inspection("dq-a", **facts), by="test")  # type: ignore[arg-type]
        assert [one.field for one in refused.value.problems] == [fault]


@pytest.mark.parametrize("person", ["p-coordinator", "p-t1-head", "p-monitor", "p-doctor", "p-bureau-section"])
async def test_only_the_bureaus_officer_and_leader_open_an_inspection(office: Office, person: str) -> None:
    viewer = await office.sessions.viewer(person)
    with pytest.raises(NotForYou):
        await office.inspections.start(Inspection("dq-a", TOWNSHIP, TODAY), by=person, viewer=viewer)


async def test_the_days_since_the_last_inspection_are_counted_for_each_institution(office: Office) -> None:
    await open_inspection(office, TOWNSHIP, inspected_on=TODAY - timedelta(days=90))
    late = await open_inspection(office, TOWNSHIP, inspected_on=TODAY - timedelta(days=40))
    await found(office, late, "no_issue", "未发现问题")
    await ended(office, late)
    await open_inspection(office, HOSPITAL, occasion="report")
    viewer = await office.sessions.viewer("p-bureau-officer")
    assert viewer is not None
    by_place = {one.place: one for one in await office.inspections.inspected(viewer)}
    assert (by_place[TOWNSHIP].last, by_place[TOWNSHIP].days) == (TODAY - timedelta(days=40), 40)
    assert by_place[TOWNSHIP].open == 1
    assert (by_place[HOSPITAL].days, by_place[HOSPITAL].open) == (None, 1)
    assert BUREAU not in by_place


async def test_exc11_a_case_that_has_ended_may_be_what_an_inspection_concerns(office: Office) -> None:
    concerned = await open_inspection(office)
    await found(office, concerned, "no_issue", "未发现问题")
    assert await ended(office, concerned) == "no_issue"
    case = await open_inspection(office, HOSPITAL, person="p-doctor", occasion="audit", concerns=concerned)
    await office.stands(case, "inspecting")
    (line,) = [one for one in await lines(office, case) if one["event"] == "inspection_opened"]
    about = {"occasion": "audit", "inspected_on": TODAY.isoformat(), "concerns": concerned}
    assert line["refs"] == {"inspected": HOSPITAL, **about}
    assert (await office.case(case)).subject == "p-doctor"
    assert (await office.case(concerned)).state == "closed"


async def test_exc11_another_case_opens_one_that_keeps_which_case_it_concerns(
    county: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf, dq_a: Pack
) -> None:
    """DQ-4.3c: what a lifecycle asks of its commit when something is found in it."""
    workflows = [*LIFECYCLES, Finder]
    async with opened_office(county, keyring, clock=clock, shelf=shelf, workflows=workflows) as office:
        facts = {"institution": HOSPITAL, "person": "p-doctor"}
        new = NewCase("finder.1", "Finder", dq_a, (), facts, institution=HOSPITAL)
        async with office.record.begin() as session:
            await open_case(session, new, at=office.clock.now())
        await office.delivery.start("finder.1")
        assert await ended(office, "finder.1") == "archived"
        task = await office.open_task("inspection_findings", "p-bureau-officer")
        case = await office.case(task.case_id)
        assert {name: case.facts[name] for name in ("occasion", "concerns", "person", "bureau")} == {
            "occasion": "case", "concerns": "finder.1", "person": "p-doctor", "bureau": BUREAU,
        }  # fmt: skip
        assert not await office.damage()
