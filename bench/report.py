"""What the measurements say against the aims, and the page that they are written to."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.figures import Line, Round, spread, table
from bench.machine import conditions
from bench.waiting import Waited

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
# The aims: shares of the floor, then kilobytes, milliseconds and seconds.
LEAST_RATE, MOST_CPU, LONGEST_WAIT = 0.6, 1.6, 1.5
MOST_KB, MOST_MS, SOON_S, WORKER_S = 25, 10, 5, 12
# Fourteen events a decision, twenty a run.
BUDGET = 14 * 4 + 20
Pair = tuple[Round, Round]

HEAD = """# Benchmarks

Written by `python -m bench all --write`; `make bench` only prints. The product stands beside a bare Temporal workflow
(`bench/floor.py`) on the same server, database and worker options, in alternating repetitions: median and, in brackets,
least and greatest. The unit is a case of four decisions in turn by different people, each with its deadline, its letter
over SMTP and its record in PostgreSQL, POSTed to the API; the window ends when no letter waits any more. CPU is user
and system time of Temporal, PostgreSQL, worker and web; load driver and mailbox stand apart. A letter whose task was
answered before it could be sent is skipped by the courier; how many were really sent is a line of its own.

`terms`: so many terms in service at once, a year old, each with one open question. The monitor's list is opened over
HTTP by those who watch over all of them (aim: p95 at most 150 ms); a day of everybody is delivered by API and as a
sheet (at most 2 s to the answer; one in twenty is off, and those terms are nudged); a year of days follows in batches.
A rung has fired when its line stands in the file: all at one instant beside as many bare timers with one row each
(at most 1.5 x their time), and spread (p99 at most 5 s late). Letters of the rungs are sent meanwhile, measured apart.

What a year of service costs in Temporal is held by a test (`tests/workflows/test_term_budget.py`):
1196 events in three runs, at most 403 in one (aim: 450), and 143 KB of payload (aim: 200 KB), at 2026-11-22.
"""


def busy_lines(pairs: Sequence[Pair], sent: int, skipped: int, events: int) -> list[Line]:
    """Twenty cases in flight."""
    rate = [unit.rate / bare.rate for bare, unit in pairs]
    cpu = [unit.stack_each / bare.stack_each for bare, unit in pairs]
    bare, units = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return [
        Line("decisions a second, floor", spread([one.rate for one in bare])),
        Line("decisions a second, product", spread([one.rate for one in units])),
        Line("rate, product to floor", spread(rate, ".2f"), f">= {LEAST_RATE}", median(rate) >= LEAST_RATE),
        Line("CPU ms a decision, floor", _parts(bare, ("temporal", "postgres", "floor"))),
        Line("CPU ms a decision, product", _parts(units, ("temporal", "postgres", "worker", "web"))),
        Line("CPU, product to floor", spread(cpu, ".2f"), f"<= {MOST_CPU}", median(cpu) <= MOST_CPU),
        Line("apart, ms a decision: driver, mailbox", f"{_each(units, None):.1f}, {_each(units, 'mailbox'):.1f}"),
        Line("letters sent, skipped", f"{sent}, {skipped}"),
        Line("history events a case", str(events), f"<= {BUDGET}", events <= BUDGET),
    ]


def single_lines(pairs: Sequence[Pair]) -> list[Line]:
    """One user."""
    waits = [unit.wait_ms / bare.wait_ms for bare, unit in pairs]
    return [
        Line("one user, floor: update to row, p50 ms", spread([pair[0].wait_ms for pair in pairs])),
        Line("one user, product: click to next task, p50 ms", spread([pair[1].wait_ms for pair in pairs])),
        Line("wait, product to floor", spread(waits, ".2f"), f"<= {LONGEST_WAIT}", median(waits) <= LONGEST_WAIT),
    ]


def cycle_lines(bare: Sequence[float], cycles: Sequence[float], institutions: int) -> list[Line]:
    """The start of a cycle."""
    ratios = [ours / floor for ours, floor in zip(cycles, bare, strict=True)]
    return [
        Line("bare workflows with one row, a second", spread(bare)),
        Line(f"demand tasks of a cycle with {institutions} institutions, a second", spread(cycles)),
        Line("rate, cycle to bare", spread(ratios, ".2f"), f">= {LEAST_RATE}", median(ratios) >= LEAST_RATE),
    ]


def waiting_lines(found: Waited) -> list[Line]:
    """Many waiting cases."""
    kilobytes = found.bytes_each / 1024
    return [
        Line(
            f"{found.cases} waiting cases: KB each in Temporal's file",
            f"{kilobytes:.1f}",
            f"<= {MOST_KB}",
            kilobytes <= MOST_KB,
        ),
        Line("my-tasks, p95 ms", f"{found.query_p95:.1f}", f"<= {MOST_MS}", found.query_p95 <= MOST_MS),
        Line("GET /api/v1/tasks, p95 ms", f"{found.get_p95:.1f}"),
        Line(
            "ready to first decision visible after a stop, s",
            f"{found.after_stop:.1f}",
            f"<= {SOON_S}",
            found.after_stop <= SOON_S,
        ),
        Line(
            "the same after kill -9 of everything, s",
            f"{found.after_kill:.1f}",
            f"<= {SOON_S}",
            found.after_kill <= SOON_S,
        ),
        Line(
            "kill -9 of the worker to first decision visible, s",
            f"{found.after_worker_kill:.1f}",
            f"<= {WORKER_S}",
            found.after_worker_kill <= WORKER_S,
        ),
    ]


def page(lines: Sequence[Line], repetitions: int, *, quick: bool) -> str:
    """The whole page."""
    small = " · `--quick`: small numbers, figures of little weight" if quick else ""
    return f"{HEAD}\n{conditions()} · {repetitions} repetitions{small}\n\n{table(lines)}\n"


def _parts(rounds: Sequence[Round], names: Sequence[str]) -> str:
    parts = ", ".join(f"{name} {_each(rounds, name):.1f}" for name in names)
    return f"{spread([one.stack_each for one in rounds])}: {parts}"


def _each(rounds: Sequence[Round], part: str | None) -> float:
    return median(one.cpu_each(part) if part else one.driver / one.decisions for one in rounds)
