"""Many terms in service at once: the monitor's list, attendance by the day and by the year, rungs due together."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from bench import days, group, rungs
from bench.browser import Browser
from bench.days import Imported, Year
from bench.figures import Line, percentile, spread
from bench.parts import Stand
from bench.rungs import Alarm, Fired
from bench.serving import Terms, settle

# The aims: milliseconds, seconds, a ratio, seconds.
MOST_LIST_MS, MOST_DAY_S, MOST_BURST, MOST_LATE_S = 150, 2, 1.5, 5
READS, A_YEAR = 40, 365
PAGE = "/monitor"
NARROWED = (
    "?lifecycle=ServiceTerm&stage=in_service",
    f"?institution={group.SITES[3]}",
    "?overdue=1",
    "?escalated=1&sort=changed",
    "?q=term.bench&sort=stage",
    "?state=all&programme=county_hired_township_used&sort=started&page=2",
)
WATCHERS = {"HR monitor": group.MONITOR, "coordinator": group.COORDINATOR}
SHOWN = 200


class NotShown(Exception):
    """The monitor answered with something else than its page."""


@dataclass(frozen=True)
class Plan:
    """How many terms, repetitions, seconds over which rungs are spread, and days of a year, at most all of it."""

    terms: int
    repetitions: int
    spread_seconds: int
    year_days: int


@dataclass(frozen=True)
class Found:
    """Milliseconds of the list by who looks and whether it is narrowed; the others in their order of measuring."""

    lists: dict[tuple[str, bool], list[float]]
    bursts: Sequence[tuple[Fired, Fired]]
    spread_out: Fired
    by_program: Sequence[Imported]
    by_sheet: Sequence[Imported]
    year: Year


async def measure(stand: Stand, plan: Plan, *, say: Callable[[list[Line]], None]) -> Found:
    """Everything, one after the other, on the same terms."""
    terms = await settle(stand, plan.terms, days=A_YEAR + 2 * plan.repetitions)
    lists = await _lists(terms)
    say(_list_lines(lists))
    alarm, bursts = Alarm(plan.terms), list[tuple[Fired, Fired]]()
    for _ in range(plan.repetitions):
        bursts.append((await rungs.timers(stand, alarm, number=plan.terms), await rungs.rungs(terms, alarm)))
        say(_burst_lines(bursts[-1:]))
    spread_out = await rungs.rungs(terms, alarm, over=plan.spread_seconds)
    say(_spread_lines(spread_out, plan))
    back = [terms.today - timedelta(days=number) for number in range(2 * plan.repetitions + plan.year_days)]
    by_program = [await days.day_by_program(terms, day) for day in back[: plan.repetitions]]
    by_sheet = [await days.day_by_sheet(terms, day) for day in back[plan.repetitions : 2 * plan.repetitions]]
    year = await days.year(terms, back[2 * plan.repetitions :])
    return Found(lists, bursts, spread_out, by_program, by_sheet, year)


async def _lists(terms: Terms) -> dict[tuple[str, bool], list[float]]:
    """The page as those who watch over everything open it, many times."""
    browser = Browser("127.0.0.1", terms.stand.settings.web_port)
    found: dict[tuple[str, bool], list[float]] = {(who, narrowed): [] for who in WATCHERS for narrowed in (False, True)}
    # The first round pays for connections and templates.
    for turn in range(READS + 1):
        for who, person in WATCHERS.items():
            for query in ("", *NARROWED):
                began = time.perf_counter()
                reply = await browser.get(PAGE + query, cookie=terms.cookies[person])
                found[who, bool(query)] += [(time.perf_counter() - began) * 1000] * (turn > 0)
                if reply.status != SHOWN:
                    raise NotShown(reply.status, query)
    browser.close()
    return found


def lines(found: Found, plan: Plan) -> list[Line]:
    """All figures."""
    return [
        *_list_lines(found.lists),
        *_day_lines(found, plan.terms),
        *_burst_lines(found.bursts),
        *_spread_lines(found.spread_out, plan),
    ]


def _list_lines(lists: dict[tuple[str, bool], list[float]]) -> list[Line]:
    words = {False: "open matters", True: "narrowed and sorted"}
    found = []
    for (who, narrowed), waits in lists.items():
        slow = percentile(waits, 0.95)
        name = f"GET /monitor, {who}, {words[narrowed]}: p95 ms"
        found.append(Line(name, f"{slow:.0f}", f"<= {MOST_LIST_MS}", slow <= MOST_LIST_MS))
    return found


def _day_lines(found: Found, people: int) -> list[Line]:
    lines = list[Line]()
    for way, imports in (("by API", found.by_program), ("as a sheet", found.by_sheet)):
        answered, looked = [one.answered for one in imports], [one.looked for one in imports]
        met = median(answered) <= MOST_DAY_S
        lines += [
            Line(f"a day of {people} people {way}, s", spread(answered, ".2f"), f"<= {MOST_DAY_S}", met),
            Line("until every nudged term had looked again, s", spread(looked, ".2f")),
        ]
    year = found.year
    name = f"{year.days} days in {year.requests} requests: s, days a second"
    return [
        *lines,
        Line(name, f"{year.seconds:.1f}, {year.days / year.seconds:.0f}"),
        Line("most memory of the web process before, after: MB", f"{year.before_mb:.0f}, {year.after_mb:.0f}"),
    ]


def _burst_lines(bursts: Sequence[tuple[Fired, Fired]]) -> list[Line]:
    bare, ours = [pair[0] for pair in bursts], [pair[1] for pair in bursts]
    ratios = [product.seconds / floor.seconds for floor, product in bursts]
    number = len(bare[0].late)
    floor_cpu = [one.cpu_each("temporal", "postgres", "floor") for one in bare]
    cpu = [one.cpu_each("temporal", "postgres", "worker", "web") for one in ours]
    return [
        Line(f"{number} bare timers due at once: s to the last row", spread([one.seconds for one in bare])),
        Line(f"{number} rungs due at once: s to the last line in the file", spread([one.seconds for one in ours])),
        Line("time, rungs to timers", spread(ratios, ".2f"), f"<= {MOST_BURST}", median(ratios) <= MOST_BURST),
        Line("CPU ms a timer, a rung", f"{spread(floor_cpu)}, {spread(cpu)}"),
        Line("apart: s to the last letter of the rungs accepted", spread([one.letters for one in ours])),
    ]


def _spread_lines(found: Fired, plan: Plan) -> list[Line]:
    late = percentile(found.late, 0.99)
    name = f"{plan.terms} rungs over {plan.spread_seconds} s: p99 late by s"
    return [Line(name, f"{late:.2f}", f"<= {MOST_LATE_S}", late <= MOST_LATE_S)]
