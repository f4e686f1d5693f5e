"""A small year, the command's own way: every case ends, people are reminded, a wrong address is put right."""

import re
from collections import Counter

import pytest

from rehearsal import telling
from rehearsal.browser import Form
from rehearsal.cast import Asked
from rehearsal.deqing import answers as county_answers
from rehearsal.deqing.cast import cast_of
from rehearsal.otog import answers as banner_answers
from rehearsal.otog.stories import STORIES
from rehearsal.people import BOUNCES
from rehearsal.plays import OPENS, PROGRAMMES, YEAR, play_of
from rehearsal.replies import NoScript
from rehearsal.report import Report
from rehearsal.run import Rehearsed, pack_of, rehearse_alone

FULL, TRAINEES, AT_MOST = 20, 5, 900


async def told(programme: str, people: int, *, seed: int) -> Report:
    played = await rehearse_alone(pack_of(programme), play_of(programme, people, seed), tell=lambda *_: None)
    return played.report


def test_every_case_comes_to_its_end(rehearsed: Rehearsed) -> None:
    assert rehearsed.report.sound
    lifecycles = {"DemandCycle", "InstitutionDemand", "HospitalSupply", "Balancing", "PostingCase", "FilingBatch"}
    assert {case.lifecycle for case in rehearsed.records.cases} >= lifecycles | {"ServiceTerm"}
    assert {case.state for case in rehearsed.records.cases} == {"closed"}


def test_people_decide_on_the_pages_behind_their_links(rehearsed: Rehearsed) -> None:
    channels = Counter(one.channel for one in rehearsed.records.decisions)
    assert set(channels) <= {"link", "page"}
    assert channels["link"] > len(rehearsed.records.decisions) / 2


def test_a_letter_that_bounced_is_followed_by_one_that_arrives(rehearsed: Rehearsed) -> None:
    refused = [letter for letter in rehearsed.records.letters if letter.state == "refused"]
    bounced = {letter.person for letter in refused}
    assert bounced == {"rh-t02-hr"}
    later = [one for one in rehearsed.records.letters if one.person in bounced and one.state == "sent"]
    assert {letter.task_id for letter in refused} <= {letter.task_id for letter in later}
    assert not any(person.email.startswith(BOUNCES) for person in rehearsed.records.people)


def test_the_report_tells_lateness_in_simulated_days_and_findings_by_clause(rehearsed: Rehearsed) -> None:
    report = rehearsed.report
    assert report.days > 200
    assert [one.number for one in report.reminders][:3] > [0, 0, 0]
    for one in report.changes:
        assert one.rule.split(".")[0] in {"DQ-3", "DQ-4"}
        assert one.quote
    assert sum(one.answered for one in report.roles) == len(rehearsed.records.decisions)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_stands_for_itself(rehearsed: Rehearsed, language: str) -> None:
    page = telling.page(rehearsed.report, language)
    assert "<svg" in page
    assert not re.search(r"<script|https?://|src=|<link", page)
    assert ("演练报告" in page) is (language == "zh-CN")
    assert any("✓" in line for line in telling.lines(rehearsed.report, language))


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_question_without_a_line_in_the_table_is_named(programme: str) -> None:
    asked = Asked("t", "no_such_task", "k", "c", "p", "R-05", "i", "p", {}, 1, None, grave=False, today=OPENS.date())
    with pytest.raises(NoScript, match=r"no_such_task \(R-05\)"):
        play_of(programme, 2, 1).reply_to(asked, Form(""))


def test_every_line_of_the_table_is_a_task_of_a_pack() -> None:
    tasks = [set(pack_of(programme).tasks) for programme in PROGRAMMES]
    assert set(county_answers.ANSWERS) | set(banner_answers.ANSWERS) <= set().union(*tasks)


def test_the_same_seed_gives_the_same_parts() -> None:
    assert cast_of(FULL, 3, YEAR) == cast_of(FULL, 3, YEAR)
    assert cast_of(FULL, 3, YEAR).part_of != cast_of(FULL, 4, YEAR).part_of


@pytest.mark.soak
@pytest.mark.timeout(AT_MOST)
async def test_a_year_of_trainees_is_sound() -> None:
    report = await told("dq-b", TRAINEES, seed=2)
    assert report.sound
    assert any(one.lifecycle == "TrainingPlacement" for one in report.endings)


@pytest.mark.soak
@pytest.mark.timeout(AT_MOST)
async def test_a_full_year_is_sound_and_tells_the_same_when_it_is_told_again() -> None:
    first, second = [await told("dq-a", FULL, seed=1) for _ in range(2)]
    assert first.sound
    assert telling.page(first, "zh-CN") == telling.page(second, "zh-CN")


@pytest.mark.soak
@pytest.mark.timeout(AT_MOST)
async def test_ot_a_every_story_of_a_banner_comes_about_and_is_told_the_same_again() -> None:
    """Issue 4, item 7: three hospitals, twelve experts, eighteen months."""
    first, second = [await told("ot-a", len(STORIES), seed=1) for _ in range(2)]
    assert first.sound
    assert [one.as_told for one in first.story] == [True] * len(STORIES)
    assert telling.page(first, "zh-CN") == telling.page(second, "zh-CN")
