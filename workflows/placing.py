"""From a match to the filed placement: batch, filing, planning again, and what ends the way early (DQ-3.1.3c; stages 5
and 6).

Whoever is matched, by whatever way of choosing, waits in the group's batch, is filed, returned or objected to by the
bureau, and may withdraw until it is done (DEF-14).
"""

from abc import abstractmethod
from collections.abc import Callable

from activities.engine.messages import CaseStart, Notice
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case


class Ended(Exception):
    """The case has come to an end from the inside: withdrawn, declined, refused."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Placing(Case):
    """One person's way to one placement in one year."""

    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self._filings = 0

    def may_withdraw(self) -> bool:
        """Freely until filing is done (DEF-14), also when the word of it has only just come."""
        notices = (*self.state.notices, *self.state.heard.values())
        told = any(notice.name == "verdict" and notice.refs["verdict"] == "file" for notice in notices)
        return not told

    @abstractmethod
    async def replanned(self, number: str) -> str:
        """What the group makes of an objection: "choose_again", "resubmit" or "close_unmatched"."""

    async def filed(self, post: str) -> str:
        """Through the bureau: "file", "choose_again" or "close_unmatched". The match put the person into a batch."""
        enrolled = True
        while True:
            self._filings += 1
            number = str(self._filings)
            if not enrolled:
                await self.effect(f"enrol/{number}", "enrol_in_batch", number=number)
            verdict = await self._verdict(number)
            if verdict == "file":
                self.enter("filed")
                return "file"
            self.enter("matched")
            if verdict == "object":
                self.enter("replanning")
                verdict = await self.replanned(number)
                self.enter("matched")
            if verdict in ("choose_again", "close_unmatched"):
                if self.once(f"released/{number}"):
                    self.write("release_post", post=post)
                return verdict
            enrolled = False

    async def _verdict(self, number: str) -> str:
        submitted, decided = f"submitted/{number}", f"verdict/{number}"
        await self.wait(lambda: self.told(submitted, "submitted") or self.told(decided, "verdict"))
        if self.take(submitted, "submitted"):
            self.enter("submitted_for_filing")
        notice = await self.hear_while_open(decided, "verdict")
        if self.once(decided):
            self.note("verdict", rule_ids=("DQ-3.1.3c",), **notice.refs)
            self.forget("submitted", batch=notice.refs["batch"])
        return notice.refs["verdict"]

    # Waiting that a withdrawal, or the person's leaving, ends.

    async def answer(self, question: Question) -> Task:
        """Ask and wait for the answer."""
        task = self.open(question)
        await self.wait(lambda: not task.live)
        return task

    async def hear_while_open(self, key: str, name: str) -> Notice:
        """Wait for a notice of this name."""
        while (notice := self.take(key, name)) is None:
            await self.wait(lambda: self.told(key, name))
        return notice

    async def wait(self, done: Callable[[], bool]) -> None:
        """Wait for a fact. Raises Ended when the person has withdrawn or left."""
        await self.until(lambda: done() or self._has_ended())
        if "withdrawn" in self.state.marks:
            raise Ended("withdrawn")
        if notice := self.take("left", "person_left"):
            self._say_left(notice)
            raise Ended("ended_early")

    def _say_left(self, notice: Notice) -> None:
        """EXC-10: no grade; the group learns of it, because a post may be open again."""
        if self.once("left"):
            refs, said = notice.refs, notice.request
            kind, on = refs.get("kind", ""), refs.get("on", "")
            self.note("person_left", actor=refs.get("by", ""), kind=kind, on=on, by_request=said)
            self.tell("person_left", role="R-07", place=self.facts["group"], by_request=said)

    def _has_ended(self) -> bool:
        return "withdrawn" in self.state.marks or self.told("left", "person_left")
