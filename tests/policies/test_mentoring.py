"""DQ-3.2.2a, b: what the receiving institution prepares."""

from dataclasses import replace

import pytest

from policies.engine.pack import Pack
from policies.mentoring import MentorFacts, PlaceFacts, mentor_fits, place_is_ready

FITTING = MentorFacts(mentors=1, mentor_title="full_senior", mentor_other_trainees=0, targets=5)


def test_a_senior_mentor_of_one_trainee_fits_by_the_text(pack: Pack) -> None:
    finding = mentor_fits(FITTING, pack)

    assert (finding.outcome, finding.basis) == ("fits", "text")


def test_associate_senior_is_senior_by_our_default(pack: Pack) -> None:
    finding = mentor_fits(replace(FITTING, mentor_title="associate_senior"), pack)

    assert (finding.outcome, finding.basis) == ("fits", "default")


def test_as_22_a_mentor_with_a_trainee_is_refused_a_second(pack: Pack) -> None:
    finding = mentor_fits(replace(FITTING, mentor_other_trainees=1), pack)

    assert (finding.outcome, finding.effect) == ("mentor_taken", "block")
    assert "一对一带教" in finding.quote


def test_as_23_a_mentor_with_an_intermediate_title_is_refused(pack: Pack) -> None:
    finding = mentor_fits(replace(FITTING, mentor_title="intermediate"), pack)

    assert (finding.outcome, finding.effect, finding.basis) == ("not_senior", "block", "text")


@pytest.mark.parametrize("mentors", [0, 2])
def test_exactly_one_mentor_is_named(pack: Pack, mentors: int) -> None:
    assert mentor_fits(replace(FITTING, mentors=mentors), pack).outcome == "not_one_mentor"


def test_targets_are_needed(pack: Pack) -> None:
    assert mentor_fits(replace(FITTING, targets=0), pack).outcome == "no_targets"


def test_a_place_that_is_not_ready_warns_and_does_not_bar(pack: Pack) -> None:
    ready = PlaceFacts(working_group=True, task_plan=True, post=True)

    assert place_is_ready(ready, pack).effect == "allow"
    assert place_is_ready(replace(ready, post=False), pack).effect == "warn"
