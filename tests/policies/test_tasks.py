"""The pure human task: who must answer, what an answer makes of it, and what never happens."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from policies.engine import answering, seats, tasks
from policies.engine.questions import Kind, Question, Shape, StepShape
from policies.engine.refusals import (
    AlreadyAnswered,
    ChoiceUnknown,
    NotYetYourTurn,
    NotYourTask,
    Refusal,
    SignerUnfit,
    StaleRevision,
    StepUnknown,
    TaskClosed,
)
from policies.engine.tasks import (
    ADDED,
    AFTER,
    BEFORE,
    BESIDE,
    CONSULTED,
    DECLINE,
    REPLY,
    SEND_BACK,
    SIGN,
    Answer,
    Rung,
    Seat,
    Status,
    Task,
)
from policies.engine.verdicts import NO_QUORUM

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


def answer(task: Task, of: Shape, person: str, choice: str, *, revision: int | None = None) -> answering.Effect:
    answering.ensure_answers(task, of, person=person, choice=choice, revision=revision or task.revision)
    return answering.answered(task, of, Answer(f"r{len(task.answers)}", person, task.step, choice, NOON))


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
    assert SEND_BACK in answering.choices_at(task, of)
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


@pytest.mark.parametrize("end", [lambda task: answer(task, shape(Kind.ANY), "a", "agree"), tasks.withdrawn])
def test_a_task_that_has_ended_takes_no_answer(end: Callable[[Task], object]) -> None:
    task = open_task("a")
    end(task)
    with pytest.raises(TaskClosed):
        answer(task, shape(Kind.ANY), "a", "agree")


def test_an_answer_to_a_task_whose_people_are_being_looked_up_is_not_refused_for_that() -> None:
    task = tasks.opened(Question("review/1", "review"), task_id="t1")
    answering.ensure_answers(task, shape(Kind.ANY), person="a", choice="agree", revision=1)


def test_a_handed_over_seat_keeps_deadline_and_ladder_and_the_giver_may_no_longer_answer() -> None:
    task, of = open_task("a", "b", ladder=("due",)), shape(Kind.ALL)
    seats.handed_over(task, giver="a", taker=Seat("c", "R-09", "bureau", "handed_over"))
    assert ({one.person for one in task.seats}, task.due, len(task.rungs)) == ({"b", "c"}, NOON, 1)
    with pytest.raises(NotYourTask):
        answer(task, of, "a", "agree")


def test_somebody_named_for_a_task_that_nobody_holds_is_its_only_seat() -> None:
    task = open_task()
    seats.handed_over(task, giver="", taker=Seat("c", "R-09", "bureau", "named"))
    assert [one.person for one in task.seats] == ["c"]


def test_who_takes_a_second_seat_of_one_task_has_one_answer() -> None:
    task, of = open_task("a", "b"), shape(Kind.ALL)
    seats.handed_over(task, giver="a", taker=seat("b"))
    assert answer(task, of, "b", "agree").settled


def added(task: Task, of: Shape, person: str, why: str, *, by: str = "a") -> None:
    one = Seat(person, "R-09", "bureau", why, by)
    seats.ensure_adds(task, of, one)
    seats.added(task, one)


def test_who_is_consulted_gives_an_opinion_and_decides_nothing() -> None:
    task, of = open_task("a"), shape(Kind.ANY)
    added(task, of, "x", CONSULTED)
    with pytest.raises(ChoiceUnknown):
        answer(task, of, "x", "agree")
    effect = answer(task, of, "x", REPLY)
    assert (effect.settled, effect.replied, task.deciders) == (False, "a", ())
    assert answer(task, of, "a", "reject").settled


def test_the_asker_may_decide_without_waiting_for_the_opinion() -> None:
    task, of = open_task("a"), shape(Kind.ANY)
    added(task, of, "x", CONSULTED)
    assert answer(task, of, "a", "agree").settled


def test_who_signs_before_is_waited_for_and_then_it_is_the_step_s_own_turn() -> None:
    task, of = open_task("a"), shape(Kind.ANY)
    added(task, of, "x", BEFORE)
    with pytest.raises(NotYetYourTurn):
        answer(task, of, "a", "agree")
    assert [one.person for one in answer(task, of, "x", SIGN).called] == ["a"]
    assert answer(task, of, "a", "agree").settled


def test_who_signs_before_and_does_not_agree_decides_nothing_either() -> None:
    task, of = open_task("a"), shape(Kind.ANY)
    added(task, of, "x", BEFORE)
    with pytest.raises(ChoiceUnknown):
        answer(task, of, "x", "reject")
    assert not answer(task, of, "x", DECLINE).settled
    assert answer(task, of, "a", "agree").settled
    assert (task.outcome, task.deciding.person) == ("agree", "a")


def test_who_signs_after_is_called_once_the_others_have_agreed() -> None:
    task, of = open_task("a", "b"), shape(Kind.ALL)
    added(task, of, "x", AFTER)
    with pytest.raises(NotYetYourTurn):
        answer(task, of, "x", SIGN)
    assert answer(task, of, "a", "agree").called == ()
    effect = answer(task, of, "b", "agree")
    assert (effect.settled, [one.person for one in effect.called]) == (False, ["x"])
    assert answer(task, of, "x", SIGN).settled
    assert (task.outcome, task.deciding.person) == ("agree", "b")


def test_who_does_not_sign_after_the_others_has_them_asked_anew() -> None:
    task, of = open_task("a"), shape(Kind.ANY)
    added(task, of, "x", AFTER)
    answer(task, of, "a", "agree")
    assert answer(task, of, "x", DECLINE).moved
    assert (task.status, task.revision, task.standing_answers()) == (Status.OPENING, 2, [])
    tasks.seated(task, [seat("a")], due=NOON, rungs=[])
    assert answer(task, of, "a", "reject").settled


def test_who_would_sign_after_is_not_asked_when_the_others_do_not_agree() -> None:
    task, of = open_task("a"), shape(Kind.ANY)
    added(task, of, "x", AFTER)
    assert answer(task, of, "a", "reject").settled


def test_on_the_way_of_a_chain_an_added_signer_holds_the_step_where_its_people_have_agreed() -> None:
    of = shape(Kind.IN_TURN, steps=2)
    agreed, rejected = open_task("a"), open_task("a")
    for task in (agreed, rejected):
        added(task, of, "x", AFTER)
    assert not answer(agreed, of, "a", "agree").moved
    assert answer(agreed, of, "x", SIGN).moved
    assert answer(rejected, of, "a", "reject").moved


def test_a_signer_taken_back_lets_the_answers_of_the_others_count() -> None:
    task, of = open_task("a"), shape(Kind.ANY)
    added(task, of, "x", AFTER)
    answer(task, of, "a", "agree")
    assert seats.recalled(task, of, by="a", person="x").settled
    assert task.outcome == "agree"


def test_only_who_added_a_signer_takes_it_back_and_only_unanswered() -> None:
    task, of = open_task("a", "b"), shape(Kind.ALL)
    added(task, of, "x", BEFORE)
    with pytest.raises(NotYourTask):
        seats.recalled(task, of, by="b", person="x")
    answer(task, of, "x", SIGN)
    with pytest.raises(AlreadyAnswered):
        seats.recalled(task, of, by="a", person="x")


def test_nobody_adds_who_sits_there_who_has_decided_or_after_answering() -> None:
    task, of = open_task("a", "b"), shape(Kind.ALL)
    with pytest.raises(SignerUnfit):
        added(task, of, "b", BEFORE)
    with pytest.raises(NotYourTask):
        added(task, of, "x", BEFORE, by="c")
    answer(task, of, "a", "agree")
    with pytest.raises(AlreadyAnswered):
        added(task, of, "x", BEFORE)


def test_an_opinion_that_came_late_is_not_what_decided() -> None:
    task, of = open_task("a"), shape(Kind.ANY)
    added(task, of, "x", AFTER)
    added(task, of, "c", CONSULTED)
    answer(task, of, "a", "agree")
    answer(task, of, "c", REPLY)
    seats.recalled(task, of, by="a", person="x")
    assert (task.outcome, task.deciding.person) == ("agree", "a")


def sent_back(task: Task, of: Shape, person: str, *, back_to: int, straight: bool = False) -> None:
    answering.ensure_sends_back(task, back_to=back_to)
    answering.answered(task, of, Answer("back", person, task.step, SEND_BACK, NOON, back_to, straight))


def climbed(of: Shape, *people: str) -> Task:
    """A chain whose people have agreed up to the last one, who now sits."""
    task = open_task(people[0])
    for before, person in pairwise(people):
        answer(task, of, before, "agree")
        tasks.seated(task, [seat(person)], due=NOON, rungs=[])
    return task


def test_a_chain_goes_back_to_a_chosen_step_and_through_the_path_again() -> None:
    of = shape(Kind.IN_TURN, steps=3)
    task = climbed(of, "a", "b", "c")
    sent_back(task, of, "c", back_to=0)
    tasks.seated(task, [seat("a")], due=NOON, rungs=[])
    answer(task, of, "a", "agree")
    assert task.step == 1


def test_or_its_new_answer_comes_straight_back_to_who_sent_it_back() -> None:
    of = shape(Kind.IN_TURN, steps=3)
    task = climbed(of, "a", "b", "c")
    sent_back(task, of, "c", back_to=0, straight=True)
    tasks.seated(task, [seat("a")], due=NOON, rungs=[])
    answer(task, of, "a", "agree")
    assert task.step == 2
    tasks.seated(task, [seat("c")], due=NOON, rungs=[])
    sent_back(task, of, "c", back_to=-1)
    tasks.seated(task, [seat("b")], due=NOON, rungs=[])
    answer(task, of, "b", "agree")
    assert task.step == 2


@pytest.mark.parametrize("step", [2, 3, -2])
def test_nothing_goes_back_to_what_is_no_earlier_step(step: int) -> None:
    task = climbed(shape(Kind.IN_TURN, steps=3), "a", "b", "c")
    with pytest.raises(StepUnknown):
        answering.ensure_sends_back(task, back_to=step)


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


CHOICES = ("agree", "reject", SEND_BACK, REPLY, SIGN, DECLINE, "other")


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

    @rule(person=st.sampled_from(PEOPLE), choice=st.sampled_from(CHOICES), back=st.integers(0, 1))
    def answer(self, person: str, choice: str, back: int) -> None:
        before = len(self.task.answers)
        seated, opening = {one.person for one in self.task.seats}, self.task.status is Status.OPENING
        step = self.task.step
        try:
            answering.ensure_answers(
                self.task, self.shape, person=person, choice=choice, revision=self.task.revision - back
            )
        except Refusal:
            assert len(self.task.answers) == before
            return
        assert back == 0
        assert choice in (*BESIDE, *answering.choices_at(self.task, self.shape))
        if opening:
            return
        answering.answered(self.task, self.shape, Answer(f"r{before}", person, step, choice, NOON))
        self.entitled.append((person, step, seated))

    @rule(giver=st.sampled_from(PEOPLE), taker=st.sampled_from(PEOPLE))
    def hand_over(self, giver: str, taker: str) -> None:
        done = {one.person for one in self.task.standing_answers()}
        own = {one.person for one in self.task.waiting()}
        if self.task.status is Status.OPEN and giver in own and taker not in done:
            seats.handed_over(self.task, giver=giver, taker=seat(taker))
            answering.concluded(self.task, self.shape, [*self.task.seats])

    @rule(by=st.sampled_from(PEOPLE), person=st.sampled_from(PEOPLE), why=st.sampled_from(sorted(ADDED)))
    def add(self, by: str, person: str, why: str) -> None:
        if self.task.status is not Status.OPEN:
            return
        one = Seat(person, "R-09", "bureau", why, by)
        try:
            seats.ensure_adds(self.task, self.shape, one)
        except Refusal:
            return
        seats.added(self.task, one)

    @rule(by=st.sampled_from(PEOPLE), person=st.sampled_from(PEOPLE))
    def take_back(self, by: str, person: str) -> None:
        if self.task.status is Status.OPEN:
            with suppress(Refusal):
                seats.recalled(self.task, self.shape, by=by, person=person)

    @rule(person=st.sampled_from(PEOPLE))
    def role_of_who_was_added_ends(self, person: str) -> None:
        """The case settles at its next turn what all who are left have answered."""
        one = self.task.seat_of(person)
        if self.task.status is Status.OPEN and one and one.why in ADDED:
            seats.reseated(self.task, former=[person], seats=[])
            if self.task.answers and not answering.called(self.task, self.shape):
                answering.concluded(self.task, self.shape, [])

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
    def an_open_task_always_waits_for_somebody(self) -> None:
        if hasattr(self, "task") and self.task.status is Status.OPEN:
            assert answering.called(self.task, self.shape)

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
