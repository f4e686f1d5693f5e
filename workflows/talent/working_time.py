"""Working time against the contract, looked at on its days and again when something was corrected (OT-6.3g, G-2, G-5).

Nothing ends by a figure. Below the line a matter of its own is opened, in which people confirm, recommend and apply;
what is found later of the same days is told to it, and both findings stay in the record.
"""

from datetime import date, datetime

from temporalio import workflow

from policies.engine.questions import Question
from workflows.local_days import begins, day_of
from workflows.talent.base import TalentCase, request_of
from workflows.talent.before_signature import ASKED as BEFORE
from workflows.talent.excuses import SETTLE as EXCUSE
from workflows.talent.excuses import settled

RULES = ("OT-6.3g",)
NUDGE = "working_time"
# What the effect answers below the line: the finding itself, or which question the text leaves open.
GROUND, FORCE_MAJEURE, SHORT = "ground_to_confirm", "ask_force_majeure", "ask_short_term"

SHORT_TERM = "short_term_ground"


class WorkingTime:
    """The checkpoints of one contract."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case
        # Each day with the one at whose beginning it is judged.
        self._days: tuple[tuple[date, date], ...] = ()
        self._corrections = 0

    async def advance(self, now: datetime) -> None:
        """Judge every day that has ended, then once more for each correction that came."""
        case = self._case
        planned = await case.effect("checkpoints", "plan_checkpoints")
        self._days = tuple(_plan(each) for each in planned.split())
        passed = [day for day, judged_on in self._days if now >= begins(judged_on)]
        for day in passed:
            await self._judge(day.isoformat(), f"figure/{day.isoformat()}", cause="checkpoint")
        keys = [task.key for task in case.state.tasks if task.name in (EXCUSE, BEFORE) and settled(case, task)]
        while case.take(f"correction/{self._corrections + 1}", NUDGE):
            self._corrections += 1
        keys += [f"correction/{number}" for number in range(1, self._corrections + 1)]
        for key in keys:
            # What comes before the first checkpoint changes no finding; a run that starts again finds the answer.
            if (case.once(f"{key}/heard") and passed) or f"effect:{key}" in case.state.marks:
                await self._judge(passed[-1].isoformat(), key, cause="correction")

    def next_at(self, now: datetime) -> datetime | None:
        """When the next checkpoint is judged."""
        ahead = [begins(judged_on) for _, judged_on in self._days if begins(judged_on) > now]
        return min(ahead, default=None)

    async def _judge(self, day: str, key: str, *, cause: str) -> None:
        """Keep one finding; below the line, a matter is opened unless this day has led to one already.

        The day on which the employer is told is the day of learning (policy.md OT-6.3k).
        """
        case = self._case
        # The line goes with the figure that it names in one transition.
        if case.once(f"{key}/said"):
            case.note("working_time_judged", rule_ids=RULES, as_of=day, cause=cause)
        answer = await case.effect(key, "judge_working_time", as_of=day, cause=cause)
        outcome, number, news, as_of = answer.split()
        if outcome == SHORT and news != "same":
            outcome, number = await self._ruled(day, key, number)
            news = "new"
        if news == "new" and outcome in (GROUND, FORCE_MAJEURE):
            await self._open_matter(key, as_of, number, outcome)

    async def _ruled(self, day: str, key: str, number: str) -> tuple[str, str]:
        """What becomes of a term without a full quarter the commission says once; then the day is judged by it (G-2).

        The answer is kept with its figure, so that a later look at the same figures does not ask again.
        """
        case = self._case
        if case.once(f"{key}/short/asked"):
            # Of another figure than before: what was asked about that one is out of date.
            for task in case.state.tasks:
                if task.name == SHORT_TERM:
                    case.withdraw(task)
        asked = case.open(Question(f"{key}/short", SHORT_TERM, refs={"figure": number}))
        if not asked.outcome:
            return "", number
        if case.once(f"{key}/short/kept"):
            refs = {"question": "short_term", "choice": asked.outcome, "request": request_of(asked)}
            case.write("keep_ruling", contract=case.start.case_id, figure=number, **refs)
        answer = await case.effect(f"{key}/ruled", "judge_working_time", as_of=day, cause="answer")
        outcome, number, _, _ = answer.split()
        return outcome, number

    async def _open_matter(self, key: str, as_of: str, number: str, outcome: str) -> None:
        """Once under this key: a run that starts again finds the answer, and the day of learning stays."""
        question = "force_majeure" if outcome == FORCE_MAJEURE else ""
        learned = day_of(workflow.now()).isoformat()
        refs = {"ground": "g", "learned_on": learned, "as_of": as_of, "figure": number, "question": question}
        await self._case.effect(f"{key}/matter", "open_termination", **refs)


def _plan(written: str) -> tuple[date, date]:
    day, _, judged_on = written.partition("/")
    return date.fromisoformat(day), date.fromisoformat(judged_on)
