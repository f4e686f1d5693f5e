"""What the receiving institution prepares before the first day, by the programme's rules: post and plan for staff sent
down (DQ-3.2.2a), targets and a mentor for trainees (DQ-3.2.2b).
"""

from collections.abc import Callable
from typing import Protocol

from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.mentors import Mentors
from workflows.term.opening import targets_stated


class Opens(Protocol):
    """Asks what is due when everything must be ready."""

    def __call__(self, name: str, key: str, **refs: str) -> Task:
        """The task of a question, by its key."""


class Preparation(Protocol):
    """What is prepared. hard: nobody starts without it; else the group may let the service start with a reason."""

    hard: bool
    ready: bool

    async def advance(self, ready_by: str) -> None:
        """Ask what can be asked now."""


class PostAndPlan:
    """Working group, plan and post; the person signs the plan, or sends it back to be made anew."""

    hard = False

    def __init__(self, case: Case, opens: Opens) -> None:
        self._opens = opens
        self._version = 1
        self.ready = False

    async def advance(self, ready_by: str) -> None:
        """Post and plan, then the signature."""
        while True:
            post = self._opens("prepare_post", f"post/{self._version}")
            if post.live:
                return
            signing = self._opens("sign_plan", f"plan/{self._version}", of=post.id)
            if signing.live or signing.outcome == "sign_plan":
                self.ready = not signing.live
                return
            self._version += 1


class TargetsAndMentor:
    """Measurable targets, then one mentor who has accepted."""

    hard = True

    def __init__(self, case: Case, opens: Opens) -> None:
        self._case, self._opens = case, opens
        self._mentors = Mentors(case)
        self.ready = False

    async def advance(self, ready_by: str) -> None:
        """The mentor is named when the targets stand, so that the teacher knows what to teach."""
        if not targets_stated(self._case.facts) and self._opens("training_targets", "targets").live:
            return
        await self._mentors.advance(due_on=ready_by)
        self.ready = bool(self._mentors.mentor)


POST_AND_PLAN = "post_and_plan"
PREPARATIONS: dict[str, Callable[[Case, Opens], Preparation]] = {
    POST_AND_PLAN: PostAndPlan,
    "targets_and_mentor": TargetsAndMentor,
}


def preparation_of(case: Case, opens: Opens) -> Preparation:
    """As the facts of the start say; a term that was opened before they did is of staff sent down."""
    return PREPARATIONS[case.facts.get("preparation", POST_AND_PLAN)](case, opens)
