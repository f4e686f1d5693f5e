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


def take_contract(desk: Visitor) -> None:
    """A flexible-talent contract under an early warning, as its hospital sees it."""
    desk.act_as("ot-h2-hr")
    desk.open("/talent-contracts").locator("ul.tasks .title a", has_text="蔺怀瑾").click()
    desk.page.locator("#working-time").evaluate("one => one.scrollIntoView()")
    desk.page.screenshot(path=PICTURES / "contract.png")


def take_application(phone: Visitor) -> None:
    """The page on which a hospital's leader applies to terminate, with its three months."""
    phone.act_as("ot-h3-leader")
    phone.open("/tasks").locator("a.title", has_text="书面申请终止合同").click()
    phone.page.screenshot(path=PICTURES / "application.png", full_page=True)


def take_all(browser: Browser, base: str) -> None:
    """All pictures."""
    take_monitor(visitor(browser, base))
    take_decision(visitor(browser, base, phone=True))
    take_contract(visitor(browser, base))
    take_application(visitor(browser, base, phone=True))


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        started_county(Path(folder)) as base,
        opened_chromium() as browser,
    ):
        take_all(browser, base)
