"""However many cases must be told at once, all are; and a statement of ours that fails is no absent database."""

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError, InterfaceError

from activities.engine.reseating import tell_of_ended_roles
from db.engine.away import means_database_away
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, open_cases
from db.engine.people import Institution
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from policies.engine.pack import Pack
from tests.builders.county import HOSPITAL, dismiss, settle_county
from tests.conftest import MONDAY

# One statement holds 2,978 rows of the inbox.
MANY = 3001


async def test_three_thousand_cases_are_told_in_one_round(record: Sessions, stored_pack: Pack) -> None:
    await settle_county(record)
    await asked_in_many(record, stored_pack)
    await dismiss(record, "R-04", HOSPITAL)
    async with record.begin() as session:
        assert await tell_of_ended_roles(session, at=MONDAY) == MANY
        assert await tell_of_ended_roles(session, at=MONDAY) == MANY
    async with record() as session:
        assert await session.scalar(select(func.count(InboxRow.case_id.distinct()))) == MANY
        assert await session.scalar(select(func.count()).select_from(InboxRow)) == MANY


async def asked_in_many(record: Sessions, pack: Pack) -> None:
    cases = [f"enquiry.{number}" for number in range(MANY)]
    facts = {"group": "dq-jt1", "sending": HOSPITAL}
    new = [NewCase(case, "Enquiry", pack, ("sending_review",), facts, institution=HOSPITAL) for case in cases]
    task = {
        "key": "review/1", "name": "sending_review", "status": "open", "step": 0, "step_name": "review",
        "role": "R-04", "institution": HOSPITAL, "revision": 1, "choices": [], "refs": {}, "opened_at": MONDAY,
    }  # fmt: skip
    seat = {
        "person": "p-h1-head",
        "revision": 1,
        "role": "R-04",
        "institution": HOSPITAL,
        "why": "holder",
        "open": True,
    }
    async with record.begin() as session:
        for start in range(0, MANY, 200):
            await open_cases(session, new[start : start + 200], at=MONDAY)
        await session.execute(update(CaseFile).values(state="open"))
        await session.execute(insert(TaskRow), [task | {"id": f"{case}.t1", "case_id": case} for case in cases])
        await session.execute(insert(SeatRow), [seat | {"task_id": f"{case}.t1"} for case in cases])


async def test_a_statement_that_the_driver_refuses_does_not_mean_that_the_database_is_away(record: Sessions) -> None:
    rows = [{"code": f"c{number}", "name": "卫生院", "kind": "township_hospital"} for number in range(11_000)]
    async with record() as session:
        with pytest.raises(InterfaceError, match="32767") as refused:
            await session.execute(upsert(Institution).values(rows))
    assert not means_database_away(refused.value)


@pytest.mark.parametrize("by", ["the server", "the driver"])
async def test_a_connection_that_was_lost_means_that_the_database_is_away(record: Sessions, by: str) -> None:
    async with record() as session, record() as other:
        if by == "the server":
            process = await session.scalar(text("SELECT pg_backend_pid()"))
            await other.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
        else:
            raw = await (await session.connection()).get_raw_connection()
            assert raw.driver_connection is not None
            raw.driver_connection.terminate()
        with pytest.raises(DBAPIError) as lost:
            await session.execute(text("SELECT 1"))
    assert means_database_away(lost.value)
