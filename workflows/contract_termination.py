"""Terminating a flexible-talent contract on one of four grounds (六(3) 1 to 4: OT-6.3g to OT-6.3k; policy.md 3.14, 9).

The employer confirms the facts, every party recommends, the employer applies in writing within three months of learning
of it, the commission reviews and files. Nothing is ended by a figure, a day or silence: when the three months have
passed, the commission is told and the contract goes on (AS-50).
"""

from datetime import datetime

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Status, Task
from workflows.ends import termination_words as words
from workflows.ends.cure import ASKED_OF_COMMISSION, CurableEnd
from workflows.ends.matter import LOST, Ended, MatterOver

FORCE_MAJEURE, AFTER_EXPIRY = "force_majeure", "after_expiry"
RETURNS_BEFORE_HELP = 2


@workflow.defn
class ContractTermination(CurableEnd):
    """One ground of one contract."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self.learned_on = self.last_day = self.late_from = ""
        self.submitted = False

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the ground to the commission's word on it, or to whatever ends the matter before."""
        try:
            ended = await self._pursued()
            self.ensure_object()
        except MatterOver as over:
            ended = over.ended
        words.say_ended(self, ended)
        if ended.outcome != LOST:
            await self.inform_contract("termination_over", ended)
        return await self.close(ended.outcome)

    def alarm(self) -> datetime | None:
        """When an application would be late that has not come, until that is said."""
        waits = self.late_from and not self.submitted and "once:period_passed" not in self.state.marks
        return datetime.fromisoformat(self.late_from) if waits else None

    async def alarmed(self) -> None:
        """The calendar may have changed since; else the commission is told and nothing else happens (AS-50)."""
        if not await self._counted(f"clock/{self.learned_on}/{self.late_from}"):
            words.say_period_passed(self, self.last_day)

    async def _pursued(self) -> Ended:
        words.say_raised(self)
        self.hold_payments()
        self.enter("confirming_ground")
        await self._runs_from(self.facts["learned_on"])
        (confirmed,) = await self.ask(Question("confirm", "confirm_ground"))
        if confirmed.outcome == "no_ground":
            self.dismissed_by_employer = True
            return Ended("no_ground", confirmed.answers[-1].request)
        words.say_confirmed(self, confirmed)
        # What the employer itself records may only make it earlier: confirming never eats the three months.
        await self._runs_from(min(self.learned_on, confirmed.refs.get("learned_on") or self.learned_on))
        await self._question_answered()
        return await self._reviewed(await self._application())

    async def _runs_from(self, learned_on: str) -> None:
        self.learned_on = learned_on
        await self._counted(f"clock/{learned_on}")
        words.say_clock(self, learned_on, self.last_day)

    async def _counted(self, key: str) -> bool:
        """Whether the count has moved: the last day, and the instant from which an application would be late."""
        before = self.late_from
        found = await self.effect(key, "application_clock", learned_on=self.learned_on)
        self.last_day, _, self.late_from = found.partition(" ")
        return self.late_from != before

    async def _question_answered(self) -> None:
        """What the text leaves open is asked of the commission, while the deadline runs on (G-5, OT-6.3j)."""
        question = self.facts.get("question", "")
        if question == FORCE_MAJEURE:
            self.enter("asking_commission")
            (answered,) = await self.ask(Question("force_majeure", ASKED_OF_COMMISSION))
            self.weigh(answered)
        if question == AFTER_EXPIRY:
            self.enter("asking_commission")
            (answered,) = await self.ask(Question("expired", "expired_ground"))
            if answered.outcome == "record_only":
                raise MatterOver(Ended("recorded_only", answered.answers[-1].request))

    async def _application(self) -> Task:
        """The written application, however late; a wish to withdraw instead is the commission's to grant."""
        number, parties = 0, self._recommendations()
        while True:
            number += 1
            refs = {"due_on": self.last_day, "due_by": "application_months", "learned_on": self.learned_on}
            asked = self.open(Question(f"application/{number}", "termination_application", refs=refs))
            await self._recommended(asked, parties)
            self.enter("applying")
            await self.until(lambda task=asked: not task.live)  # type: ignore[misc]
            if asked.outcome == "apply_in_writing":
                return await self._taken(asked)
            await self.withdrawal_weighed(asked)

    def _recommendations(self) -> list[Task]:
        """G-15: every signatory employer and the expert; nobody's silence decides anything."""
        others = [code for code in self.facts.get("signatories", "").split(",") if code]
        asked = [
            self.open(Question(f"recommend/{code}", "recommend_termination", places={"employer": code}))
            for code in dict.fromkeys([self.employer, *others])
        ]
        return [*asked, self.open(Question("recommend/person", "expert_recommendation"))]

    async def _recommended(self, application: Task, parties: list[Task]) -> None:
        """Until all have spoken or their time is over, or the application has come before."""
        self.enter("recommending")
        await self.until(lambda: all(task.status is not Status.OPENING for task in parties))
        latest = max((task.due for task in parties if task.live and task.due), default=None)
        await self.until(lambda: not application.live or not any(task.live for task in parties), latest=latest)

    async def _taken(self, application: Task) -> Task:
        self.submitted = True
        refs = {"request": application.answers[-1].request, "learned_on": self.learned_on}
        words.say_submitted(self, application, await self.effect("application", "judge_application", **refs))
        return application

    async def _reviewed(self, application: Task) -> Ended:
        """The commission's word; what it returns is revised and stays applied for (AS-51)."""
        number = 0
        while True:
            number += 1
            self.enter("termination_applied")
            refs = {"of": application.id, SUBMITTER: application.answers[-1].person}
            (review,) = await self.ask(Question(f"review/{number}", "termination_review", refs=refs))
            if review.outcome != "return_application":
                consented = review.outcome == "consent_termination"
                return Ended("terminated" if consented else "not_consented", review.answers[-1].request)
            words.say_returned(self, review, number, often=number >= RETURNS_BEFORE_HELP)
            of = {"of": review.id}
            (application,) = await self.ask(Question(f"revision/{number}", "termination_revision", refs=of))
