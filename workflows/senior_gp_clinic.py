"""Regular clinics of a senior grassroots GP at a county hospital (DQ-3.1.1c, an option).

Group and hospital agree on the days; each clinic is announced and then recorded by the hospital. The text gives no
cadence and no credit, so none is computed.
"""

from datetime import datetime

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case

RULE = ("DQ-3.1.1c",)


@workflow.defn
class SeniorGpClinic(Case):
    """One agreed schedule of one person at one hospital."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    def may_withdraw(self) -> bool:
        """The person may end the clinics at any time: nothing rests on them."""
        return True

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the proposal to the last clinic."""
        self.enter("agreeing_clinics")
        asked = [self.open(Question(f"agree/{side}", f"agree_clinics_{side}")) for side in ("group", "hospital")]
        await self.until(lambda: self._ended() or self._refused(asked) or not any(task.live for task in asked))
        person = self.facts["person"]
        if self._ended():
            return await self.close("withdrawn")
        if self._refused(asked):
            self.tell("clinics_not_agreed", person=person)
            return await self.close("not_agreed")
        if self.once("agreed"):
            self.note("clinics_agreed", rule_ids=RULE)
            self.tell("clinics_agreed", person=person)
        self.enter("clinics_running")
        if not await self._held():
            return await self.close("withdrawn")
        return await self.close("clinics_done")

    async def _held(self) -> bool:
        """Every clinic announced and recorded; False when the person has ended them before."""
        parts = [self.facts[name].split(",") for name in ("days", "announced_at", "opens_at")]
        asked = []
        for number, (day, announced_at, opens_at) in enumerate(zip(*parts, strict=True), start=1):
            if await self.until(self._ended, latest=datetime.fromisoformat(announced_at)):
                return False
            self._announce(number, day)
            if await self.until(self._ended, latest=datetime.fromisoformat(opens_at)):
                return False
            asked.append(self.open(Question(f"clinic/{number}", "record_clinic", refs={"session": day})))
        await self.until(lambda: self._ended() or not any(task.live for task in asked))
        return not self._ended()

    def _announce(self, number: int, day: str) -> None:
        if self.once(f"announced/{number}"):
            self.note("clinic_due", rule_ids=RULE, session=day)
            self.tell("clinic_due", person=self.facts["person"])
            self.tell("clinic_due", role="R-03", place=self.facts["receiving"])

    def _refused(self, asked: list[Task]) -> bool:
        return any(task.outcome == "reject" for task in asked)

    def _ended(self) -> bool:
        return "withdrawn" in self.state.marks
