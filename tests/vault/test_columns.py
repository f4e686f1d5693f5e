"""Sealed columns, through SQLAlchemy's own statements."""

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, create_engine, insert, select, type_coerce
from sqlalchemy.engine import Engine
from sqlalchemy.exc import StatementError

from vault.cipher import SealBroken
from vault.columns import KeysNotGiven, Sealed, give_keys, open_text
from vault.keyring import Keyring, KeyUnknown, Purpose

METADATA = MetaData()
PERSON = Table(
    "person",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("phone", Sealed("person.phone")),
    Column("id_number", Sealed("person.id_number")),
)


@pytest.fixture
def engine() -> Engine:
    # The type is the same on every driver; the tests of db/ run it on PostgreSQL.
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    return engine


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys.toml")


def test_a_sealed_column_reads_back_and_null_stays_null(engine: Engine, keyring: Keyring) -> None:
    give_keys(engine.dialect, keyring)
    with engine.begin() as link:
        link.execute(insert(PERSON).values(id=1, phone="13800001111", id_number=None))
        assert link.execute(select(PERSON.c.phone, PERSON.c.id_number)).one() == ("13800001111", None)


def test_what_the_database_keeps_is_not_readable_and_names_its_key(engine: Engine, keyring: Keyring) -> None:
    give_keys(engine.dialect, keyring)
    with engine.begin() as link:
        link.execute(insert(PERSON).values(id=1, phone="13800001111"))
        kept = link.execute(select(type_coerce(PERSON.c.phone, LargeBinary))).scalar_one()
    assert b"13800001111" not in kept
    assert keyring.current(Purpose.COLUMN).id.encode() in kept


def test_a_value_moved_to_another_column_does_not_open(engine: Engine, keyring: Keyring) -> None:
    give_keys(engine.dialect, keyring)
    with engine.begin() as link:
        link.execute(insert(PERSON).values(id=1, phone="13800001111"))
        link.exec_driver_sql("UPDATE person SET id_number = phone")
        with pytest.raises(SealBroken):
            link.execute(select(PERSON.c.id_number)).all()


def test_a_value_sealed_before_a_rotation_still_opens(engine: Engine, keyring: Keyring) -> None:
    give_keys(engine.dialect, keyring)
    with engine.begin() as link:
        link.execute(insert(PERSON).values(id=1, phone="13800001111"))
    give_keys(engine.dialect, keyring.rotated(Purpose.COLUMN))
    with engine.begin() as link:
        assert link.execute(select(PERSON.c.phone)).scalar_one() == "13800001111"


def test_an_engine_without_keys_is_refused_before_anything_is_written(engine: Engine) -> None:
    with engine.begin() as link:
        with pytest.raises(StatementError) as refusal:
            link.execute(insert(PERSON).values(id=1, phone="13800001111"))
        assert isinstance(refusal.value.orig, KeysNotGiven)
        assert link.execute(select(PERSON.c.id)).all() == []


def test_damaged_bytes_are_refused_clearly(keyring: Keyring) -> None:
    with pytest.raises(SealBroken):
        open_text(keyring, b"", context="person.phone")
    with pytest.raises(KeyUnknown):
        open_text(keyring, b"\x03abc-rest", context="person.phone")
