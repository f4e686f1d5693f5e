"""Whether the term is met: the months at the site and the accumulated ones, found by the rule, certified by people
(DQ-3.2.1b; stage 9).

The record computes both clocks; the case only learns what was found and when it is worth looking again.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from temporalio import workflow

from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.local_days import begins

TO_CERTIFY = ("met", "ask")
# The months at the site are met, the accumulated ones, by a conversion that the bureau has confirmed, are not.
SHORT = "short"
RULE = "DQ-3.2.1b"


def ask_about(case: Case, stretches: Sequence[str]) -> None:
    """The group weighs each stretch of days with a plus; what was asked about one with a minus is taken back."""
    for said in stretches:
        key = f"days/{said[1:]}"
        if said.startswith("+"):
            case.open(Question(key, "days_effect", refs={"stretch": said[1:]}))
        elif task := case.task_of(key):
            case.withdraw(task)


class Clocks:
    """Looks at the clocks on the days that the record has named, and asks for the certificate when it may be due."""

    def __init__(self, case: Case, first_day: date, *, certifies: Callable[[], bool] = lambda: True) -> None:
        self._case, self._first_day, self._certifies = case, first_day, certifies
        self._looks = 0
        self._look_at: datetime | None = begins(first_day)
        self._question: Task | None = None
        self._beside = 0
        self._stirred = self._nudged = self._short = False
        self.certified = False

    async def advance(self) -> None:
        """Look when it is time, or when days have changed; a certificate refused opens the next look."""
        while not self.certified:
            if self._question is None:
                if not self._due():
                    return
                await self._look()
            elif self._due_beside(self._question):
                await self._look_beside(self._question)
            elif self._question.live:
                return
            else:
                await self._answered(self._question)

    def next_at(self) -> datetime | None:
        """When to look again; while people are asked only once days have changed."""
        return self._look_at if self._question is None or self._beside else None

    def look_again(self, *, nudged: bool = False) -> None:
        """Days have been recorded or corrected, or people have said what they do to the clocks. A nudge tells of the
        first change of a day only, so that the next day looks for the others.
        """
        self._stirred, self._nudged = True, self._nudged or nudged

    def look_again_if_short(self) -> None:
        """Accumulated service was confirmed: of use only where the rule has found too little of it."""
        self._stirred = self._stirred or self._short

    def _due(self) -> bool:
        """It is time, or there is reason; a look that was made before this run began is gone through again."""
        return self._came() or self._stirred or self._made(f"clocks/{self._looks + 1}")

    def _due_beside(self, question: Task) -> bool:
        again = self._stirred or (self._beside > 0 and self._came())
        return self._made(self._key_beside()) or (question.live and again)

    def _came(self) -> bool:
        return self._look_at is not None and workflow.now() >= self._look_at

    def _made(self, key: str) -> bool:
        return f"effect:{key}" in self._case.state.marks

    def _key_beside(self) -> str:
        return f"clocks/{self._looks}.{self._beside + 1}"

    async def _look(self) -> None:
        self._looks, self._beside = self._looks + 1, 0
        if await self._judged(f"clocks/{self._looks}") in TO_CERTIFY and self._certifies():
            self._question = self._case.open(Question(f"certify/{self._looks}", "certify_term"))

    async def _look_beside(self, question: Task) -> None:
        """While people are asked to certify: what is no longer to be certified is taken back."""
        key = self._key_beside()
        self._beside += 1
        if await self._judged(key) not in TO_CERTIFY:
            self._case.withdraw(question)
            self._question = None

    async def _judged(self, key: str) -> str:
        """What the rule finds now: met, not_met, short, ask, or waits while a question about days is open."""
        nudged = {"nudged": "yes"} if self._nudged else {}
        self._stirred = self._nudged = False
        look = key.partition("/")[2]
        answer = await self._case.effect(key, "judge_term", first_day=self._first_day.isoformat(), look=look, **nudged)
        outcome, again, *stretches = answer.split()
        self._short = outcome == SHORT
        self._look_at = begins(date.fromisoformat(again))
        ask_about(self._case, stretches)
        return outcome

    async def _answered(self, question: Task) -> None:
        self._question = None
        if question.outcome != "certify":
            return
        await self._case.effect("certified", "certify_term", first_day=self._first_day.isoformat())
        if self._case.once("certified"):
            rule = self._case.facts.get("term_rule", RULE)
            self._case.note("term_certified", rule_ids=(rule,), by_request=question.deciding.request)
        self.certified = True
