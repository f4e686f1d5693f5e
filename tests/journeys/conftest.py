"""One county and one browser for all journeys."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser

from tests.journeys.county import NoBrowser, Visitor, opened_chromium, started_county, visitor


class Arrive(Protocol):
    """A person with a browser of their own arrives."""

    def __call__(self, *, phone: bool = False) -> Visitor: ...


@pytest.fixture(scope="package")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The console's address."""
    with started_county(tmp_path_factory.mktemp("county")) as base:
        yield base


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    try:
        with opened_chromium() as browser:
            yield browser
    except NoBrowser as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
def arrive(chromium: Browser, county: str) -> Iterator[Arrive]:
    came: list[Visitor] = []

    def arrives(*, phone: bool = False) -> Visitor:
        came.append(visitor(chromium, county, phone=phone))
        return came[-1]

    yield arrives
    for each in came:
        each.context.close()
