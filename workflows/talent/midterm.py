"""The mid-term assessment (OT-6.3j): named once in the text, with no day; asked of the employer at half of the term.

The employer concludes, or says with its reason that it holds none. Its conclusion is copied to the commission. That it
is unqualified is a ground of which the employer has learned on that day; a matter of its own then asks it to confirm,
and nothing ends by itself.
"""

from datetime import date, datetime

from policies.engine.questions import Question
from workflows.local_days import begins
from workflows.talent.base import TalentCase, request_of

MIDTERM = "midterm_assessment"
NOT_HELD, UNQUALIFIED = "midterm_not_held", "midterm_unqualified"
RULES = ("OT-6.3j", "OT-6.1a")


class MidTerm:
    """One question at half of the term; a contract that was begun before there was one is not asked."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case
        self._asked_on: date | None = None

    async def advance(self, now: datetime) -> None:
        """Ask from the day on, and say what was concluded."""
        case = self._case
        if MIDTERM not in case.start.shapes:
            return
        planned = await case.effect("midterm", "plan_midterm")
        # Of an imported contract half of the term may lie behind: that was for the time on paper (COR-17).
        self._asked_on = date.fromisoformat(planned) if planned else None
        if self._asked_on is None or now < begins(self._asked_on):
            return
        task = case.open(Question(MIDTERM, MIDTERM))
        if not task.outcome:
            return
        if case.once(f"{MIDTERM}/said"):
            request = request_of(task)
            case.note("midterm_not_held" if task.outcome == NOT_HELD else "midterm_concluded", rule_ids=RULES)
            case.tell_commission("midterm_concluded", by_request=request)
            case.tell_expert("midterm_concluded", by_request=request)
        if task.outcome == UNQUALIFIED:
            learned = await case.effect("midterm/learned", "day_of_end", request=request_of(task))
            refs = {"ground": "j", "kind": "mid_term_unqualified", "learned_on": learned, "as_of": "", "figure": ""}
            await case.effect("midterm/matter", "open_termination", **refs, question="")

    def next_at(self, now: datetime) -> datetime | None:
        """When half of the term lies behind."""
        at = begins(self._asked_on) if self._asked_on else None
        return at if at and at > now else None
