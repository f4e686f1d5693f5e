"""A contract that was running before the system was there: it goes on from what was imported (COR-17).

Need, nomination, reviews, filing and signing happened on paper. Nobody decided them here: no task is asked for them, no
line says that they were, and the file says once that the contract was imported. What a sheet leaves out is asked.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime

from activities.engine.messages import Notice
from workflows.talent.base import TalentCase
from workflows.talent.gates import GATES

NOTICE = "contract_opening_taken_back"
# What is heard of matters beside the contract, and what opens the assessment of a year: people decide there.
_BESIDE, _ASSESSED = ("matter/", "assessment_over/"), "effect:assessment/"
# A ground that was found: by a judgement here, or as the sheet stated it, which goes with the sheet.
_EFFECT, _MATTER, _STATED = "effect:", "/matter", "effect:opening/matter"


def _binds(mark: str) -> bool:
    """Whether a year is assessed, or a ground was learned here: a new import would wipe out that day (OT-6.3k)."""
    found_here = mark.startswith(_EFFECT) and mark.endswith(_MATTER) and mark != _STATED
    return found_here or mark.startswith(_ASSESSED)


class TakenBack(Exception):
    """The import is taken back, and with it the contract."""


class ImportedContract(TalentCase):
    """A contract that may have been imported."""

    _too_late = 0

    async def imported(self) -> date:
        """The last day of the contract, which is in force with what was stated of it."""
        if self.once("imported"):
            self.note("contract_imported", as_of=self.facts["imported"])
            self.tell_expert("contract_imported")
            self.tell_employer("contract_imported")
            self.tell_commission("contract_imported")
        last_day = date.fromisoformat(await self.effect("opening", "enter_contract_opening"))
        if learned := self.facts.get("imported_learned_on"):
            # The three months of the employer run already (OT-6.3k): no checkpoint is waited for.
            question = self.facts.get("imported_question", "")
            refs = {"ground": "g", "learned_on": learned, "as_of": self.facts["imported"], "question": question}
            await self.effect("opening/matter", "open_termination", **refs, figure="")
        return last_day

    async def until(self, done: Callable[[], bool], *, latest: datetime | None = None) -> bool:
        """As every case waits; TakenBack as soon as the import is taken back, whatever is waited for."""
        if not self.was_imported:
            return await super().until(done, latest=latest)
        while True:
            found = await super().until(lambda: done() or self._told(), latest=latest)
            if not self._told():
                return found
            if not self._decided:
                raise TakenBack
            self._came_too_late()

    async def unless_taken_back(self, lived: Callable[[], Awaitable[str]]) -> str:
        """The outcome of the contract, or withdrawn."""
        try:
            return await lived()
        except TakenBack:
            if notice := self.take("taken_back", NOTICE):
                self._say(notice)
            return await self.close("withdrawn")

    @property
    def _decided(self) -> bool:
        """Whether people have decided something of it since: then nothing is taken back. The gates are facts."""
        answered = any(task.answers and task.name not in GATES for task in self.state.tasks)
        beside = any(key.startswith(_BESIDE) for key in self.state.heard)
        return answered or beside or any(_binds(key) for key in self.state.marks)

    def _told(self) -> bool:
        return self.told(f"taken_back/late/{self._too_late + 1}" if self._decided else "taken_back", NOTICE)

    def _say(self, notice: Notice) -> None:
        if not self.once("taken_back"):
            return
        self.write("take_back_contract_opening")
        self.note("contract_opening_taken_back", actor=notice.refs["by"], by_request=notice.request)
        self.tell_expert("contract_opening_taken_back")
        self.tell_employer("contract_opening_taken_back")

    def _came_too_late(self) -> None:
        """Something was decided in the same moment: who asked is told that the import stands."""
        self._too_late += 1
        key = f"taken_back/late/{self._too_late}"
        notice = self.take(key, NOTICE)
        if notice and self.once(key):
            self.note("contract_opening_stands", actor=notice.refs["by"], by_request=notice.request)
            self.tell("contract_opening_stands", person=notice.refs["by"])
