"""Terminating a flexible-talent contract on one of four grounds (六(3) 1 to 4: OT-6.3g to OT-6.3k; policy.md 3.14, 9).

The employer confirms the facts, every party recommends, the employer applies in writing within three months of learning
of it, the commission reviews and files. Nothing is ended by a figure, a day or silence: when the three months have
passed, the commission is told and the contract goes on (AS-50). The application is open also while the commission is
asked whether force majeure leaves a ground (G-5), and the day on which one on paper came is never taken on trust.
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
GIVEN_BACK = "give_application_back"
WITHOUT_GROUND, DAYS_DIFFER = "application_without_ground", "days_differ"
RETURNS_BEFORE_HELP = 2


@workflow.defn
class ContractTermination(CurableEnd):
    """One ground of one contract."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self.learned_on = self.last_day = self.late_from = ""

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
        waits = self.late_from and not self.application and "once:period_passed" not in self.state.marks
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
            return Ended("no_ground", confirmed.deciding.request)
        words.say_confirmed(self, confirmed)
        # What the employer itself records may only make it earlier: confirming never eats the three months.
        await self._runs_from(min(self.learned_on, confirmed.refs.get("learned_on") or self.learned_on))
        await self._expiry_answered()
        asked = any(task.name == ASKED_OF_COMMISSION for task in self.state.tasks)
        if self.facts.get("question") == FORCE_MAJEURE and not asked:
            self.open(Question("force_majeure", ASKED_OF_COMMISSION))
        return await self._reviewed(await self._applied_for())

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

    async def _expiry_answered(self) -> None:
        """OT-6.3j: what a ground after the term still means, the commission says; the deadline runs on."""
        if self.facts.get("question") == AFTER_EXPIRY:
            self.enter("asking_commission")
            (answered,) = await self.ask(Question("expired", "expired_ground"))
            if answered.outcome == "record_only":
                raise MatterOver(Ended("recorded_only", answered.deciding.request))

    async def _applied_for(self) -> Task:
        """The written application, however late; a wish to withdraw instead is the commission's to grant.

        It may be handed in while the commission is still asked about force majeure: the deadline runs meanwhile, so
        waiting for the answer costs nobody time (G-5). The parties are asked once there is a ground.
        """
        number = 0
        while True:
            number += 1
            if not self._commission_is_asked():
                self._recommendations()
            refs = {"due_on": self.last_day, "due_by": "application_months", "learned_on": self.learned_on}
            asked = self.open(Question(f"application/{number}", "termination_application", refs=refs))
            if self._commission_is_asked():
                self.enter("asking_commission")
                await self.until(lambda task=asked: not task.live or not self._commission_is_asked())  # type: ignore[misc]
            if not self._commission_is_asked():
                await self._recommended(asked, self._recommendations())
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

    @property
    def application(self) -> Task | None:
        """The written application that was handed in; None while there is none."""
        handed_in = (task for task in self.state.tasks if task.outcome == "apply_in_writing")
        return next(handed_in, None)

    async def _taken(self, application: Task) -> Task:
        """It is in. Reviewed it is once the commission has said whether there is a ground at all (G-5)."""
        refs = {"request": application.deciding.request, "learned_on": self.learned_on}
        found = await self.effect("application", "judge_application", **refs)
        words.say_submitted(self, application, found)
        if found == DAYS_DIFFER:
            (settled,) = await self.ask(Question("application_day", "application_day", refs={"of": application.id}))
            found = await self.effect("application/day", "judge_application", **refs, counts=settled.outcome)
            words.say_day_settled(self, settled, application, found)
        if self._commission_is_asked():
            self.enter("asking_commission")
            words.say_waiting(self, application)
            await self.until(lambda: not self._commission_is_asked())
            self._recommendations()
        return application

    def _commission_is_asked(self) -> bool:
        """Whether it still has to say if there is a ground, or what becomes of an application without one."""
        asked = [task for task in self.state.tasks if task.name in (ASKED_OF_COMMISSION, WITHOUT_GROUND)]
        return any(task.live or self.is_new(task) for task in asked)

    def is_new(self, task: Task) -> bool:
        """Also what was said of an application without a ground."""
        if task.name != WITHOUT_GROUND or task.status is not Status.SETTLED:
            return super().is_new(task)
        return task.outcome == GIVEN_BACK or f"once:goes_on/{task.key}" not in self.state.marks

    def weigh(self, task: Task) -> None:
        """Also what becomes of an application that has lost its ground: people send it back, or it is reviewed."""
        super().weigh(task)
        if task.name != WITHOUT_GROUND:
            return
        if task.outcome == GIVEN_BACK:
            self.sent_back = True
            raise MatterOver(Ended("no_ground", task.deciding.request))
        if self.once(f"goes_on/{task.key}"):
            self.note("application_goes_on", rule_ids=words.RULE, by_request=task.deciding.request)

    def ground_is_gone(self, answered: Task) -> None:
        """An application that is in is never dropped: people send it back or have it reviewed (G-5)."""
        application = self.application
        if application is None:
            super().ground_is_gone(answered)
            return
        words.say_ground_gone(self, answered)
        self.open(Question(f"without_ground/{answered.key}", WITHOUT_GROUND, refs={"of": application.id}))

    def has_gone(self, answered: Task) -> bool:
        """Whether it is asked already what becomes of the application."""
        return self.task_of(f"without_ground/{answered.key}") is not None

    async def _reviewed(self, application: Task) -> Ended:
        """The commission's word; what it returns is revised and stays applied for (AS-51)."""
        number = 0
        while True:
            number += 1
            self.enter("termination_applied")
            refs = {"of": application.id, SUBMITTER: application.deciding.person}
            (review,) = await self.ask(Question(f"review/{number}", "termination_review", refs=refs))
            if review.outcome != "return_application":
                consented = review.outcome == "consent_termination"
                return Ended("terminated" if consented else "not_consented", review.deciding.request)
            words.say_returned(self, review, number, often=number >= RETURNS_BEFORE_HELP)
            of = {"of": review.id}
            (application,) = await self.ask(Question(f"revision/{number}", "termination_revision", refs=of))
