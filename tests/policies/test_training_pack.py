"""What the pack of the trainees says otherwise: hospitals receive and townships send (programme 3.2)."""

from datetime import date
from pathlib import Path

import pytest

from activities.service import MENTOR_TASKS, TERM_TASKS
from activities.trainees import PLACEMENT_TASKS
from db.engine.pack_files import read_pack
from policies.engine.pack import Pack
from policies.term import TermFacts, term_is_met

PACKS = Path(__file__).parents[2] / "policies" / "packs"
AT_HOSPITAL, AT_TOWNSHIP = {"R-03", "R-04", "R-06"}, {"R-01", "R-02"}
# A trainee's term never asks these: targets and mentor stand in the place of post and plan, and nobody stays.
OF_SENT_DOWN = {"prepare_post", "sign_plan", "settle_start", "stay_or_return", "stay_sending", "stay_receiving"}


@pytest.fixture(scope="module")
def training() -> Pack:
    return read_pack(PACKS / "dq-b.toml")


def test_every_task_of_a_training_asks_the_hospital_at_the_hospital_and_the_township_at_the_township(
    training: Pack,
) -> None:
    asked = {*TERM_TASKS, *MENTOR_TASKS, *PLACEMENT_TASKS} - OF_SENT_DOWN
    steps = [(name, step.at, step.role) for name in sorted(asked) for step in training.tasks[name].steps]
    assert [one for one in steps if one[1] == "receiving" and one[2] not in AT_HOSPITAL] == []
    assert [one for one in steps if one[1] == "sending" and one[2] not in AT_TOWNSHIP] == []


def test_a_training_has_six_months_and_nothing_that_is_added_up(training: Pack) -> None:
    assert (training.parameters["site_months"].whole, training.parameters["accumulated_months"].whole) == (6, 0)
    assert training.parameters["site_months"].rule == "DQ-3.1.1b"


def test_six_months_meet_the_term_and_a_day_less_does_not(training: Pack, pack: Pack) -> None:
    whole = TermFacts(date(2026, 3, 1), date(2026, 8, 31))
    short = TermFacts(date(2026, 3, 1), date(2026, 8, 30))
    assert (term_is_met(whole, training).outcome, term_is_met(short, training).outcome) == ("met", "not_met")
    assert term_is_met(whole, training).rule_ids == ("DQ-3.1.1b",)
    assert term_is_met(whole, pack).outcome != "met", "staff sent down have six months more"


def test_no_word_that_a_trainee_gets_speaks_of_staff_sent_down(training: Pack) -> None:
    told = {name for name, one in training.tellings.items() if "县聘乡用" in one.title.zh + one.result.zh}
    assert told <= {"post_taken", "post_closed", "activity_dismissed"}, "only what no trainee is told"
    asked = {*TERM_TASKS, *MENTOR_TASKS, *PLACEMENT_TASKS} - OF_SENT_DOWN
    spoken = {name for name in asked if "派遣" in training.tasks[name].ask.zh + training.tasks[name].title.zh}
    assert spoken == set()
