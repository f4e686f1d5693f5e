"""Absences without leave: confirmed or dismissed by people, counted by the rule, void only by the group (DQ-3.2.2d, e).

Nothing counts before the receiving institution has confirmed it; a longer one not before the group has said how often
(COR-14). The person may object (DEF-16), and while the objection is open the consequence waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from temporalio import workflow

from activities.engine.messages import Notice
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.sides import receiving, sending

RULE, VOIDS = ("DQ-3.2.2d",), ("DQ-3.2.2e",)
CONFIRMED, DISMISSED = "confirmed", "dismissed"
CONFIRMS_VOID = ("void_continue", "void_end")
LINES = {CONFIRMED: "absence_confirmed", DISMISSED: "absence_dismissed"}


@dataclass
class Count:
    """What has been settled so far, counted anew at every turn."""

    settled: int = 0
    under_appeal: int = 0
    heard_appeals: int = 0
    open: list[Task] = field(default_factory=list)


class Absences:
    """Every absence that is recorded in the term."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._count = Count()
        self.ends_term = False

    async def advance(self) -> None:
        """Take what has been recorded and answered, and let the rule see all of it."""
        self._count, number = Count(), 0
        while recorded := self._case.take(f"absence/{number + 1}", "absence"):
            number += 1
            await self._one(f"absence/{number}", recorded)
        if self._count.settled or "imported_absences" in self._case.facts or "before" in self._case.facts:
            await self._judged()

    @property
    def reported(self) -> bool:
        """Whether anything was recorded at all."""
        return self._case.told("absence/1", "absence")

    def next_at(self) -> datetime | None:
        """When the last time for an objection ends."""
        return max((task.due for task in self._count.open if task.due and not self._blocks(task)), default=None)

    @property
    def settled(self) -> bool:
        """Whether nobody is asked any more; a notice binds only until its time to object has ended."""
        now = workflow.now()
        return all(task.due is not None and task.due <= now and not self._blocks(task) for task in self._count.open)

    @property
    def void(self) -> bool:
        """Whether the group has confirmed that the time does not count."""
        return self._voided() is not None

    def _blocks(self, task: Task) -> bool:
        return task.name != "absence_notice"

    async def _one(self, key: str, recorded: Notice, *, part: str = "") -> None:
        """What was recorded, or one of its parts. It is checked where the person was on those days (EXC-08)."""
        case, absence = self._case, part or recorded.refs["absence"]
        if case.once(f"{key}/told"):
            case.tell("absence_recorded", person=case.facts["person"])
        there = {"receiving": place} if (place := recorded.refs.get("place")) else {}
        by = recorded.refs.get("by", "")
        asked = self._ask(f"{key}/confirm", "confirm_absence", absence, places=there, submitted_by=by)
        if asked.live:
            return
        if asked.outcome == "dismiss_absence":
            self._settle(key, absence, DISMISSED, asked)
        elif asked.outcome == "split_absence":
            request = asked.deciding.request
            parts = await case.effect(f"{key}/split", "split_absence", absence=absence, request=request)
            for number, one in enumerate(parts.split(), start=1):
                await self._one(f"{key}.{number}", recorded, part=one)
        else:
            self._confirmed(key, absence, asked)

    def _confirmed(self, key: str, absence: str, asked: Task) -> None:
        times = "1"
        if asked.refs["longer"] == "yes":
            asked = self._ask(f"{key}/times", "count_absence", absence)
            if asked.live:
                return
            times = asked.refs["times"]
        self._settle(key, absence, CONFIRMED, asked, times=times)
        notice = self._ask(f"{key}/notice", "absence_notice", absence)
        if not notice.live and notice.outcome == "object_absence":
            self._appealed(key, absence)

    def _appealed(self, key: str, absence: str) -> None:
        appeal = self._ask(f"{key}/appeal", "absence_appeal", absence)
        if appeal.live:
            self._count.under_appeal += 1
            return
        self._count.heard_appeals += 1
        if appeal.outcome == "dismiss_absence":
            self._settle(f"{key}/appeal", absence, DISMISSED, appeal)

    def _settle(self, key: str, absence: str, state: str, asked: Task, *, times: str = "") -> None:
        self._count.settled += 1
        if self._case.once(f"{key}/settled"):
            request = asked.deciding.request
            self._case.write("settle_absence", absence=absence, state=state, request=request, times=times)
            self._case.note(LINES[state], rule_ids=RULE, absence=absence, by_request=request)

    async def _judged(self) -> None:
        case, count = self._case, self._count
        key = f"absences/{count.settled}.{count.under_appeal}.{count.heard_appeals}"
        appeal = "yes" if count.under_appeal else "no"
        found = [value.split() for mark, value in case.state.marks.items() if mark.startswith("effect:absences/")]
        before = max((int(times) for _, times, _ in found), default=0)
        alerted = "yes" if any(alert == "yes" for *_, alert in found) else "no"
        refs = {"appeal": appeal, "before": str(before), "alerted": alerted}
        outcome, times, _ = (await case.effect(key, "judge_absences", **refs)).split()
        if outcome == "void_pending":
            self._void(times)
        else:
            self._not_void(outcome)

    def _void(self, times: str) -> None:
        """More than three: the group confirms that the time does not count, and whether the service goes on."""
        case = self._case
        voided = self._voided()
        # After an objection has been heard the question is a new one: the former was taken back while it was open.
        key = f"void/{times}.{self._count.heard_appeals}"
        task = voided or case.open(Question(key, "credit_void"))
        if task.live:
            self._count.open.append(task)
        elif task.outcome in CONFIRMS_VOID and case.once(f"voided/{task.id}"):
            case.note("credit_void", rule_ids=VOIDS, by_request=task.deciding.request)
            for telling in ({"person": case.facts["person"]}, *self._sides()):
                case.tell("credit_void", **telling)
        self.ends_term = task.outcome == "void_end"

    def _not_void(self, outcome: str) -> None:
        """Three or fewer after an objection, or one that is still open: nothing applies."""
        case = self._case
        for task in case.state.tasks:
            if task.name == "credit_void":
                case.withdraw(task)
        voided = self._voided()
        if outcome == "counts" and voided and case.once(_restored(voided)):
            case.note("credit_restored", rule_ids=VOIDS)
            for telling in ({"person": case.facts["person"]}, *self._sides()):
                case.tell("credit_restored", **telling)

    def _voided(self) -> Task | None:
        """The answer that voids the credit, unless a later objection has restored it."""
        state = self._case.state
        voids = (task for task in state.tasks if task.name == "credit_void" and task.outcome in CONFIRMS_VOID)
        return next((task for task in voids if f"once:{_restored(task)}" not in state.marks), None)

    def _sides(self) -> tuple[dict[str, str], dict[str, str]]:
        return sending(self._case), receiving(self._case)

    def _ask(self, key: str, name: str, absence: str, *, places: Mapping[str, str] | None = None, **more: str) -> Task:
        question = Question(key, name, refs={"absence": absence, **more}, places=dict(places or {}))
        task = self._case.open(question)
        if task.live:
            self._count.open.append(task)
        return task


def _restored(void: Task) -> str:
    return f"restored/{void.id}"
