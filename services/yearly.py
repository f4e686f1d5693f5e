"""The yearly schedules of a programme: its window for demand, the reminder of an exchange, summaries, pay totals, funds
for flexible talent (DQ-3.1.2a, DQ-4.3a, b, DQ-3.4.2b, OT-5a); each on the morning of the day that the pack names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from policies.engine.pack import Pack
from workflows.year_end import YearEnd
from workflows.yearly_cycles import YearlyCycles

# Local time; in the morning no zone shifts its clock.
HOUR = 9
# An engine that was down on the day fires when it is back.
CATCH_UP = timedelta(days=30)
CYCLE_OPENS = "demand_window_opens"
# The day by the pack, and what it opens.
YEAR_ENDS = (
    ("exchange_reminder", "open_exchanges"),
    ("summary_opens", "open_summaries"),
    ("pay_total_opens", "open_pay_totals"),
    ("fund_year_opens", "open_fund_years"),
)


async def keep_schedules(client: Client, packs: Iterable[Pack], *, task_queue: str) -> None:
    """Make each programme's schedules, or make them right; an operator's pause stays. A pack that extends another goes
    through that one's year and has none of its own.
    """
    for pack in (one for one in packs if not one.base):
        for name, schedule in schedules_of(pack, task_queue=task_queue).items():
            try:
                await client.create_schedule(name, schedule)
            except ScheduleAlreadyRunningError:
                await client.get_schedule_handle(name).update(partial(_kept_state, schedule))


def schedules_of(pack: Pack, *, task_queue: str) -> Mapping[str, Schedule]:
    """What starts a programme's cycles and ends its years, by the schedule's id. A pack without the day has none of it:
    a contract is nominated when there is a need, in no window of a year.
    """
    found = {}
    if CYCLE_OPENS in pack.parameters:
        name = f"yearly.{pack.id}"
        cycles = ScheduleActionStartWorkflow(YearlyCycles.run, pack.id, id=f"ops.{name}", task_queue=task_queue)
        found[name] = _yearly(pack, CYCLE_OPENS, cycles)
    for day, opens in (each for each in YEAR_ENDS if each[0] in pack.parameters):
        name = f"{opens.removeprefix('open_')}.{pack.id}"
        end = ScheduleActionStartWorkflow(YearEnd.run, args=[pack.id, opens], id=f"ops.{name}", task_queue=task_queue)
        found[name] = _yearly(pack, day, end)
    return found


def _yearly(pack: Pack, day: str, action: ScheduleActionStartWorkflow) -> Schedule:
    """On one day of every year, in the programme's own time zone."""
    month, of_month = (int(part) for part in str(pack.parameters[day].value).split("-"))
    calendar = ScheduleCalendarSpec(
        month=[ScheduleRange(month)], day_of_month=[ScheduleRange(of_month)], hour=[ScheduleRange(HOUR)]
    )
    return Schedule(
        action=action,
        spec=ScheduleSpec(calendars=[calendar], time_zone_name=pack.time_zone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ONE, catchup_window=CATCH_UP),
    )


def _kept_state(schedule: Schedule, known: ScheduleUpdateInput) -> ScheduleUpdate:
    return ScheduleUpdate(replace(schedule, state=known.description.schedule.state))
