"""`python -m bench [unit|cycle|waiting|terms|all] [--quick] [--write]`: the figures of design 14 on this machine."""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import func, select

from bench import county, cycle, floor, report, terms, unit, waiting
from bench.figures import Line
from bench.parts import Stand, chosen, stand
from bench.patience import Patience, eager
from db.engine.post import LetterRow


@dataclass(frozen=True)
class Size:
    """How much of everything; `quick` shows that it works, its figures mean little."""

    repetitions: int = 5
    cases: int = 200
    single: int = 20
    institutions: int = 1000
    waiting: int = 10_000
    terms: int = 500
    spread_seconds: int = 600
    year_days: int = 365


QUICK = Size(2, 40, 5, 100, 300, 60, 60, 30)


async def measure_unit(size: Size) -> list[Line]:
    """The common unit beside the floor, with twenty in flight and for one user."""
    async with _stand() as parts:
        people = unit.People(parts, await county.settle(parts))
        pool = await asyncpg.create_pool(floor.plain(str(parts.settings.database_url)), max_size=20)
        busy, single = list[report.Pair](), list[report.Pair]()
        # The first round of each pays for connections and caches.
        await _pair(people, pool, cases=10, in_flight=5)
        for _ in range(size.repetitions):
            busy.append(await _pair(people, pool, cases=size.cases, in_flight=unit.IN_FLIGHT))
            single.append(await _pair(people, pool, cases=size.single, in_flight=1))
            _say(report.busy_lines(busy[-1:], 0, 0, 0)[:6] + report.single_lines(single[-1:]))
        await pool.close()
        sent, skipped = await _letters(parts, "sent"), await _letters(parts, "skipped")
        return report.busy_lines(busy, sent, skipped, await _events(parts)) + report.single_lines(single)


async def _pair(
    people: unit.People, pool: "asyncpg.Pool[asyncpg.Record]", *, cases: int, in_flight: int
) -> report.Pair:
    people.patience = Patience() if in_flight > 1 else eager()
    bare = await unit.floor_round(people.stand, pool, cases=cases, in_flight=in_flight)
    return bare, await unit.unit_round(people, cases=cases, in_flight=in_flight)


async def measure_cycle(size: Size) -> list[Line]:
    """The start of a cycle beside as many bare workflows."""
    async with _stand() as parts:
        await cycle.settle(parts, size.institutions)
        bare, ours = list[float](), list[float]()
        for number in range(size.repetitions):
            bare.append(await cycle.floor_cycle(parts, workflows=size.institutions, number=number))
            ours.append(await cycle.cycle_round(parts, institutions=size.institutions, year=2027 + number))
            _say(report.cycle_lines(bare[-1:], ours[-1:], size.institutions))
        return report.cycle_lines(bare, ours, size.institutions)


async def measure_waiting(size: Size) -> list[Line]:
    """Many waiting cases."""
    async with _stand(with_floor=False) as parts:
        people = unit.People(parts, await county.settle(parts))
        return report.waiting_lines(await waiting.measure(people, cases=size.waiting))


async def measure_terms(size: Size) -> list[Line]:
    """Many terms in service at once: lists, attendance, rungs."""
    async with _stand() as parts:
        plan = terms.Plan(size.terms, size.repetitions, size.spread_seconds, size.year_days)
        return terms.lines(await terms.measure(parts, plan, say=_say), plan)


MEASURES = {"unit": measure_unit, "cycle": measure_cycle, "waiting": measure_waiting, "terms": measure_terms}


@asynccontextmanager
async def _stand(*, with_floor: bool = True) -> AsyncIterator[Stand]:
    with tempfile.TemporaryDirectory(prefix="pinyong-bench-") as folder:
        # The database may run as another user, who must be let through.
        os.chmod(folder, 0o711)  # noqa: PTH101, S103  # passable, not readable
        async with stand(chosen(Path(folder) / "data"), floor=with_floor) as parts:
            yield parts


async def _letters(parts: Stand, state: str) -> int:
    async with parts.record() as session:
        return await session.scalar(select(func.count()).where(LetterRow.state == state)) or 0


async def _events(parts: Stand) -> int:
    """The longest history of a unit."""
    found = parts.client.list_workflows(f"WorkflowType = '{county.LIFECYCLE}'", page_size=200)
    return max([one.history_length async for one in found])


def _say(lines: list[Line]) -> None:
    print(*(f"{line.name}: {line.figure}" for line in lines), "", sep="\n", flush=True)


async def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("what", nargs="?", choices=[*MEASURES, "all"], default="all")
    parser.add_argument("--quick", action="store_true", help="少量 / small numbers, to see that it works")
    parser.add_argument("--write", action="store_true", help="写入 docs/benchmarks.md / write the page")
    given = parser.parse_args()
    size, lines = QUICK if given.quick else Size(), list[Line]()
    for name in MEASURES if given.what == "all" else (given.what,):
        lines += await MEASURES[name](size)
    page = report.page(lines, size.repetitions, quick=given.quick)
    print(page)
    if given.write:
        report.PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
