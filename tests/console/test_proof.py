"""`audit verify` finds a decision that was rewritten behind the product's back, field by field (design 9, DEF-18)."""

import pytest
from sqlalchemy import select, text

from db.engine.tasks import DecisionRow, PaperDecision
from db.proof import verify
from tests.console.conftest import Town
from tests.console.test_paper import record


async def damage(town: Town) -> list[str]:
    async with town.record() as session:
        return [found.what async for found in verify(session, town.keyring)]


async def as_owner(town: Town, change: str) -> None:
    async with town.record.begin() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text(change))


async def decided_on_paper(town: Town) -> str:
    task = await town.enquire()
    await record(town, task)
    (paper,) = await town.all_of(select(PaperDecision.id))
    browser = await town.as_person("p-coordinator")
    await browser.post(f"/paper/{paper}", {"choice": "confirm"})
    await town.seen(select(DecisionRow.request))
    return task


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE decision SET choice = 'reject'",
        "UPDATE decision SET person = 'p-h2-head'",
        "UPDATE decision SET role = 'R-07'",
        "UPDATE decision SET channel = 'page'",
        "UPDATE decision SET late = NOT late",
        "UPDATE decision SET due_at = due_at + interval '1 day'",
        "UPDATE decision SET received_at = received_at - interval '1 day'",
        "UPDATE decision SET decided_on = decided_on - 1",
        "UPDATE decision SET recorded_by = 'p-h2-hr'",
        "UPDATE decision SET checked_by = NULL",
        "UPDATE decision SET evidence = NULL",
        "UPDATE decision SET minutes = '县卫健局党组会纪要〔2026〕9号'",
        "UPDATE decision SET step = 2",
        "UPDATE decision SET revision = 2",
        "UPDATE decision SET words = NULL",
    ],
)
async def test_a_decision_that_was_rewritten_is_named(town: Town, change: str) -> None:
    await decided_on_paper(town)
    assert await damage(town) == []
    await as_owner(town, change)
    assert await damage(town) == ["decision"]


async def test_a_scan_that_was_exchanged_is_named(town: Town) -> None:
    await decided_on_paper(town)
    await as_owner(town, "UPDATE evidence SET content = 'another sheet'")
    assert await damage(town) == ["scan"]


async def test_all_files_are_read_as_of_one_instant_so_that_a_case_that_goes_on_is_no_damage(town: Town) -> None:
    await town.enquire()
    async with town.record() as session:
        assert [found async for found in verify(session, town.keyring)] == []
        assert await session.scalar(text("SHOW transaction_isolation")) == "repeatable read"
