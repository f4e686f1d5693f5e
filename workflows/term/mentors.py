"""A trainee's mentor: named by the hospital, accepted by the teacher, replaced when the teacher leaves; the monthly
note (DQ-3.2.2b).

One teacher with a senior title for one trainee: the row is written in the commit that names the teacher, under a lock,
so that of two hospitals' trainees one gets the teacher and the other names somebody else.
"""

from datetime import date, datetime, timedelta

from temporalio import workflow

from policies.engine.dates import term_last_day
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.local_days import begins
from workflows.term.opening import due_before, targets_missing
from workflows.term.sides import receiving

RULE = ("DQ-3.2.2b",)
ACCEPTED, DECLINED, LEFT = "accepted", "declined", "left"


class Mentors:
    """Who mentors the trainee, worked out anew at every turn from what was named, answered and told."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.mentor = ""
        self.number = 0

    async def advance(self, **refs: str) -> None:
        """Ask what has to be asked until somebody mentors; `refs` go with the question of a name."""
        self.mentor, self.number = "", 0
        if stated := self._case.facts.get("imported_mentor", ""):
            await self._go_on_with(stated)
        while not self.mentor:
            self.number += 1
            naming = self._case.open(Question(f"mentor/{self.number}", "name_mentor", refs=refs))
            if naming.live or not await self._settled(naming):
                return

    async def _go_on_with(self, mentor: str) -> None:
        """Who mentored before the term was imported goes on and is told; the number 0, for nobody was named here."""
        case, refs = self._case, {"number": "0", "mentor": mentor, "request": ""}
        if (targets := case.task_of("targets")) and targets.answers:
            refs["targets"] = targets.deciding.request
        if await case.effect("mentor/0", "claim_mentor", **refs) != "won":
            if case.once("mentor/0/taken"):
                case.note("mentor_taken", rule_ids=RULE)
            return
        if case.once("mentor/0/accepted"):
            case.write("settle_mentor", number="0", state=ACCEPTED, request="")
            case.note("mentor_imported", rule_ids=RULE)
            case.tell("mentor_imported", person=mentor)
        if not self._went("0"):
            self.mentor = mentor

    async def _settled(self, naming: Task) -> bool:
        """Whether the one who was named mentors, or another is to be named; False while it is open."""
        case, number, mentor = self._case, str(self.number), naming.refs["mentor"]
        request = naming.deciding.request
        if (
            await case.effect(f"mentor/{number}", "claim_mentor", number=number, mentor=mentor, request=request)
            != "won"
        ):
            if case.once(f"mentor/{number}/taken"):
                case.note("mentor_taken", rule_ids=RULE, by_request=request)
            return True
        answer = case.open(Question(f"mentor/{number}/answer", "accept_mentoring", refs={"mentor": mentor}, to=mentor))
        if answer.live:
            return False
        if answer.outcome != "accept_mentoring":
            self._ended(number, DECLINED, answer.deciding.request)
        elif not self._has_left(number, answer):
            self.mentor = mentor
        return True

    def _has_left(self, number: str, answer: Task) -> bool:
        case = self._case
        if case.once(f"mentor/{number}/accepted"):
            request = answer.deciding.request
            case.write("settle_mentor", number=number, state=ACCEPTED, request=request)
            case.note("mentor_appointed", rule_ids=RULE, by_request=request)
            case.tell("mentor_appointed", person=case.facts["person"])
            case.tell("mentor_appointed", **receiving(case))
        return self._went(number)

    def _went(self, number: str) -> bool:
        """Whether the hospital has said that the mentor no longer mentors."""
        left = self._case.take(f"mentor/{number}/left", "mentor_left", number=number)
        if left:
            self._ended(number, LEFT, left.request, by=left.refs.get("by", ""))
        return left is not None

    def _ended(self, number: str, state: str, request: str, *, by: str = "") -> None:
        case = self._case
        if case.once(f"mentor/{number}/{state}"):
            case.write("settle_mentor", number=number, state=state, request=request)
            said = {"actor": by, "by_request": request}
            case.note("mentor_left" if state == LEFT else "mentor_declined", rule_ids=RULE, **said)


class MentorNotes:
    """In service: a note of the mentor for every month, and another mentor within days when one has left."""

    def __init__(self, case: Case, first_day: date) -> None:
        self._case, self._first_day = case, first_day
        self._months = int(case.facts.get("mentor_note_every_months", "0"))
        self._mentors = Mentors(case)
        # Those that were due before the term was imported are nobody's any more.
        self._before = self._due = due_before(case.facts, first_day, self._months) if self._months else 0

    async def advance(self) -> None:
        """Ask the present mentor for what is due; what a former one has left open, the next one writes."""
        if not self._months:
            return
        if targets_missing(self._case.facts) and self._case.open(Question("targets", "training_targets")).live:
            return
        await self._mentors.advance()
        # A run that begins after the certificate finds what was asked before, and no more.
        over = "once:certified" in self._case.state.marks
        while workflow.now() >= self._after(self._due + 1) and not (over and not self._asked(self._due + 1)):
            self._due += 1
        for number in range(self._before + 1, self._due + 1):
            self._note(number)

    def _note(self, number: int) -> None:
        """The question is the present mentor's; the former one's is taken back."""
        case, mentors = self._case, self._mentors
        asked = self._asked(number)
        if any(task.outcome for task in asked):
            return
        key = f"mentor_note/{number}/{mentors.number}"
        for task in asked:
            if task.key != key:
                case.withdraw(task)
        if mentors.mentor:
            case.open(Question(key, "mentor_note", refs={"note": str(number)}, to=mentors.mentor))

    def _asked(self, number: int) -> list[Task]:
        return [task for task in self._case.state.tasks if task.refs.get("note") == str(number)]

    def next_at(self) -> datetime | None:
        """When the next note is due to be asked."""
        return self._after(self._due + 1) if self._months else None

    @property
    def settled(self) -> bool:
        """Whether every month that was asked about has been written up."""
        return not any(task.live for task in self._case.state.tasks if task.name == "mentor_note")

    def _after(self, number: int) -> datetime:
        return begins(term_last_day(self._first_day, self._months * number) + timedelta(days=1))
