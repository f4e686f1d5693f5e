"""Two experts of a banner, the command's own way: each story comes about, and one that does not is told as such."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from policies.engine.pack import Pack
from policies.engine.words import Words
from rehearsal import telling
from rehearsal.breaches import breaches
from rehearsal.otog.stories import CONTRACT, TERMINATION
from rehearsal.records import Records
from rehearsal.run import Rehearsed, pack_of
from rehearsal.stories import Climbed, Decided, Ends, Found, Life, Never, Step, Written, life_of
from tests.rehearsal.altered import altered

PROVED, BELOW = "snow_proved", "below"


@pytest.fixture(scope="session")
def ot_a() -> Pack:
    return pack_of("ot-a")


def life(banner: Rehearsed, part: str, records: Records | None = None) -> Life:
    person = banner.play.cast.player(part)
    return life_of(person, records or banner.records, pack_of("ot-a"), banner.calendar)


def test_g_5_and_as_40_the_stories_of_two_experts_come_about(banner: Rehearsed, ot_a: Pack) -> None:
    """Snow that is proved saves one contract; 69.96 % ends in a termination that people decide."""
    assert banner.report.sound
    assert {case.state for case in banner.records.cases} == {"closed"}
    assert {one.story.words: one.as_told for one in banner.report.story} == {
        banner.play.stories[part].words: True for part in (PROVED, BELOW)
    }
    assert breaches(banner.records, ot_a, banner.calendar, banner.play) == []
    assert {one.channel for one in banner.records.decisions} == {"link", "page"}


def test_def_19_what_is_searched_for_names_is_what_the_letters_say(banner: Rehearsed) -> None:
    expert = next(one for one in banner.records.people if one.id in banner.play.cast.sent)
    own = {letter.id for letter in banner.records.letters if letter.person == expert.id}
    assert any(expert.name in text for letter, text in banner.records.caught if letter in own)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_says_what_was_expected_and_what_happened(banner: Rehearsed, language: str) -> None:
    page = telling.page(banner.report, language)
    assert "AS-40" in page
    assert "69.96" in page
    assert "✗" not in page
    assert all("✗" not in line for line in telling.lines(banner.report, language))


def otherwise_ended(records: Records) -> Records:
    return replace(records, cases=[altered(one, outcome="closed") for one in records.cases])


def without_findings(records: Records) -> Records:
    return replace(records, findings=())


def without_lines(records: Records) -> Records:
    return replace(records, lines=())


def otherwise_decided(records: Records) -> Records:
    return replace(records, lines=[replace(one, refs={**one.refs, "choice": "no_ground"}) for one in records.lines])


def late_after_all(records: Records) -> Records:
    matter = next(one for one in records.cases if one.lifecycle == TERMINATION and one.outcome == "terminated")
    line = next(one for one in records.lines if one.case == matter.id)
    return replace(records, lines=[*records.lines, replace(line, event="application_late")])


SAID = Words("如何", "how")
STEPS: tuple[tuple[Step, Callable[[Records], Records]], ...] = (
    (Ends(TERMINATION, "terminated"), otherwise_ended),
    (Ends(CONTRACT, "terminated"), otherwise_ended),
    (Found(CONTRACT, "OT-6.3g", "ground_to_confirm", SAID, {"raw_percent": "69.96"}), without_findings),
    (Written(TERMINATION, "application_submitted"), without_lines),
    (Decided(TERMINATION, "confirm_ground", "ground_confirmed"), otherwise_decided),
    (Never(TERMINATION, "application_late"), late_after_all),
)


@pytest.mark.parametrize(("step", "alter"), STEPS, ids=lambda one: getattr(one, "__name__", type(one).__name__))
def test_what_had_to_come_about_and_has_not_is_seen(
    banner: Rehearsed, ot_a: Pack, step: Step, alter: Callable[[Records], Records]
) -> None:
    assert step.told(life(banner, BELOW)).holds
    records = alter(banner.records)
    assert not step.told(life(banner, BELOW, records)).holds
    assert any(one.rule == "story" for one in breaches(records, ot_a, banner.calendar, banner.play))


def test_as_41_a_figure_is_compared_exactly(banner: Rehearsed) -> None:
    for share, holds in (("69.96", True), ("69.95", False), ("70", False)):
        step = Found(CONTRACT, "OT-6.3g", "ground_to_confirm", SAID, {"raw_percent": share})
        assert step.told(life(banner, BELOW)).holds is holds


def test_a_case_of_a_kind_that_may_not_be_is_seen(banner: Rehearsed) -> None:
    assert Never("ContractRescission").told(life(banner, BELOW)).holds
    assert not Never(TERMINATION).told(life(banner, BELOW)).holds


def test_a_rung_over_another_task_is_not_taken_for_it(banner: Rehearsed) -> None:
    task = next(one for one in banner.records.tasks if one.name == "talent_check_in")
    subject = next(case.subject for case in banner.records.cases if case.id == task.case_id)
    part = banner.play.cast.part_of[subject or ""]
    line = next(one for one in banner.records.lines if one.case == task.case_id)
    fired = replace(line, event="rung_fired", refs={"rung": "overdue_9"}, task=task.id, at=line.at + timedelta(days=1))
    records = replace(banner.records, lines=[*banner.records.lines, fired])
    assert Climbed(CONTRACT, "talent_check_in", "overdue_9", SAID).told(life(banner, part, records)).holds
    assert not Climbed(CONTRACT, "talent_need", "overdue_9", SAID).told(life(banner, part, records)).holds
    assert not Climbed(CONTRACT, "talent_check_in", "overdue_9", SAID).told(life(banner, part)).holds
