"""Chance against a term of service: whatever happens in whatever order, and however often its worker is lost, it comes
to exactly one end, its clocks are a plain count of the rows, no rung fires twice, no question stays open.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from db.engine.tasks import TaskRow
from policies.engine.pack import Pack
from tests.workflows.conftest import OpenCounty
from tests.workflows.office import Office
from tests.workflows.term_chance import ENDS, TermLife
from tests.workflows.terms import filed_term, in_service

STEPS, SEQUENCES = 45, 25


async def live(open_county: OpenCounty, pack: Pack, seed: int) -> Counter[str]:
    """One term from its filing to its end; what was drawn."""
    async with open_county() as office:
        term = await filed_term(office, pack)
        if seed % 3:
            await in_service(office, term)
        life = TermLife(office, term, Random(seed), said=[f"seed {seed}"])  # noqa: S311  # had again by its seed
        await life.go_on(STEPS)
        outcomes: list[str] = []
        while not outcomes or await life.follow():
            outcomes.append(await life.come_to_an_end())
            await holds(office, life.term, outcomes[-1], "\n".join(life.said))
        return life.drawn + Counter(outcomes)


async def holds(office: Office, term: str, outcome: str, said: str) -> None:
    """What must be so at the end of every term."""
    assert outcome in ENDS, said
    assert await office.workflow(term).result() == outcome, said
    assert not await office.rows(select(TaskRow.key).where(TaskRow.case_id == term, TaskRow.status == "open")), said
    lines = [json.loads(body) for body in await office.file_of(term)]
    assert sum(line["event"] == "closed" for line in lines) == 1, said
    assert not fired_twice(lines), said
    assert not await office.damage(), said


def fired_twice(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rungs that fired twice of one asking; a step asked anew, or a moved deadline, arms its ladder anew."""
    fired: defaultdict[str, set[str]] = defaultdict(set)
    twice = []
    for line in lines:
        task = line.get("task", "")
        if line["event"] in ("asked", "deadline_moved"):
            fired[task].clear()
        elif line["event"] == "rung_fired":
            rung = line["refs"]["rung"]
            twice += [f"{task} {rung}"] if rung in fired[task] else []
            fired[task].add(rung)
    return twice


@pytest.mark.parametrize("seed", range(2))
async def test_a_term_of_chance_comes_to_one_end_with_right_clocks(
    open_county: OpenCounty, dq_a: Pack, seed: int
) -> None:
    await live(open_county, dq_a, seed)


@pytest.mark.soak
@pytest.mark.timeout(1500)
async def test_five_and_twenty_terms_of_chance_come_to_one_end_with_right_clocks(
    open_county: OpenCounty, dq_a: Pack
) -> None:
    drawn: Counter[str] = Counter()
    for seed in range(2, 2 + SEQUENCES):
        drawn += await live(open_county, dq_a, seed)
    awaited = {*ENDS, "restart", "suspension", "certify", "not_met", "approve_leave", "confirm_absence"}
    assert not awaited - set(drawn), awaited - set(drawn)
