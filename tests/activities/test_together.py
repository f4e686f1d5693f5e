"""Rows of several tables in one statement."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from db.engine.base import Sessions, engine_of
from db.engine.people import Institution, Person, RoleHolding
from db.engine.together import Writes

PLACE = {"code": "p-1", "name": "龙里县医院", "kind": "hospital"}
PERSON = {"id": "one", "name": "甲", "email": "one@example.org", "institution": "p-1"}
HOLDING = {"person": "one", "role": "R-01", "institution": "p-1", "held_from": date(2026, 1, 1)}


async def test_a_row_may_name_another_of_the_same_statement(record: Sessions) -> None:
    async with engine_of(record).begin() as connection:
        writes = Writes()
        writes.add(Person, PERSON)
        writes.add(Institution, PLACE)
        await writes.send(connection)
    async with record() as session:
        assert (await session.get_one(Person, "one")).institution == "p-1"


async def test_sealed_columns_and_defaults_are_as_the_session_writes_them(record: Sessions) -> None:
    async with engine_of(record).begin() as connection:
        writes = Writes()
        writes.add(Institution, PLACE)
        writes.add(Person, PERSON | {"phone": "13900000000"})
        await writes.send(connection)
    async with record() as session:
        person = await session.get_one(Person, "one")
        assert (person.phone, person.sample) == ("13900000000", False)


async def test_what_is_put_replaces_what_stands_under_its_key_and_no_other(record: Sessions) -> None:
    async with engine_of(record).begin() as connection:
        for name in ("旧", "新"):
            writes = Writes()
            writes.put(Institution, PLACE | {"name": name}, PLACE | {"code": f"p-{name}"})
            await writes.send(connection)
    async with record() as session:
        names = {row.code: row.name for row in await session.scalars(select(Institution))}
    assert names == {"p-1": "新", "p-旧": "龙里县医院", "p-新": "龙里县医院"}


async def test_a_change_reaches_the_rows_that_it_names_and_no_other(record: Sessions) -> None:
    async with engine_of(record).begin() as connection:
        writes = Writes()
        writes.add(Institution, PLACE, PLACE | {"code": "p-2"})
        await writes.send(connection)
        writes.change(Institution, {"code": "p-2", "name": "乡镇卫生院"}, by=("code",))
        await writes.send(connection)
    async with record() as session:
        names = {row.code: row.name for row in await session.scalars(select(Institution))}
    assert names == {"p-1": "龙里县医院", "p-2": "乡镇卫生院"}


async def test_a_row_that_may_not_stand_takes_the_others_with_it(record: Sessions) -> None:
    writes = Writes()
    writes.add(Institution, PLACE)
    writes.add(RoleHolding, HOLDING)
    with pytest.raises(IntegrityError):
        async with engine_of(record).begin() as connection:
            await writes.send(connection)
    async with record() as session:
        assert await session.get(Institution, "p-1") is None
