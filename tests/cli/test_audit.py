"""`pinyong audit verify` finds what an owner of the database did to a file, and nothing where nobody did."""

import pytest
from sqlalchemy import insert, text

from cli.audit import app
from db.engine.base import Sessions
from db.engine.cases import CaseFile, EventRow
from db.engine.evidence_chain import append
from db.engine.opening import NewCase, open_case
from policies.engine.pack import Pack
from tests.cli.conftest import Run
from tests.conftest import MONDAY
from vault.keyring import Keyring

CASE = "cycle.x.2026"


@pytest.fixture
async def filed(record: Sessions, keyring: Keyring, dq_a: Pack) -> None:
    """One case whose file has four lines."""
    case = NewCase(id=CASE, lifecycle="DemandCycle", pack=dq_a, tasks=(), facts={})
    async with record.begin() as session:
        await open_case(session, case, at=MONDAY)
        row = await session.get_one(CaseFile, CASE)
        lines = append(row, [{"event": f"line_{number}"} for number in range(4)], at=MONDAY, keyring=keyring)
        await session.execute(insert(EventRow), lines)


async def as_owner(record: Sessions, *statements: str) -> None:
    async with record.begin() as session:
        await session.execute(text("ALTER TABLE event DISABLE TRIGGER event_append_only"))
        for statement in statements:
            await session.execute(text(statement))
        await session.execute(text("ALTER TABLE event ENABLE TRIGGER event_append_only"))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE event SET body = replace(body, 'line_1', 'line_9') WHERE number = 2",
            "line 2 is not as it was written",
        ),
        ("UPDATE event SET at = at + interval '1 day' WHERE number = 3", "line 3 is not as it was written"),
        ("DELETE FROM event WHERE number = 2", "line 2 is missing"),
        (
            "INSERT INTO event SELECT case_id, 5, at, body, mac, mac, key_id FROM event WHERE number = 4",
            "line 5 is not as it was written",
        ),
        ("DELETE FROM event WHERE number = 4", "the end of the file is not the sealed one"),
        ("DELETE FROM event", "the end of the file is not the sealed one"),
    ],
    ids=["altered", "moved in time", "missing", "appended", "cut off", "emptied"],
)
@pytest.mark.usefixtures("filed")
async def test_what_an_owner_of_the_database_did_is_named(
    record: Sessions, run: Run, statement: str, said: str
) -> None:
    await as_owner(record, statement)

    result = await run(app, "verify")

    assert result.exit_code == 1, result.output
    assert f"{CASE}: {said}" in result.output


@pytest.mark.usefixtures("filed")
async def test_a_cut_off_line_is_found_though_the_case_counts_one_less(record: Sessions, run: Run) -> None:
    await as_owner(
        record,
        "DELETE FROM event WHERE number = 4",
        "UPDATE case_file SET events = 3, file_head = (SELECT mac FROM event WHERE number = 3)",
    )

    result = await run(app, "verify", language="zh-CN")

    assert result.exit_code == 1
    assert "档案末尾与封签不符" in result.output


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "whole: 1 files with 4 lines are as they were written."), ("zh-CN", "完整:1 份档案、4 行全部相符。")],
)
@pytest.mark.usefixtures("filed")
async def test_an_untouched_record_is_whole(run: Run, language: str, said: str) -> None:
    result = await run(app, "verify", language=language)

    assert (result.exit_code, result.output.strip()) == (0, said)
