"""The years of one contract, each assessed in a case of its own (G-9, COR-24): at least one for each contract."""

from datetime import date, datetime, timedelta
from functools import partial

from temporalio import workflow

from policies.engine.questions import Question
from workflows.local_days import begins
from workflows.talent.base import TalentCase, request_of

YEAR = ("OT-E1", "OT-6.1a")
BASIS = {"by_calendar_year": "calendar_year", "by_contract_year": "contract_year"}
_ONE_DAY = timedelta(days=1)
_STUB = "stub"


class Assessments:
    """Which years are assessed is asked once, where the calendar and the contract lead to different days."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case
        self._ends: tuple[date, ...] = ()
        self._over = 0

    async def advance(self) -> bool:
        """Open what has ended by now; whether every year has its assessment, or needs none."""
        case = self._case
        while over := case.take(f"assessment_over/{self._over + 1}", "assessment_over"):
            self._over += 1
            if case.once(f"assessment_over/{self._over}"):
                case.note("assessment_over", matter=over.refs["case"], year=over.refs["year"])
            if over.refs["result"] == "unqualified":
                # OT-6.3e: whether it is a ground to rescind is asked of the employer; nothing follows by itself.
                await case.effect(f"unqualified/{self._over}", "ask_rescission", as_of=over.refs["last_day"])
        planned = await self._planned()
        if not planned:
            return False
        periods = [one.split(":") for one in planned.split()]
        self._ends = tuple(date.fromisoformat(last) for _, _, last, _ in periods)
        return all([await self._opened(*period) for period in periods])

    async def finished(self) -> None:
        """Until no year of the contract waits for an answer."""
        while True:
            # Counted before, since more may come while it writes.
            before = len(self._case.state.applied)
            if await self.advance():
                return
            await self._case.until(partial(self._heard_since, before))

    def next_at(self, now: datetime) -> datetime | None:
        """When the next year has ended."""
        ahead = [begins(day + _ONE_DAY) for day in self._ends if begins(day + _ONE_DAY) > now]
        return ahead[0] if ahead else None

    async def _planned(self) -> str:
        """The years as the rule makes them; "" while it is asked by which year."""
        case = self._case
        found = await case.effect("assessments", "plan_assessments", basis="")
        if found != "ask":
            return found
        asked = case.open(Question("assessment_plan", "assessment_plan"))
        if asked.outcome == "plan_silent":
            asked = case.open(Question("assessment_basis", "assessment_basis"))
        if asked.outcome not in BASIS:
            return ""
        if case.once("assessment_plan"):
            case.note("assessment_year_set", rule_ids=YEAR, by_request=request_of(asked))
        return await case.effect("assessments/set", "plan_assessments", basis=BASIS[asked.outcome])

    async def _opened(self, year: str, first_day: str, last_day: str, kind: str) -> bool:
        case = self._case
        if workflow.now() < begins(date.fromisoformat(last_day) + _ONE_DAY):
            return False
        if kind == _STUB:
            refs = {"first_day": first_day, "last_day": last_day}
            asked = case.open(Question(f"assessment_stub/{year}", "assessment_stub", refs=refs))
            if asked.outcome != "assess_stub":
                return asked.outcome == "leave_to_acceptance"
        await case.effect(f"assessment/{year}", "open_assessment", year=year, first_day=first_day, last_day=last_day)
        return True

    def _heard_since(self, before: int) -> bool:
        return len(self._case.state.applied) != before
