"""Accumulated service: recorded, confirmed by the receiving side, and only then counted (DQ-3.2.1b; F-14).

A form that the text does not name is put to the group beside. Nobody confirms what they have recorded (DEF-12).
"""

from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.clocks import Clocks

RULE = ("DQ-3.2.1b",)
CONFIRMED, DISMISSED = "confirmed", "dismissed"


class Activities:
    """Every activity that is recorded in the term."""

    def __init__(self, case: Case, clocks: Clocks) -> None:
        self._case, self._clocks = case, clocks
        self._open: list[Task] = []
        self._counted = 0

    async def advance(self) -> None:
        """Take what has been recorded and answered; more of it may be what the accumulated months were short of."""
        self._open, self._counted, number = [], 0, 0
        while recorded := self._case.take(f"activity/{number + 1}", "activity"):
            number += 1
            self._one(f"activity/{number}", recorded.refs["activity"], recorded.refs.get("by", ""))
        if self._counted and self._case.once(f"counted/{self._counted}"):
            self._clocks.look_again_if_short()

    def next_at(self) -> None:
        """Nothing here goes by the calendar."""

    @property
    def settled(self) -> bool:
        """Whether nobody is asked any more."""
        return not self._open

    def _one(self, key: str, activity: str, recorder: str) -> None:
        asked = self._ask(f"{key}/confirm", "confirm_activity", activity, **{SUBMITTER: recorder})
        if asked.live:
            return
        if asked.outcome == "confirm_activity" and asked.refs["other"] == "yes":
            asked = self._ask(f"{key}/form", "approve_activity_form", activity)
            if asked.live:
                return
        self._settle(key, activity, asked)

    def _settle(self, key: str, activity: str, asked: Task) -> None:
        confirmed = asked.outcome in ("confirm_activity", "approve_form")
        self._counted += confirmed
        if not self._case.once(f"{key}/settled"):
            return
        request, state = asked.deciding.request, CONFIRMED if confirmed else DISMISSED
        # "" where the group was not asked.
        approved = {"approve_form": "yes", "refuse_form": "no"}.get(asked.outcome, "")
        self._case.write("settle_activity", activity=activity, state=state, approved=approved, request=request)
        self._case.note("activity_confirmed" if confirmed else "activity_dismissed", rule_ids=RULE, by_request=request)
        if not confirmed:
            self._case.tell("activity_dismissed", person=self._case.facts["person"])

    def _ask(self, key: str, name: str, activity: str, **more: str) -> Task:
        task = self._case.open(Question(key, name, refs={"activity": activity, **more}))
        if task.live:
            self._open.append(task)
        return task
