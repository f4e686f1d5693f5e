"""An office in a settled county, its calendar published for the year."""

from collections.abc import AsyncIterator

import pytest

from db.engine.base import Sessions
from db.engine.packs import PackShelf
from tests.builders.county import publish_calendar, settle_county, settle_newcomers
from tests.conftest import StandingClock
from tests.workflows.office import OPENS, Office, opened_office
from vault.keyring import Keyring


@pytest.fixture
async def county(record: Sessions) -> None:
    await settle_county(record)
    await settle_newcomers(record, OPENS.year)
    await publish_calendar(record, OPENS.year)


@pytest.fixture
async def office(
    record: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf, county: None
) -> AsyncIterator[Office]:
    async with opened_office(record, keyring, clock=clock, shelf=shelf) as office:
        yield office
