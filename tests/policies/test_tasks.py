"""The pure human task: who must answer, what an answer makes of it, and what never happens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from policies.engine import tasks
from policies.engine.questions import Kind, Question, Shape, StepShape
from policies.engine.refusals import AlreadyAnswered, ChoiceUnknown, NotYourTask, Refusal, StaleRevision, TaskClosed
from policies.engine.tasks import NO_QUORUM, SEND_BACK, Answer, Rung, Seat, Status, Task

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
STEPS = ("draft", "review", "approve")


def shape(kind: Kind, *, steps: int = 1, quorum: int = 0) -> Shape:
    one = [StepShape(name, "R-09", "bureau", ("agree", "reject")) for name in STEPS[:steps]]
    return Shape(tuple(one), "bureau", kind, quorum, positive=("agree",))


def seat(person: str) -> Seat:
    return Seat(person, "R-09", "bureau")


def rungs(*names: str) -> list[Rung]:
    return [Rung(name, NOON + timedelta(days=number)) for number, name in enumerate(names, start=1)]


def open_task(*people: str, ladder: tuple[str, ...] = ()) -> Task:
    task = tasks.opened(Question("review/1", "review"), task_id="t1")
    tasks.seated(task, [seat(person) for person in people], due=NOON, rungs=rungs(*ladder))
    return task


def answer(task: Task, of: Shape, person: str, choice: str, *, revision: int | None = None) -> tasks.Effect:
    tasks.ensure_answers(task, of, person=person, choice=choice, revision=revision or task.revision)
    return tasks.answered(task, of, Answer(f"r{len(task.answers)}", person, task.step, choice, NOON))


def test_of_any_the_first_answer_settles() -> None:
    task = open_task("a", "b")
    assert answer(task, shape(Kind.ANY), "b", "reject").settled
    assert (task.status, task.outcome, task.deciders) == (Status.SETTLED, "reject", ("b",))


def test_of_all_the_last_agreement_settles() -> None:
    task, of = open_task("a", "b", "c"), shape(Kind.ALL)
    assert not answer(task, of, "a", "agree").settled
    assert not answer(task, of, "c", "agree").settled
    assert answer(task, of, "b", "agree").settled
    assert task.outcome == "agree"


def test_of_all_one_negative_settles_at_once() -> None:
    task, of = open_task("a", "b", "c"), shape(Kind.ALL)
    answer(task, of, "a", "agree")
    assert answer(task, of, "b", "reject").settled
    assert task.outcome == "reject"


def test_a_quorum_settles_with_the_vote_that_reaches_it() -> None:
    task, of = open_task("a", "b", "c", "d", "e"), shape(Kind.QUORUM, quorum=3)
    for person, choice in (("a", "agree"), ("b", "reject"), ("c", "agree")):
        assert not answer(task, of, person, choice).settled
    assert answer(task, of, "d", "agree").settled
    assert task.outcome == "agree"


def test_a_quorum_that_nobody_can_reach_any_more_settles_without_one() -> None:
    task, of = open_task("a", "b", "c", "d"), shape(Kind.QUORUM, quorum=3)
    answer(task, of, "a", "agree")
    answer(task, of, "b", "reject")
    assert not answer(task, of, "c", "agree").settled
    assert answer(task, of, "d", "reject").settled
    assert task.outcome == NO_QUORUM


def test_a_quorum_settles_as_soon_as_it_cannot_be_reached() -> None:
    task, of = open_task("a", "b", "c"), shape(Kind.QUORUM, quorum=3)
    answer(task, of, "a", "agree")
    assert answer(task, of, "b", "reject").settled
    assert (task.outcome, len(task.answers)) == (NO_QUORUM, 2)


def in_turn(task: Task, person: str) -> None:
    tasks.seated(task, [seat(person)], due=NOON, rungs=rungs("due"))


def test_in_turn_each_step_is_asked_after_the_one_before_and_the_last_decides() -> None:
    task, of = open_task("clerk"), shape(Kind.IN_TURN, steps=3)
    for number, person in enumerate(("clerk", "head", "leader")):
        assert task.step == number
        assert answer(task, of, person, "agree").moved is (number < 2)
        if number < 2:
            assert task.status is Status.OPENING
            in_turn(task, ("head", "leader")[number])
    assert (task.status, task.outcome, task.revision) == (Status.SETTLED, "agree", 3)


def test_a_step_that_is_sent_back_is_asked_anew_and_goes_through_again() -> None:
    task, of = open_task("clerk"), shape(Kind.IN_TURN, steps=3)
    answer(task, of, "clerk", "agree")
    in_turn(task, "head")
    assert SEND_BACK in tasks.choices_at(task, of)
    assert answer(task, of, "head", SEND_BACK).moved
    assert (task.step, task.revision, task.standing_answers()) == (0, 3, [])
    in_turn(task, "clerk")
    answer(task, of, "clerk", "agree")
    in_turn(task, "head")
    answer(task, of, "head", "agree")
    in_turn(task, "leader")
    answer(task, of, "leader", "reject")
    assert task.outcome == "reject"


def test_the_first_step_cannot_be_sent_back() -> None:
    task, of = open_task("clerk"), shape(Kind.IN_TURN, steps=3)
    with pytest.raises(ChoiceUnknown):
        answer(task, of, "clerk", SEND_BACK)


@pytest.mark.parametrize(
    ("person", "choice", "revision", "refusal"),
    [
        ("a", "agree", 2, StaleRevision),
        ("stranger", "agree", 1, NotYourTask),
        ("a", "approve", 1, ChoiceUnknown),
        ("b", "agree", 1, AlreadyAnswered),
    ],
)
def test_an_answer_that_is_stale_foreign_unknown_or_given_before_is_refused(
    person: str, choice: str, revision: int, refusal: type[Refusal]
) -> None:
    task, of = open_task("a", "b", "c"), shape(Kind.ALL)
    answer(task, of, "b", "agree")
    with pytest.raises(refusal):
        answer(task, of, person, choice, revision=revision)
    assert len(task.answers) == 1


@pytest.mark.parametrize("end", [lambda task: tasks.settle(task, "agree"), tasks.withdrawn])
def test_a_task_that_has_ended_takes_no_answer(end: Callable[[Task], object]) -> None:
    task = open_task("a")
    end(task)
    with pytest.raises(TaskClosed):
        answer(task, shape(Kind.ANY), "a", "agree")


def test_an_answer_to_a_task_whose_people_are_being_looked_up_is_not_refused_for_that() -> None:
    task = tasks.opened(Question("review/1", "review"), task_id="t1")
    tasks.ensure_answers(task, shape(Kind.ANY), person="a", choice="agree", revision=1)


def test_a_handed_over_seat_keeps_deadline_and_ladder_and_the_giver_may_no_longer_answer() -> None:
    task, of = open_task("a", "b", ladder=("due",)), shape(Kind.ALL)
    tasks.handed_over(task, giver="a", taker=Seat("c", "R-09", "bureau", "handed_over"))
    assert ({one.person for one in task.seats}, task.due, len(task.rungs)) == ({"b", "c"}, NOON, 1)
    with pytest.raises(NotYourTask):
        answer(task, of, "a", "agree")


def test_somebody_named_for_a_task_that_nobody_holds_is_its_only_seat() -> None:
    task = open_task()
    tasks.handed_over(task, giver="", taker=Seat("c", "R-09", "bureau", "named"))
    assert [one.person for one in task.seats] == ["c"]


def test_who_takes_a_second_seat_of_one_task_has_one_answer() -> None:
    task, of = open_task("a", "b"), shape(Kind.ALL)
    tasks.handed_over(task, giver="a", taker=seat("b"))
    assert answer(task, of, "b", "agree").settled


def test_rungs_fire_once_and_those_due_together_fire_together() -> None:
    task = open_task("a", ladder=("before_1", "due", "overdue_1"))
    assert [rung.name for rung in tasks.due_rungs(task, NOON + timedelta(days=2))] == ["before_1", "due"]
    assert tasks.due_rungs(task, NOON + timedelta(days=2)) == []
    assert [rung.name for rung in tasks.due_rungs(task, NOON + timedelta(days=9))] == ["overdue_1"]


def test_a_step_asked_anew_has_a_new_revision_and_waits_for_a_whole_new_ladder() -> None:
    task = open_task("a", ladder=("before_1", "due"))
    tasks.due_rungs(task, NOON + timedelta(days=1))
    tasks.asked_anew(task)
    assert (task.revision, task.status, task.rungs, task.due, task.seats) == (2, Status.OPENING, [], None, [])
    tasks.seated(task, [seat("a")], due=NOON, rungs=rungs("before_1", "due"))
    assert [rung.name for rung in task.rungs] == ["before_1", "due"]


def test_a_task_that_was_withdrawn_while_it_was_seated_stays_withdrawn() -> None:
    task = tasks.opened(Question("review/1", "review"), task_id="t1")
    tasks.withdrawn(task)
    tasks.seated(task, [seat("a")], due=NOON, rungs=rungs("due"))
    assert (task.status, task.seats, task.rungs) == (Status.WITHDRAWN, [], [])


PEOPLE = ("a", "b", "c", "d")


class TaskLife(RuleBasedStateMachine):
    """Any order of answers, hand overs, rungs and ends that people and time can produce."""

    @initialize(
        kind=st.sampled_from(Kind), seats=st.sets(st.sampled_from(PEOPLE), min_size=1), quorum=st.integers(1, 3)
    )
    def begin(self, kind: Kind, seats: set[str], quorum: int) -> None:
        steps = 3 if kind is Kind.IN_TURN else 1
        self.shape = shape(kind, steps=steps, quorum=min(quorum, len(seats)))
        self.task = open_task(*sorted(seats), ladder=("before", "due", "late"))
        self.fired: list[tuple[int, str]] = []
        self.revision, self.outcome, self.ended = 1, "", False
        self.entitled: list[tuple[str, int, set[str]]] = []

    @rule(seats=st.sets(st.sampled_from(PEOPLE), min_size=1))
    def find_people(self, seats: set[str]) -> None:
        tasks.seated(self.task, [seat(one) for one in sorted(seats)], due=NOON, rungs=rungs("before", "due", "late"))

    @rule(person=st.sampled_from(PEOPLE), choice=st.sampled_from(("agree", "reject", SEND_BACK, "other")),
          back=st.integers(0, 1))  # fmt: skip
    def answer(self, person: str, choice: str, back: int) -> None:
        before = len(self.task.answers)
        seated, opening = {one.person for one in self.task.seats}, self.task.status is Status.OPENING
        step = self.task.step
        try:
            tasks.ensure_answers(
                self.task, self.shape, person=person, choice=choice, revision=self.task.revision - back
            )
        except Refusal:
            assert len(self.task.answers) == before
            return
        assert back == 0
        assert choice in tasks.choices_at(self.task, self.shape)
        if opening:
            return
        tasks.answered(self.task, self.shape, Answer(f"r{before}", person, step, choice, NOON))
        self.entitled.append((person, step, seated))

    @rule(giver=st.sampled_from(PEOPLE), taker=st.sampled_from(PEOPLE))
    def hand_over(self, giver: str, taker: str) -> None:
        done = {one.person for one in self.task.standing_answers()}
        held = {one.person for one in self.task.seats}
        if self.task.status is Status.OPEN and giver in held - done and taker not in done:
            tasks.handed_over(self.task, giver=giver, taker=seat(taker))

    @rule(days=st.integers(0, 4))
    def time_comes(self, days: int) -> None:
        fired = tasks.due_rungs(self.task, NOON + timedelta(days=days))
        assert not (fired and self.task.status is not Status.OPEN)
        self.fired.extend((self.task.revision, rung.name) for rung in fired)

    @rule()
    def withdraw(self) -> None:
        if self.task.live and len(self.task.answers) > 2:
            tasks.withdrawn(self.task)

    @invariant()
    def an_end_is_an_end(self) -> None:
        if not hasattr(self, "task"):
            return
        if self.ended:
            assert not self.task.live
            assert self.task.outcome == self.outcome
        self.ended, self.outcome = not self.task.live, self.task.outcome

    @invariant()
    def everybody_who_answered_held_a_seat(self) -> None:
        if hasattr(self, "task"):
            assert all(person in seats for person, _, seats in self.entitled)
            assert len(self.entitled) == len(self.task.answers)

    @invariant()
    def nobody_answers_one_asking_twice(self) -> None:
        if hasattr(self, "task"):
            people = [one.person for one in self.task.standing_answers()]
            assert len(people) == len(set(people))

    @invariant()
    def no_rung_fires_twice(self) -> None:
        if hasattr(self, "task"):
            assert len(self.fired) == len(set(self.fired))

    @invariant()
    def a_revision_never_goes_back(self) -> None:
        if hasattr(self, "task"):
            assert self.task.revision >= self.revision
            self.revision = self.task.revision

    @invariant()
    def a_task_that_everybody_has_answered_is_not_left_open(self) -> None:
        if hasattr(self, "task") and self.task.status is Status.OPEN:
            done = {one.person for one in self.task.standing_answers()}
            assert {one.person for one in self.task.seats} - done


TestTaskLife = TaskLife.TestCase
TestTaskLife.settings = settings(max_examples=500, stateful_step_count=20, deadline=None, derandomize=True)
