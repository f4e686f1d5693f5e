"""What is put back is what people had left, row by row, and its cases go on from there."""

import pytest

from policies.engine.pack import Pack
from tests.workflows.conftest import OpenCounty
from tests.workflows.memory import Memory, prints
from tests.workflows.office import Office
from tests.workflows.terms import filed_term, in_service


@pytest.fixture
def memory() -> Memory:
    """Of nothing yet."""
    return Memory()


async def nobody_takes_them() -> str:
    raise AssertionError


async def test_what_is_put_back_is_what_was_left_and_its_cases_go_on(
    office: Office, open_county: OpenCounty, memory: Memory, dq_a: Pack
) -> None:
    term = await filed_term(office, dq_a)
    left = await prints(office)
    async with open_county(memory=memory) as other:
        assert await prints(other) != left
        assert await other.after(f"filed_term {dq_a.sha256}", nobody_takes_them) == term
        assert await prints(other) == left
        assert await other.env.get_current_time() >= other.clock.instant
        await in_service(other, term)
        assert not await other.damage()


async def test_steps_are_taken_where_something_else_was_done_before(
    office: Office, open_county: OpenCounty, memory: Memory, dq_a: Pack
) -> None:
    await filed_term(office, dq_a)
    async with open_county(memory=memory) as other:
        await other.sessions.open("p-doctor")
        with pytest.raises(AssertionError):
            await other.after(f"filed_term {dq_a.sha256}", nobody_takes_them)
