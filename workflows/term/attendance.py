"""Days of attendance during the term: the record has them, the case only learns that it should look (COR-13).

What the pack's table leaves open, recall by the sending hospital, force majeure or a long stretch, is put to the group
once for each stretch of days (DEF-21).
"""

from datetime import datetime

from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.clocks import Clocks, ask_about

RULE = ("DQ-3.2.1b",)


class Attendance:
    """Looks again when days have changed, and asks about those that only people can weigh."""

    def __init__(self, case: Case, clocks: Clocks) -> None:
        self._case, self._clocks = case, clocks

    async def advance(self) -> None:
        """Take a nudge, of which one is as good as many, and what the group has said."""
        if any(notice.name == "attendance" for notice in self._case.state.notices):
            self._case.forget("attendance")
            self._clocks.look_again(nudged=True)
        for task in self._asked():
            if task.outcome and self._case.once(f"weighed/{task.id}"):
                request = task.deciding.request
                self._case.write("weigh_stretch", stretch=task.refs["stretch"], effect=task.outcome, request=request)
                self._case.note("days_weighed", rule_ids=RULE, by_request=request)
                self._clocks.look_again()

    async def weighed_all(self, found: str) -> None:
        """What the last look has found open is asked and answered: nothing of the days that are over stays open."""
        _, _, *stretches = found.split()
        ask_about(self._case, stretches)
        await self._case.until(lambda: self.settled)
        await self.advance()

    def next_at(self) -> datetime | None:
        """Nothing of its own: the clocks look for it."""
        return None

    @property
    def settled(self) -> bool:
        """Whether nobody is asked any more."""
        return not any(task.live for task in self._asked())

    def _asked(self) -> list[Task]:
        return [task for task in self._case.state.tasks if task.name == "days_effect"]
