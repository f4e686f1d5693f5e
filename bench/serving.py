"""Many terms of service under way at once, with one question left in each.

The terms are opened in the record with a snapshot that has preparations and check-ins behind it, and go on from there
as the caretaker has a lost case go on; what is then asked, written and sent, their workflows do.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.courier import LIVE
from activities.engine.messages import CaseState
from activities.engine.snapshots import as_stored
from activities.service import LIFECYCLE, TERM_TASKS, shaping
from bench import group
from bench.parts import Stand
from bench.patience import Patience
from bench.unit import IN_FLIGHT
from db.engine.cases import CaseFile
from db.engine.clock import SystemClock
from db.engine.opening import NewCase, open_cases
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from db.engine.tasks import SeatRow, TaskRow
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.tasks import Status, Task
from services.engine.keys import KeyDesk
from services.engine.places import Places
from services.engine.sessions import SessionDesk

ASKED = "certify_term"
# What a term has behind it after a year: the question's key, its name in the pack, the answer.
BEHIND = (
    ("post/1", "prepare_post", "prepared"),
    ("filing", "practice_filing", "record_filing"),
    ("plan/1", "sign_plan", "sign_plan"),
    *((f"check_in/{number}", "check_in", "check_in") for number in range(1, 5)),
)
_CLOCK = SystemClock()


@dataclass(frozen=True)
class Terms:
    """Terms in service since `first_day`, cases by the ids of their people; cookies of those who watch; the key of a
    program that delivers facts. Days are local.
    """

    stand: Stand
    cases: Mapping[str, str]
    first_day: date
    today: date
    cookies: Mapping[str, str]
    key: str


async def settle(stand: Stand, terms: int, *, days: int) -> Terms:
    """So many terms that began so many days ago; waits until each has asked its question and every letter is sent."""
    today = _CLOCK.now().astimezone(CHINA).date()
    cases = {f"p-term-{number:04}": f"term.bench.{number:04}" for number in range(terms)}
    first_day = today - timedelta(days=days)
    pack = await PackShelf(stand.record).current("dq-a")
    async with stand.record.begin() as session:
        await group.write(session, cases)
        await _open(session, pack, cases, first_day)
    await each(cases.values(), stand.delivery.start)
    await _all_asked(stand, terms)
    desk = SessionDesk(stand.record, _CLOCK, Places(stand.record, _CLOCK))
    cookies = {person: await desk.open(person) for person in (group.COORDINATOR, group.MONITOR)}
    key = await KeyDesk(stand.record, clock=_CLOCK).issue("bench", ["facts:write"])
    return Terms(stand, cases, first_day, today, cookies, key.secret)


async def each(cases: Iterable[str], work: Callable[[str], Awaitable[object]]) -> None:
    """Do it for every case, twenty at a time."""
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def one(case: str) -> None:
        async with gate:
            await work(case)

    await asyncio.gather(*(one(case) for case in cases))


async def letters_sent(stand: Stand) -> None:
    """Wait until no letter waits any more."""

    async def all_sent() -> bool | None:
        async with stand.record() as session:
            return not await session.scalar(select(func.count()).where(LetterRow.state.in_(LIVE))) or None

    await Patience(pause=0.2).until(all_sent, within=900.0)


async def _all_asked(stand: Stand, terms: int) -> None:
    async def all_asked() -> bool | None:
        seats = select(func.count()).select_from(SeatRow).join(TaskRow).where(SeatRow.open, TaskRow.name == ASKED)
        async with stand.record() as session:
            return (await session.scalar(seats) or 0) >= terms or None

    await Patience(pause=0.5).until(all_asked, within=900.0)
    await letters_sent(stand)


async def _open(session: AsyncSession, pack: Pack, cases: Mapping[str, str], first_day: date) -> None:
    now = _CLOCK.now()
    opened = [
        _new_case(pack, case, group.receiving(number), _facts(pack, person, number, first_day))
        for number, (person, case) in enumerate(cases.items())
    ]
    await open_cases(session, opened, at=now)
    behind = [
        Task(f"t{number}", key, name, {}, {}, status=Status.SETTLED, outcome=outcome)
        for number, (key, name, outcome) in enumerate(BEHIND, start=1)
    ]
    state = CaseState(stage="onboarding", tasks=behind, asked=len(behind))
    await session.execute(update(CaseFile).where(CaseFile.id.in_(cases.values())).values(snapshot=as_stored(state)))
    await session.execute(insert(TaskRow), [_task_row(case, task, now) for case in opened for task in behind])
    await session.execute(insert(SeatRow), [_seat_row(case, task) for case in opened for task in behind])


def _facts(pack: Pack, person: str, number: int, first_day: date) -> Mapping[str, str]:
    """As the filing of a placement gives them."""
    return shaping(pack) | {
        "person": person,
        "sending": group.sending(number),
        "receiving": group.receiving(number),
        "group": group.GROUP,
        "bureau": group.BUREAU,
        "year": str(first_day.year),
        "cycle": "cycle.bench",
        "planned_start": first_day.isoformat(),
        "ready_by": first_day.isoformat(),
        "posting": f"posting.bench.{number:04}",
        "post": f"post.bench.{number:04}",
        "mode": "fixed",
        "segment": "1",
    }


def _new_case(pack: Pack, case: str, site: str, facts: Mapping[str, str]) -> NewCase:
    return NewCase(
        case, LIFECYCLE, pack, TERM_TASKS, facts, cycle="cycle.bench", institution=site, subject=facts["person"]
    )


def _task_row(case: NewCase, task: Task, now: datetime) -> dict[str, object]:
    step = case.pack.shape(task.name).steps[0]
    return {
        "id": f"{case.id}.{task.id}",
        "case_id": case.id,
        "key": task.key,
        "name": task.name,
        "status": "settled",
        "step": 0,
        "step_name": step.name,
        "role": step.role,
        "institution": case.facts.get(step.at) if step.at != "person" else case.facts["sending"],
        "revision": 1,
        "choices": list(step.choices),
        "refs": {},
        "opened_at": now,
        "settled_at": now,
        "outcome": task.outcome,
    }


def _seat_row(case: NewCase, task: Task) -> dict[str, object]:
    row, own = _task_row(case, task, _CLOCK.now()), case.pack.shape(task.name).own
    place = str(row["institution"])
    person = case.facts["person"] if own else group.holder(place, str(row["role"]))
    seat = {name: row[name] for name in ("role", "institution", "revision")}
    return seat | {"task_id": row["id"], "person": person, "why": "holder", "open": False}
