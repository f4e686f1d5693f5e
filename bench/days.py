"""Attendance of everybody in service: a day at a time from a program and from a sheet, then a year in batches."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from api.attendance import MOST_DAYS
from bench import group
from bench.browser import Browser, Reply
from bench.machine import peak_mb
from bench.patience import Patience
from bench.serving import Terms
from db.engine.cases import FindingRow
from policies.days import ON_POST
from services.attendance_sheet import SheetLine, mark_of, month_sheet
from services.facts import CREATED
from services.serving import TERM_RULE

ADDRESS = "/api/v1/attendance"
# One in twenty is off on any day, so that the term has to look at its clocks again.
OFF_ONE_IN, OFF, REST = 20, "sick", "rest_day"
ANSWERED, SATURDAY, LONGEST = 200, 5, 300.0


class NotStored(Exception):
    """The API did not store every day that it was given."""


@dataclass(frozen=True)
class Imported:
    """Seconds from the request to the answer, and until the last term that was nudged had looked again."""

    answered: float
    looked: float


@dataclass(frozen=True)
class Year:
    """Days that were recorded, in so many requests and seconds; the most memory of the web process, in MB."""

    days: int
    requests: int
    seconds: float
    before_mb: float
    after_mb: float


async def day_by_program(terms: Terms, day: date) -> Imported:
    """One day of everybody in one request of the API."""
    return await _one_day(terms, day, sheet=False)


async def day_by_sheet(terms: Terms, day: date) -> Imported:
    """One day of everybody in one sheet."""
    return await _one_day(terms, day, sheet=True)


async def year(terms: Terms, days: Sequence[date]) -> Year:
    """So many days of everybody, in the greatest requests that the API takes."""
    web, browser = terms.stand.pid("web"), _browser(terms)
    before, began, requests, stored = peak_mb(web), time.perf_counter(), 0, 0
    for rows in _batches(_row(person, day, number) for day in days for number, person in enumerate(terms.cases)):
        _ensure(await browser.post(ADDRESS, {"rows": rows}, key=terms.key), rows=len(rows))
        requests, stored = requests + 1, stored + len(rows)
    seconds = time.perf_counter() - began
    browser.close()
    return Year(stored, requests, seconds, before, peak_mb(web))


async def _one_day(terms: Terms, day: date, *, sheet: bool) -> Imported:
    people, browser, looked = list(terms.cases), _browser(terms), await _looks(terms)
    off = sum(_kind(day, number) == OFF for number in range(len(people)))
    rows = [_row(person, day, number) for number, person in enumerate(people)]
    lines = [SheetLine("", person, group.NAME, _marks(day, number)) for number, person in enumerate(people)]
    file = month_sheet(day, lines)
    began = time.perf_counter()
    if sheet:
        reply = await browser.post_file(f"{ADDRESS}/import", "days.xlsx", file, key=terms.key)
    else:
        reply = await browser.post(ADDRESS, {"rows": rows}, key=terms.key)
    answered = time.perf_counter() - began
    _ensure(reply, rows=len(people))
    browser.close()

    async def all_looked() -> bool | None:
        return await _looks(terms) >= looked + off or None

    await Patience(share=0.0, pause=0.1, again=0.0).until(all_looked, within=LONGEST)
    return Imported(answered, time.perf_counter() - began)


def _browser(terms: Terms) -> Browser:
    return Browser("127.0.0.1", terms.stand.settings.web_port, seconds=LONGEST)


def _row(person: str, day: date, number: int) -> dict[str, object]:
    return {"person": person, "day": day.isoformat(), "kind": _kind(day, number)}


def _marks(day: date, number: int) -> dict[int, str]:
    kind = _kind(day, number)
    return {day.day: mark_of(kind, kind)}


def _kind(day: date, number: int) -> str:
    """Others are off each day, so that nobody has been nudged before on the day of the import."""
    if (number + day.toordinal()) % OFF_ONE_IN == 0:
        return OFF
    return REST if day.weekday() >= SATURDAY else ON_POST


def _batches(rows: Iterable[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    batch = list[dict[str, object]]()
    for row in rows:
        batch.append(row)
        if len(batch) == MOST_DAYS:
            yield batch
            batch = []
    if batch:
        yield batch


def _ensure(reply: Reply, *, rows: int) -> None:
    counts = reply.content.get("counts", {})
    if (reply.status, counts.get(CREATED)) != (ANSWERED, rows):
        raise NotStored(reply.status, counts)


async def _looks(terms: Terms) -> int:
    async with terms.stand.record() as session:
        return await session.scalar(select(func.count()).where(FindingRow.rule == TERM_RULE)) or 0
