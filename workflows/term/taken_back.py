"""A term that was imported wrongly is taken back by who may import, wherever it stands before its grade (COR-17).

Nothing of it is corrected in place: it ends as withdrawn with the reason in its file, and is imported anew.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from activities.engine.messages import Notice
from workflows.engine.case import Case
from workflows.term.opening import Opening
from workflows.term.sides import receiving, sending

NOTICE = "opening_taken_back"


class TakenBack(Exception):
    """The import is taken back, and with it the term."""


class ImportedCase(Case):
    """A case that may have been imported."""

    _too_late = 0

    async def until(self, done: Callable[[], bool], *, latest: datetime | None = None) -> bool:
        """As every case waits; TakenBack as soon as the import is taken back, whatever is waited for."""
        if not Opening(self).imported:
            return await super().until(done, latest=latest)
        while True:
            found = await super().until(lambda: done() or self._told(), latest=latest)
            if not self._told():
                return found
            if not self._graded:
                raise TakenBack
            self._came_too_late()

    async def unless_taken_back(self, lived: Callable[[], Awaitable[str]]) -> str:
        """The outcome of the term, or withdrawn."""
        try:
            return await lived()
        except TakenBack:
            if notice := self.take("taken_back", NOTICE):
                self._say(notice)
            self.write("term_ended")
            return await self.close("withdrawn")

    @property
    def _graded(self) -> bool:
        """What people have decided of the term stands: from the committee's word on nothing is taken back, nor once the
        service goes on at another institution.
        """
        graded = any(task.name == "decide_grade" and task.outcome for task in self.state.tasks)
        return graded or "once:next_segment" in self.state.marks

    def _told(self) -> bool:
        return self.told(f"taken_back/late/{self._too_late + 1}" if self._graded else "taken_back", NOTICE)

    def _say(self, notice: Notice) -> None:
        if not self.once("taken_back"):
            return
        self.write("take_back_opening")
        self.note("opening_taken_back", actor=notice.refs["by"], by_request=notice.request)
        told = [{"person": self.facts["person"]}, sending(self), receiving(self)]
        if mentor := self.facts.get("imported_mentor"):
            told.append({"person": mentor})
        for one in told:
            self.tell("opening_taken_back", **one)

    def _came_too_late(self) -> None:
        """The grade was decided in the same moment: who asked is told that the import stands."""
        self._too_late += 1
        key = f"taken_back/late/{self._too_late}"
        notice = self.take(key, NOTICE)
        if notice and self.once(key):
            self.note("opening_stands", actor=notice.refs["by"], by_request=notice.request)
            self.tell("opening_stands", person=notice.refs["by"])
