"""What a health group submits to four bureaus side by side (DQ-3.3.2a, DQ-3.4.2a).

All four must agree to the same version. One return brings a new version before all four again (policy.md DQ-3.3.2a);
the group is asked for it at once, while the other bureaus may still give their opinion on the old one until the new one
comes. Every opinion stays in the file.
"""

from abc import abstractmethod
from functools import partial
from itertools import count
from typing import ClassVar

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from policies.four_bureaus import FOUR_BUREAUS, HEALTH, Bureau
from workflows.engine.case import Case

DROP, RETURN = "drop", "return"
# DEF-13: after two returns somebody above looks into it.
RETURNS_BEFORE_TELLING = 2


class FourBureaus(Case):
    """A submission of one group. `number` counts what was submitted in this case, from 1."""

    draft_task: ClassVar[str]
    revision_task: ClassVar[str]
    health_task: ClassVar[str]
    other_task: ClassVar[str]

    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self.number = 0

    async def agreed(self) -> Task | None:
        """The draft to which all four have agreed; None when the group has dropped it."""
        for returns in count():
            self.number += 1
            draft = await self._drafted(again=returns > 0)
            if draft.outcome == DROP:
                return None
            opinions = [self.open(self._question(bureau, draft)) for bureau in FOUR_BUREAUS]
            self.submitted(draft)
            await self.until(partial(_heard, opinions))
            if not any(task.outcome == RETURN for task in opinions):
                return draft
            self.returned()
            if returns + 1 == RETURNS_BEFORE_TELLING and self.once(f"returned_twice/{self.number}"):
                self.tell("bureaus_returned_twice", role="R-10", place=self.facts[HEALTH.place])
        raise AssertionError

    @abstractmethod
    def drafting(self, *, again: bool) -> None:
        """The group is about to be asked; `again` after a return. A lifecycle enters its stage."""

    @abstractmethod
    def submitted(self, draft: Task) -> None:
        """The bureaus are about to be asked; a lifecycle enters its stage and writes its line, once."""

    @abstractmethod
    def returned(self) -> None:
        """A bureau has returned what was submitted; a lifecycle writes its line, once."""

    def opinions(self) -> dict[str, str]:
        """The request of each bureau's answer to what was submitted last, by the bureau's place."""
        given = {bureau.place: self.task_of(self._key(bureau)) for bureau in FOUR_BUREAUS}
        return {place: task.deciding.request for place, task in given.items() if task and task.answers}

    async def _drafted(self, *, again: bool) -> Task:
        self.drafting(again=again)
        name = self.revision_task if again else self.draft_task
        (draft,) = await self.ask(Question(f"draft/{self.number}", name, refs={"submission": str(self.number)}))
        for task in self.state.tasks:
            if task.name in (self.health_task, self.other_task) and int(task.refs["submission"]) < self.number:
                self.withdraw(task)
        return draft

    def _question(self, bureau: Bureau, draft: Task) -> Question:
        name = self.health_task if bureau is HEALTH else self.other_task
        code = self.facts[bureau.place]
        refs = {"submission": str(self.number), "of": draft.id, "bureau": code}
        return Question(self._key(bureau), name, places={HEALTH.place: code}, refs=refs)

    def _key(self, bureau: Bureau) -> str:
        return f"opinion/{self.number}/{bureau.place}"


def _heard(opinions: list[Task]) -> bool:
    return any(task.outcome == RETURN for task in opinions) or not any(task.live for task in opinions)
