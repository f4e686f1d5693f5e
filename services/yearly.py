"""The yearly schedules: one a programme, on the morning of the day on which its window may open first (DQ-3.1.2a)."""

from collections.abc import Iterable
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
from workflows.yearly_cycles import YearlyCycles

# Local time; in the morning no zone shifts its clock.
HOUR = 9
# An engine that was down on the day fires when it is back.
CATCH_UP = timedelta(days=30)


async def keep_schedules(client: Client, packs: Iterable[Pack], *, task_queue: str) -> None:
    """Make each programme's schedule, or make it right; an operator's pause stays."""
    for pack in packs:
        schedule, name = yearly(pack, task_queue=task_queue), f"yearly.{pack.id}"
        try:
            await client.create_schedule(name, schedule)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(name).update(partial(_kept_state, schedule))


def yearly(pack: Pack, *, task_queue: str) -> Schedule:
    """What starts a programme's cycles, in the programme's own time zone."""
    month, day = (int(part) for part in str(pack.parameters["demand_window_opens"].value).split("-"))
    calendar = ScheduleCalendarSpec(
        month=[ScheduleRange(month)], day_of_month=[ScheduleRange(day)], hour=[ScheduleRange(HOUR)]
    )
    return Schedule(
        action=ScheduleActionStartWorkflow(
            YearlyCycles.run, pack.id, id=f"ops.yearly.{pack.id}", task_queue=task_queue
        ),
        spec=ScheduleSpec(calendars=[calendar], time_zone_name=pack.time_zone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ONE, catchup_window=CATCH_UP),
    )


def _kept_state(schedule: Schedule, known: ScheduleUpdateInput) -> ScheduleUpdate:
    return ScheduleUpdate(replace(schedule, state=known.description.schedule.state))
