"""Quarterly check-ins at calendar quarter ends (OT-6.1c, DEF-17): the employer sums up, the commission guides."""

from datetime import date, datetime, timedelta

from policies.engine.questions import Question
from workflows.local_days import begins
from workflows.talent.base import TalentCase, request_of

_ONE_DAY = timedelta(days=1)


class Quarters:
    """One question after each quarter, of which `plan_quarters` has told the last days."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case
        self._ends: tuple[date, ...] = ()

    async def advance(self, now: datetime) -> None:
        """Ask what is due by now, and say what the commission has asked for."""
        case = self._case
        planned = await case.effect("quarters", "plan_quarters")
        self._ends = tuple(date.fromisoformat(day) for day in planned.split())
        for day in self._ends:
            if now < begins(day + _ONE_DAY):
                return
            quarter = day.isoformat()
            task = case.open(Question(f"check_in/{quarter}", "talent_check_in", refs={"quarter": quarter}))
            if task.outcome == "request_action" and case.once(f"action/{quarter}"):
                request = request_of(task)
                case.note("action_requested", rule_ids=("OT-6.1c",), by_request=request, quarter=quarter)
                case.tell_employer("action_requested", by_request=request)

    def next_at(self, now: datetime) -> datetime | None:
        """When the next quarter has ended."""
        ahead = [begins(day + _ONE_DAY) for day in self._ends if begins(day + _ONE_DAY) > now]
        return ahead[0] if ahead else None
