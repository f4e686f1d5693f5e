"""People at their desk: numbers that can be right, sealed at rest, and stored once however many store them."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from db.engine.base import Sessions
from db.engine.packs import PackShelf
from db.engine.people import Person
from services.facts import CREATED, UNCHANGED, PersonFacts, RoleFacts
from services.people import PeopleDesk
from services.personal_numbers import id_number_holds, masked, phone_holds, written_id_number, written_phone
from services.roll import Hand
from tests.builders.county import HOSPITAL, SINCE, settle_county
from tests.conftest import StandingClock
from vault.keyring import Keyring

# The example of the standard's own annex, and one that ends in X.
CLERK = Hand("p-h1-hr", "api")
GOOD = ("440524188001010014", "11010519491231002X")
NEW = PersonFacts(
    name="裘若兰", email="Qiu@Deqing.test ", institution=HOSPITAL, phone="138 0013 8000", id_number=GOOD[1]
)


@pytest.mark.parametrize("number", GOOD)
def test_a_number_with_its_check_character_holds(number: str) -> None:
    assert id_number_holds(number)


@given(st.sampled_from(GOOD), st.integers(0, 17), st.sampled_from("0123456789X"))
@example(GOOD[0], 17, "X")
def test_one_wrong_character_is_always_found(number: str, at: int, character: str) -> None:
    changed = number[:at] + character + number[at + 1 :]

    assert id_number_holds(changed) == (changed == number)


@pytest.mark.parametrize(
    "number", ["", "11010519491331002X", "110105491231002", "１１０１０５１９４９１２３１００２X", "x" * 18]
)
def test_what_is_no_number_of_a_born_person_does_not_hold(number: str) -> None:
    assert not id_number_holds(number)


def test_numbers_are_written_in_one_way_and_shown_by_their_end() -> None:
    assert written_id_number(" 110105 19491231 002x") == GOOD[1]
    assert [written_phone(each) for each in ("+86 138-0013-8000", "(0572) 8061234", "0572-8061234-8")] == [
        "13800138000",
        "05728061234",
        "05728061234-8",
    ]
    assert [phone_holds(each) for each in ("13800138000", "05728061234-8", "12800138000", "8061234")] == [
        True,
        True,
        False,
        False,
    ]
    assert (masked("13800138000"), masked(None)) == ("*******8000", None)


@pytest.fixture
async def desk(record: Sessions, clock: StandingClock, keyring: Keyring, shelf: PackShelf) -> PeopleDesk:
    await settle_county(record)
    return PeopleDesk(record, clock=clock, keyring=keyring, shelf=shelf)


async def test_telephone_and_identity_number_are_sealed_in_the_record(desk: PeopleDesk, record: Sessions) -> None:
    added = await desk.add(NEW, hand=CLERK)

    async with record() as session:
        row = (await session.execute(text("SELECT * FROM person WHERE id = :id"), {"id": added.id})).one()
    assert row.email == "qiu@deqing.test"
    assert row.name_pinyin == "qiu ruo lan"
    assert not any(secret in repr(row) for secret in ("13800138000", GOOD[1]))
    assert GOOD[1] not in added.id
    assert repr(added).count("*") > 10


async def test_a_person_is_found_again_by_number_and_by_address(desk: PeopleDesk) -> None:
    (first,) = await desk.store([NEW], hand=CLERK)

    by_number, by_address = await desk.store(
        [replace(NEW, email=None, phone=None), replace(NEW, id_number=None)], hand=CLERK
    )

    assert (first.outcome, by_number.outcome, by_address.outcome) == (CREATED, UNCHANGED, UNCHANGED)
    assert first.key == by_number.key == by_address.key


async def test_ten_who_store_the_same_person_at_once_store_one(desk: PeopleDesk, record: Sessions) -> None:
    async with asyncio.TaskGroup() as group:
        sent = [group.create_task(desk.store([NEW], hand=CLERK)) for _ in range(10)]

    outcomes = sorted(each.result()[0].outcome for each in sent)
    assert outcomes == [CREATED, *[UNCHANGED] * 9]
    async with record() as session:
        assert await session.scalar(select(func.count()).where(Person.email == "qiu@deqing.test")) == 1


async def test_a_role_is_ended_by_its_last_day_and_given_again_after_it(desk: PeopleDesk) -> None:
    role = RoleFacts("R-02", "dq-t01", SINCE)
    ended = replace(role, held_until=SINCE.replace(year=2026))
    again = replace(role, held_from=SINCE.replace(year=2026))

    overlapping, end, after = await desk.store(
        [PersonFacts(id="p-t1-head", roles=(each,)) for each in (again, ended, again)],
        hand=replace(CLERK, may_grant=True),
    )

    assert [problem.code for problem in overlapping.problems] == ["role_overlaps"]
    assert (end.outcome, after.outcome) == ("changed", "changed")
    assert (await desk.person("p-t1-head")).roles == (ended, again)


async def test_an_entry_says_who_changed_it_last_by_which_way_and_when(desk: PeopleDesk, clock: StandingClock) -> None:
    before = await desk.person("p-doctor")
    assert (before.changed_by, before.changed_way, before.changed_at) == (None, None, None)
    clock.move(days=1)
    moved = PersonFacts(id="p-doctor", specialty="surgery")
    await desk.store([moved], hand=Hand("key-1", "import"), try_only=True)
    assert (await desk.person("p-doctor")).changed_by is None
    await desk.store([moved], hand=Hand("key-1", "import"))
    first = await desk.person("p-doctor")
    assert (first.changed_by, first.changed_way, first.changed_at) == ("key-1", "import", clock.now())
    clock.move(days=1)
    await desk.store([moved], hand=CLERK)
    assert await desk.person("p-doctor") == first
    role = RoleFacts("R-06", "dq-h1", SINCE)
    given = PersonFacts(id="p-doctor", roles=(role,))
    changed = await desk.change("p-doctor", given, version="*", hand=replace(CLERK, may_grant=True))
    assert (changed.changed_by, changed.changed_way, changed.changed_at) == ("p-h1-hr", "api", clock.now())
    assert changed.version != first.version
