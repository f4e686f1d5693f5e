"""`pinyong admin`: keys, and the first administrator where nothing is registered yet."""

import re

import pytest
from sqlalchemy import select

from cli.admin import app
from db.engine.base import Sessions
from db.engine.clock import SystemClock
from db.engine.people import RoleHolding
from db.engine.post import LetterRow
from services.engine.keys import KeyDesk
from services.engine.places import Places
from services.engine.sign_in import SignInDesk
from tests.builders.county import settle_county
from tests.cli.conftest import Run
from vault.keyring import Keyring


@pytest.mark.usefixtures("shelf")
async def test_the_first_administrator_comes_in_without_a_seed(record: Sessions, keyring: Keyring, run: Run) -> None:
    result = await run(app, "invite", "沈一鸣", "admin@deqing.test")

    assert result.exit_code == 0, result.output
    link = re.search(r"http://127\.0\.0\.1:8000/s/(\S+)", result.output)
    assert link is not None
    clock = SystemClock()
    entry = await SignInDesk(record, keyring, clock=clock, places=Places(record, clock)).enter(link[1])
    async with record() as session:
        held = (await session.scalars(select(RoleHolding).order_by(RoleHolding.role))).all()
        letters = (await session.scalars(select(LetterRow))).all()
    assert [(each.person, each.role, each.institution) for each in held] == [
        (entry.person, "R-29", "bureau"),
        (entry.person, "R-30", "bureau"),
    ]
    assert [letter.kind for letter in letters] == ["sign_in"]
    assert "沈一鸣" not in result.output


@pytest.mark.usefixtures("shelf")
async def test_a_second_invitation_gives_a_new_link_and_no_second_role(record: Sessions, run: Run) -> None:
    await run(app, "invite", "沈一鸣", "admin@deqing.test")

    again = await run(app, "invite", "沈一鸣", "admin@deqing.test")

    assert again.exit_code == 0
    async with record() as session:
        assert len((await session.scalars(select(RoleHolding))).all()) == 2


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "The e-mail address is not correct."), ("zh-CN", "邮箱地址不正确。")],
)
@pytest.mark.usefixtures("shelf")
async def test_an_address_that_cannot_be_is_refused_in_the_operators_language(
    run: Run, language: str, said: str
) -> None:
    result = await run(app, "invite", "沈一鸣", "not-an-address", language=language)

    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.usefixtures("shelf")
async def test_in_a_settled_county_the_administrator_belongs_to_its_top(record: Sessions, run: Run) -> None:
    await settle_county(record)

    result = await run(app, "invite", "沈一鸣", "admin@deqing.test")

    assert "(dq-wjj)" in result.output


async def test_a_key_opens_until_it_is_taken_back(record: Sessions, run: Run) -> None:
    made = await run(app, "api-key", "hr-system", "--scope", "facts:write", "--scope", "people:read")
    key, secret = re.search(r"key (k-\w+)", made.output), re.search(r"pinyong_\S+", made.output)
    assert key is not None
    assert secret is not None
    desk = KeyDesk(record, clock=SystemClock())
    account = await desk.account_of(secret[0])

    revoked = await run(app, "revoke-key", key[1])

    assert account is not None
    assert account.scopes == {"facts:write", "people:read"}
    assert revoked.exit_code == 0
    assert await desk.account_of(secret[0]) is None
    assert (await run(app, "revoke-key", key[1])).exit_code == 2


async def test_an_unknown_scope_makes_no_key(record: Sessions, run: Run) -> None:
    result = await run(app, "api-key", "hr-system", "--scope", "tasks:decide")

    assert result.exit_code == 2
    assert "tasks:decide" in result.output
    assert await KeyDesk(record, clock=SystemClock()).accounts() == []
