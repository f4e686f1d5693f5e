"""How people and other cases reach a case: updates that are refused or take effect at once, and a signal for notices.

Handlers only set state and return; the run loop commits (design 13). An answer to a task whose people are just
being looked up waits for them, because a decision may arrive before its task is known here: nothing is refused for
that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from activities.engine.messages import (
    ROLES_ENDED,
    Act,
    Answered,
    CaseStart,
    CaseState,
    Decide,
    Line,
    Notice,
    Recorded,
)
from policies.engine import answering, seats, tasks
from policies.engine.questions import Shape
from policies.engine.refusals import (
    AlreadyAnswered,
    CaseClosed,
    NotYourTask,
    Refusal,
    TaskClosed,
    UrgedTooSoon,
    WithdrawalTooLate,
)
from policies.engine.tasks import ADDED, BACK_TO, SEND_BACK, STRAIGHT, Answer, Seat, Status, Task
from workflows.engine.draft import Draft

URGE_AGAIN_AFTER = timedelta(hours=20)


@contextmanager
def failing_the_update() -> Iterator[None]:
    """A refusal ends the update, not the case; its name and facts cross the wire."""
    try:
        yield
    except Refusal as refusal:
        name = type(refusal).__name__
        raise ApplicationError(str(refusal), refusal.facts, type=name, non_retryable=True) from refusal


class Inbox:
    """The state of a case and the messages that may change it."""

    def __init__(self, start: CaseStart, state: CaseState) -> None:
        self.start = start
        self.state = state
        self.draft = Draft()
        self.in_flight: set[str] = set()
        self.changed = True
        self.ended = self.lasting = False

    def task(self, task_id: str) -> Task:
        """The task with this id, or `TaskUnknown`."""
        return self.state.task(task_id)

    def task_of(self, key: str) -> Task | None:
        """The task that was asked under this key."""
        return next((task for task in self.state.tasks if task.key == key), None)

    def shape(self, task: Task) -> Shape:
        """The path-shaping part of the task's question, as it was when the case started."""
        return self.start.shapes[task.name]

    def withdraw(self, task: Task) -> None:
        """Take a question back that has lost its object; one that nobody has been asked yet leaves no trace."""
        if not task.live:
            return
        unheard = task.status is Status.OPENING and task.revision == 1 and task.id not in self.in_flight
        tasks.withdrawn(task)
        if not unheard:
            self.draft.withdrawn.append(task.id)

    def may_withdraw(self) -> bool:
        """Whether the person may still take the case back freely; a lifecycle says when."""
        return False

    @workflow.update
    async def decide(self, decision: Decide) -> Recorded:
        """Take one answer."""
        if decision.request in self.state.applied:
            return Recorded(decision.request, again=True)
        with failing_the_update():
            task = self.task(decision.task)
            await self._seated(task)
            if decision.request in self.state.applied:
                return Recorded(decision.request, again=True)
            self._ensure_answers(decision)
            self._take_answer(task, decision)
        return Recorded(decision.request)

    @decide.validator
    def _answers_an_open_task(self, decision: Decide) -> None:
        if decision.request in self.state.applied:
            return
        with failing_the_update():
            self._ensure_answers(decision)

    @workflow.update
    async def act(self, act: Act) -> Recorded:
        """Take something else that a person does to the case."""
        with failing_the_update():
            if act.task:
                await self._seated(self.task(act.task))
            if act.request in self.state.applied:
                return Recorded(act.request, again=True)
            if act.verb == "withdraw":
                self._ensure_withdrawable()
            self._ensure_open()
            getattr(self, f"_{act.verb}")(act)
        self._applied(act.request)
        self.draft.acts.append(act.request)
        return Recorded(act.request)

    async def _seated(self, task: Task) -> None:
        """Wait while the people of a task are looked up: what comes then is neither early nor late."""
        if task.status is Status.OPENING:
            await workflow.wait_condition(lambda: task.status is not Status.OPENING)

    @workflow.signal
    def notice(self, notice: Notice) -> None:
        """Take what another case, or an upkeep, has told."""
        if notice.request not in self.state.applied:
            self._applied(notice.request)
            self.draft.acts.append(notice.request)
            if notice.name == ROLES_ENDED:
                self.draft.roles_ended = True
            else:
                self.state.notices.append(notice)

    @workflow.query
    def snapshot(self) -> CaseState:
        """The state, for operators and the reconciler."""
        return self.state

    def _ensure_open(self) -> None:
        if self.ended:
            raise CaseClosed(case=self.start.case_id)

    def _ensure_withdrawable(self) -> None:
        """Too late is what has been filed (DEF-14); a case that is withdrawn already, or ended otherwise, is closed."""
        if "withdrawn" in self.state.marks or (self.ended and not self.lasting):
            raise CaseClosed(case=self.start.case_id)
        if self.ended or not self.may_withdraw():
            raise WithdrawalTooLate(case=self.start.case_id)

    def _ensure_answers(self, decision: Decide) -> None:
        self._ensure_open()
        task = self.task(decision.task)
        answering.ensure_answers(
            task, self.shape(task), person=decision.person, choice=decision.choice, revision=decision.revision
        )
        if decision.choice == SEND_BACK:
            answering.ensure_sends_back(task, back_to=int(decision.refs.get(BACK_TO, -1)))

    def _take_answer(self, task: Task, decision: Decide) -> None:
        answer = _answer(decision, task.step)
        seat = next(seat for seat in task.seats if seat.person == decision.person)
        self.draft.answers.append(
            Answered(
                decision.request,
                task.id,
                decision.person,
                task.step,
                task.revision,
                decision.choice,
                seat,
                task.due,
            )
        )
        task.refs.update({name: ref for name, ref in decision.refs.items() if name not in (BACK_TO, STRAIGHT)})
        effect = answering.answered(task, self.shape(task), answer)
        self._applied(decision.request)
        self._follow(task, effect)
        if effect.replied:
            self.draft.replied.append(f"{task.id}/{effect.replied}")

    def _follow(self, task: Task, effect: answering.Effect) -> None:
        """What the record has to know of what an answer, or a signer taken back, has made of a task."""
        if effect.settled:
            self.draft.settled[task.id] = task.outcome
        for seat in effect.called:
            self.draft.handed[f"{task.id}/{seat.person}"] = seat

    def _applied(self, request: str) -> None:
        self.state.applied.append(request)
        self.changed = True

    # The verbs of `act`.

    def _hand_over(self, act: Act) -> None:
        task = self._live(act.task)
        giver = act.refs["from"]
        given = task.seat_of(giver)
        # What one person was asked for beside the task is theirs to give, or to be taken back by who asked.
        if giver and (given is None or given.why in ADDED):
            raise NotYourTask(task=task.id)
        standing = {answer.person for answer in task.standing_answers()}
        elsewhere = {answer.person for answer in task.answers if answer.step != task.step}
        if giver in standing or act.refs["to"] in standing | elsewhere:
            raise AlreadyAnswered(task=task.id)
        taker = Seat(act.refs["to"], act.refs["role"], act.refs["institution"], act.refs.get("why", "handed_over"))
        seats.handed_over(task, giver=giver, taker=taker)
        self.draft.handed[f"{task.id}/{taker.person}"] = taker
        # Two who passed their seats to the same person at once may leave too few for a quorum.
        self._follow(task, answering.concluded(task, self.shape(task), [*task.seats]))
        self._line("handed_over", act)

    def _add_seat(self, act: Act) -> None:
        """征求意见 or 加签: somebody gives an opinion, or signs before or after the step's own people."""
        task, refs = self._live(act.task), act.refs
        seat = Seat(refs["to"], refs["role"], refs["institution"], refs["why"], by=act.person)
        seats.ensure_adds(task, self.shape(task), seat)
        seats.added(task, seat)
        self.draft.handed[f"{task.id}/{seat.person}"] = seat
        self._line("seat_added", act)

    def _recall_seat(self, act: Act) -> None:
        task = self._live(act.task)
        self._follow(task, seats.recalled(task, self.shape(task), by=act.person, person=act.refs["to"]))
        self.draft.recalled.append(f"{task.id}/{act.refs['to']}")
        self._line("seat_recalled", act)

    def _copy(self, act: Act) -> None:
        """抄送: somebody is told of the case; nothing is asked of them."""
        seat = Seat(act.refs["to"], act.refs["role"], act.refs["institution"], act.refs["why"], by=act.person)
        self.draft.copied[f"{self._live(act.task).id}/{seat.person}"] = seat
        self._line("copied", act)

    def _urge(self, act: Act) -> None:
        task = self._live(act.task)
        if task.urged_at and act.received_at - task.urged_at < URGE_AGAIN_AFTER:
            raise UrgedTooSoon(task=task.id)
        task.urged_at = act.received_at
        self._line("urged", act)

    def _comment(self, act: Act) -> None:
        self._line("commented", act)

    def _withdraw(self, act: Act) -> None:
        self.state.marks["withdrawn"] = act.request
        self._line("withdrawn", act)
        for task in self.state.tasks:
            self.withdraw(task)

    def _live(self, task_id: str) -> Task:
        task = self.task(task_id)
        if task.status is not Status.OPEN:
            raise TaskClosed(task=task_id, outcome=task.outcome)
        return task

    def _line(self, name: str, act: Act) -> None:
        self.draft.lines.append(Line(name, actor=act.person, task=act.task, request=act.request, refs=dict(act.refs)))


def _answer(decision: Decide, step: int) -> Answer:
    back_to, straight = int(decision.refs.get(BACK_TO, -1)), STRAIGHT in decision.refs
    return Answer(decision.request, decision.person, step, decision.choice, decision.received_at, back_to, straight)
