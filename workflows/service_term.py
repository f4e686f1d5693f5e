"""One person's service at one institution, from the filed placement to the archived file (DQ-3.2, 3.3.3, 3.5; stages 7
to 14).

Getting ready, the first day, quarterly check-ins, the two clocks, absences without leave; then the evaluation and what
follows from it. Whoever leaves ends the term early, and so does what both institutions agree to: no grade, and people
decide about the credit (EXC-07, EXC-10). Who is transferred goes on in another term (EXC-08).
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Protocol

from temporalio import workflow

from activities.engine.messages import CaseStart, Notice
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.term.absences import Absences
from workflows.term.activities import Activities
from workflows.term.assessments import Assessments
from workflows.term.attendance import Attendance
from workflows.term.certificate import Certificate
from workflows.term.check_ins import CheckIns
from workflows.term.clocks import Clocks
from workflows.term.endings import Endings
from workflows.term.evaluation import Evaluation
from workflows.term.leaves import Leaves
from workflows.term.mentors import MentorNotes
from workflows.term.onboarding import Onboarding
from workflows.term.opening import Opening
from workflows.term.opinion import PART, Opinion
from workflows.term.outcomes import Outcomes
from workflows.term.sides import receiving, sending
from workflows.term.standstills import Standstills
from workflows.term.taken_back import ImportedCase
from workflows.term.transfers import Transfers


class Left(Exception):
    """The person has left, retired, died or lost the licence."""


class AgreedEnd(Exception):
    """The last day has passed on which both institutions have agreed."""


class Transferred(Exception):
    """The last day here has passed; the service goes on at another institution."""


class Ended(Exception):
    """The group has ended the service with the void of its credit."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Strand(Protocol):
    """A part of the term that goes its own way beside the others."""

    async def advance(self) -> None:
        """Do what can be done now."""

    def next_at(self) -> datetime | None:
        """When to look again though nothing has happened."""


