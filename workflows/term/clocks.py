"""Whether the term is met: the months at the site and the accumulated ones, found by the rule, certified by people
(DQ-3.2.1b; stage 9).

The record computes both clocks; the case only learns what was found and when it is worth looking again.
"""

from datetime import date, datetime

from temporalio import workflow

from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.days import begins

TO_CERTIFY = ("met", "ask")
RULE = ("DQ-3.2.1b",)


class Clocks:
    """Looks at the clocks on the days that the record has named, and asks for the certificate when it may be due."""

    def __init__(self, case: Case, first_day: date) -> None:
        self._case, self._first_day = case, first_day
        self._looks = 0
        self._look_at: datetime | None = begins(first_day)
        self._question: Task | None = None
        self.certified = False

    async def advance(self) -> None:
        """Look when it is time; a certificate refused opens the next look."""
        while not self.certified:
            if self._question and self._question.live:
                return
            if self._question:
                await self._answered(self._question)
                continue
            if not self._look_at or workflow.now() < self._look_at:
                return
            await self._look()

    def next_at(self) -> datetime | None:
        """When to look again; None while people are asked."""
        return None if self._question else self._look_at

    async def _look(self) -> None:
        self._looks += 1
        answer = await self._case.effect(
            f"clocks/{self._looks}", "judge_term", first_day=self._first_day.isoformat(), look=str(self._looks)
        )
        outcome, _, again = answer.partition(" ")
        self._look_at = begins(date.fromisoformat(again))
        if outcome in TO_CERTIFY:
            self._question = self._case.open(Question(f"certify/{self._looks}", "certify_term"))

    async def _answered(self, question: Task) -> None:
        self._question = None
        if question.outcome != "certify":
            return
        await self._case.effect("certified", "certify_term", first_day=self._first_day.isoformat())
        if self._case.once("certified"):
            self._case.note("term_certified", rule_ids=RULE, by_request=question.answers[-1].request)
        self.certified = True
