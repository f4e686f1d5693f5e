"""Keys of service accounts: shown once, kept as a hash, dead at once when taken back."""

import pytest
from sqlalchemy import text

from db.engine.base import Sessions
from services.engine.keys import SCOPES, ApiKeyUnknown, KeyDesk, ScopeUnknown
from tests.conftest import StandingClock


@pytest.fixture
def desk(record: Sessions, clock: StandingClock) -> KeyDesk:
    return KeyDesk(record, clock=clock)


async def test_the_record_keeps_no_secret(desk: KeyDesk, record: Sessions) -> None:
    issued = await desk.issue("hr-system", ["cases:start"])

    async with record() as session:
        row = (await session.execute(text("SELECT * FROM api_key"))).one()
    assert issued.secret not in repr(row)
    assert len(row.fingerprint) == 32


async def test_a_key_says_who_shows_it_and_what_it_may_do(desk: KeyDesk) -> None:
    issued = await desk.issue("hr-system", ["cases:start", "facts:write", "cases:start"])

    account = await desk.account_of(issued.secret)

    assert account is not None
    assert (account.id, account.name, account.scopes) == (
        issued.id,
        "hr-system",
        frozenset({"cases:start", "facts:write"}),
    )
    assert await desk.account_of(issued.secret[:-1]) is None


async def test_a_key_that_is_taken_back_opens_nothing(desk: KeyDesk) -> None:
    issued = await desk.issue("hr-system", SCOPES)

    await desk.revoke(issued.id)

    assert await desk.account_of(issued.secret) is None
    with pytest.raises(ApiKeyUnknown):
        await desk.revoke(issued.id)


async def test_there_is_no_scope_for_deciding(desk: KeyDesk) -> None:
    with pytest.raises(ScopeUnknown):
        await desk.issue("hr-system", ["tasks:decide"])

    assert not any("decide" in scope for scope in SCOPES)
