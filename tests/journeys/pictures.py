"""The pictures of the README, taken from a county of its own: `python -m tests.journeys.pictures`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.journeys.county import ROOT, Visitor, opened_chromium, started_county, visitor

PICTURES = ROOT / "docs" / "pictures"


def take_monitor(desk: Visitor) -> None:
    """HR's monitor, as it stands after the seed."""
    desk.act_as("dq-jt1-monitor")
    desk.open("/monitor").screenshot(path=PICTURES / "monitor.png")


def take_decision(phone: Visitor) -> None:
    """The page behind a letter to the head of a hospital."""
    phone.letter("dq-h3-head", "派出单位审核")
    phone.follow().screenshot(path=PICTURES / "decision.png", full_page=True)


def take_all(browser: Browser, base: str) -> None:
    """Both pictures."""
    take_monitor(visitor(browser, base))
    take_decision(visitor(browser, base, phone=True))


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        started_county(Path(folder)) as base,
        opened_chromium() as browser,
    ):
        take_all(browser, base)