@workflow.defn
class ServiceTerm(ImportedCase):
    """One segment of service of one person."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self._endings, self._transfers, self._standstills = Endings(self), Transfers(self), Standstills(self)
        self._absences = Absences(self)
        self._first_day: date | None = None
        self._certified = False
        # Before the first day nothing hinders an agreed end; a term that starts again first finds where it was.
        self._may_end: Callable[[], bool] = lambda: self._not_begun and self._absences.settled
        self._may_go: Callable[[], bool] = self._may_end

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the filing to the archive; an import that is taken back ends it wherever it stands."""
        return await self.unless_taken_back(self._lived)

    async def _lived(self) -> str:
        try:
            opening = Opening(self)
            opening.enter()
            first_day = opening.first_day or await Onboarding(self, self._until).first_day()
            self._say_started(first_day)
            voided = False if opening.completed else await self._served(first_day)
        except Left:
            self._proposals_fall()
            return await self._ended_early()
        except AgreedEnd:
            return await self._ended_by_agreement()
        except Transferred:
            return await self._went_elsewhere()
        except Ended as ended:
            self._proposals_fall()
            self.write("term_ended")
            return await self.close(ended.outcome)
        return await self._evaluated(first_day, voided=voided)

    async def _evaluated(self, first_day: date, *, voided: bool) -> str:
        """The service is over; what it was worth is for others to say."""
        self.enter("term_completed")
        self._tell_all("term_completed")
        if self.once("service_over"):
            self.write("term_ended")
        certificate = Certificate(self, void=voided)
        grade = await Evaluation(self, certificate, first_day.isoformat()).grade()
        await Outcomes(self, certificate, grade=grade).applied()
        return await self.close("credit_void" if voided else "archived")

    async def _served(self, first_day: date) -> bool:
        """Every strand goes on whenever something has happened or its own time has come; whether the time is void."""
        self.enter("in_service")
        check_ins, clocks = CheckIns(self, first_day), Clocks(self, first_day, certifies=self._certifies)
        absences, leaves, activities = self._absences, Leaves(self), Activities(self, clocks)
        attendance, assessments = Attendance(self, clocks), Assessments(self, first_day, check_ins=check_ins)
        notes = MentorNotes(self, first_day)
        self._first_day, settling = first_day, (absences, activities, assessments)
        self._may_end = lambda: all(each.settled for each in settling)
        # Nobody starts elsewhere who stands still, or of whom something is still asked; leave goes with the person.
        going = (*settling, attendance)
        self._may_go = lambda: all(each.settled for each in going) and leaves.answered and not self._standstills.still
        if "once:service_cut" in self.state.marks:
            await self._proposals_advance()
            raise Transferred if self._transfers.last_day else AgreedEnd
        while True:
            heard, now = self._heard_so_far(), workflow.now()
            # A certified term asks nothing more, but what has been asked is answered, and may still void it.
            await self._standstills.advance()
            still = self._standstills.still
            strands: tuple[Strand, ...] = (leaves, activities, assessments, absences)
            if not clocks.certified and not still:
                strands = (leaves, activities, check_ins, notes, attendance, assessments, clocks, absences)
            elif clocks.certified:
                # Days of an earlier segment hinder no certificate, but what the ledger takes of them is answered.
                strands = (*strands, attendance)
            for strand in strands:
                await strand.advance()
            if absences.ends_term:
                raise Ended("credit_void")
            self._certified = clocks.certified
            if clocks.certified:
                self._drop_proposals()
            asking = (check_ins, notes, absences, leaves, activities, assessments, attendance)
            if clocks.certified and all(each.settled for each in asking) and not still:
                assessments.end()
                return absences.void
            instants = [at for strand in (self._standstills, *strands) if (at := strand.next_at()) and at > now]
            await self._until(partial(self._heard_since, heard), latest=min(instants, default=None))

    def _heard_so_far(self) -> int:
        """How many answers and notices have come: taken before the strands advance, since more may come while they
        write.
        """
        return len(self.state.applied)

    def _heard_since(self, before: int) -> bool:
        return self._heard_so_far() != before

    def _say_started(self, first_day: date) -> None:
        if self.once("started"):
            self.note(
                "service_started", rule_ids=(self.facts.get("term_rule", "DQ-3.2.1b"),), first_day=first_day.isoformat()
            )
            if Opening(self).first_day is None:
                self._tell_all("service_started")

    def _tell_all(self, kind: str) -> None:
        """The person and both institutions."""
        if self.once(f"told/{kind}"):
            self.tell(kind, person=self.facts["person"])
            self.tell(kind, **sending(self))
            self.tell(kind, **receiving(self))

    async def _until(self, done: Callable[[], bool], *, latest: datetime | None = None) -> bool:
        """Wait for a fact or an instant, or end when the person has left or an agreed last day has passed."""
        while True:
            before, now = self._heard_so_far(), workflow.now()
            await self._hear_late()
            await self._proposals_advance()
            if self._certified:
                self._drop_proposals()
            # What has come meanwhile is looked at before the term ends over it.
            if not self._comes(done, before):
                self._end_as_agreed()
            strands = (self._endings, self._transfers, self._absences)
            ends = [at for each in strands if (at := each.next_at()) and at > now]
            instants = [*ends, latest] if latest else ends
            await self.until(partial(self._comes, done, before), latest=min(instants, default=None))
            if self._leaves_now() and (notice := self.take("left", "person_left")):
                self._say_left(notice)
                raise Left
            if done():
                return True
            if latest and workflow.now() >= latest:
                return False

    @property
    def _not_begun(self) -> bool:
        return "once:started" not in self.state.marks

    async def _hear_late(self) -> None:
        """Before the first day here: what was reported late of an earlier segment (EXC-08)."""
        if self._not_begun and self._absences.reported:
            await self._absences.advance()
            if self._absences.ends_term:
                raise Ended("credit_void")

    def _end_as_agreed(self) -> None:
        if self._endings.over and self._may_end():
            raise AgreedEnd
        if self._transfers.over:
            if self._may_go():
                raise Transferred
            # A run that starts again comes by here before it knows what is still asked.
            if self._first_day:
                self._transfers.held()

    def _certifies(self) -> bool:
        """Once a transfer is filed, the term is certified where the service goes on."""
        return self._transfers.agreed is None

    def _leaves_now(self) -> bool:
        """A departure ends the service while it lasts; after that it is for those who settle what follows."""
        marks = self.state.marks
        over = "once:service_over" in marks or "once:service_cut" in marks
        return "left" in self.state.heard or (not over and self.told("left", "person_left"))

    async def _proposals_advance(self) -> None:
        await self._endings.advance()
        await self._transfers.advance()

    def _drop_proposals(self) -> None:
        self._endings.drop()
        self._transfers.drop()

    def _proposals_fall(self) -> None:
        self._endings.fall()
        self._transfers.fall()

    def _comes(self, done: Callable[[], bool], before: int) -> bool:
        return done() or self._leaves_now() or self._heard_since(before)

    def _say_left(self, notice: Notice) -> None:
        if self.once("left"):
            refs, said = notice.refs, notice.request
            kind, on = refs.get("kind", ""), refs.get("on", "")
            self.note("person_left", actor=refs.get("by", ""), kind=kind, on=on, by_request=said)
            self.tell("person_left", role="R-07", place=self.facts["group"], by_request=said)

    async def _ended_by_agreement(self) -> str:
        """EXC-07: the clocks are looked at once more, and the receiving institution gives its opinion; no grade."""
        if self._first_day and self._endings.last_day:
            await self._cut(self._first_day, self._endings.last_day)
            await self._judged_in_part()
        return await self._ended_early()

    async def _went_elsewhere(self) -> str:
        """EXC-08: the next segment is opened, and the institution that is left gives its opinion; no grade."""
        agreed = self._transfers.agreed
        if agreed is None:
            raise RuntimeError("nobody has filed a transfer")
        if self._first_day:
            await self._cut(self._first_day, await self._transfers.left())
        if "once:next_segment" not in self.state.marks and (notice := self.take("left", "person_left")):
            self._say_left(notice)
            self._proposals_fall()
            return await self._ended_early()
        if self.once("next_segment"):
            self.write("open_next_segment", change=agreed.refs["change"])
        if self._first_day:
            await self._judged_in_part()
        return await self.close("transferred", lasting=True)

    async def _cut(self, first_day: date, last_day: date) -> None:
        """The service here is over: nobody is asked about it any more but what its days weigh, once all are seen."""
        self._standstills.lift()
        if self.once("service_cut"):
            for task in self.state.tasks:
                if task.name != "days_effect":
                    self.withdraw(task)
        days = {"first_day": first_day.isoformat(), "until": last_day.isoformat()}
        found = await self.effect("clocks/last", "judge_term", look="last", **days)
        await Attendance(self, Clocks(self, first_day)).weighed_all(found)

    async def _judged_in_part(self) -> None:
        self.enter("under_evaluation")
        await Opinion(self, part=PART).given()

    def reminds(self, task: Task) -> bool:
        """While the term stands still, only what goes on nevertheless."""
        return self._standstills.reminds(task)

    async def _ended_early(self) -> str:
        """EXC-07, EXC-10: no grade; whether the time that was served counts is a human decision."""
        self._standstills.lift()
        for task in self.state.tasks:
            if task.name != "credit_of_partial_term":
                self.withdraw(task)
        if "once:started" in self.state.marks or "before" in self.facts:
            (credit,) = await self.ask(Question("credit", "credit_of_partial_term"))
            if credit.outcome == "count_partial":
                request, left = credit.deciding.request, self.state.heard.get("left")
                on = left.refs.get("on", "") if left else ""
                await self.effect("credit", "credit_partial", request=request, on=on)
        self.write("term_ended")
        return await self.close("ended_early")
