"""The county as a newcomer starts it, and the browser that opens it."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from settings import PREFIX
from stack.ports import LOOPBACK, free_port

ROOT = Path(__file__).parents[2]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
PORTS = ("web", "postgres", "temporal", "temporal-ui", "smtp")
UP, START_WITHIN, STOP_WITHIN = "已就绪", 110, 20
NO_CHROMIUM = "Chromium is missing: apt-get install chromium fonts-noto-cjk"


class NoBrowser(Exception):
    """Debian's Chromium is not on this machine."""


class NotUp(Exception):
    """The command ended, or said nothing of being ready in time."""


@contextmanager
def started_county(folder: Path) -> Iterator[str]:
    """`pinyong up` with free ports over an empty folder, planted and ready; yields the console's address."""
    ports = {name: free_port() for name in PORTS}
    flags = [part for name, port in ports.items() for part in (f"--{name}-port", str(port))]
    argv = [sys.executable, "-m", "cli.main", "up", "--data-dir", str(folder / "data"), *flags]
    outside = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    with subprocess.Popen(argv, cwd=ROOT, env=outside, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as command:
        try:
            _heard_ready(command, folder / "up.log")
            yield f"http://{LOOPBACK}:{ports['web']}"
        finally:
            command.send_signal(signal.SIGTERM)
            command.wait(STOP_WITHIN)


def _heard_ready(command: "subprocess.Popen[bytes]", log: Path) -> None:
    """Returns when the command has said so; what it says goes on into the log."""
    spoke = threading.Event()

    def listen() -> None:
        assert command.stdout is not None
        with log.open("wb") as kept:
            for line in command.stdout:
                kept.write(line)
                kept.flush()
                if UP in line.decode():
                    spoke.set()
        spoke.set()

    threading.Thread(target=listen, daemon=True).start()
    spoke.wait(START_WITHIN)
    said = log.read_text()
    if UP not in said:
        raise NotUp(said)


@contextmanager
def opened_chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window. Raises NoBrowser."""
    program = shutil.which("chromium")
    if program is None:
        raise NoBrowser(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Visitor:
    """One browser window of its own, with its own cookies."""

    context: BrowserContext
    page: Page
    base: str

    def open(self, path: str) -> Page:
        """Go to a page of the console."""
        self.page.goto(self.base + path)
        return self.page

    def act_as(self, person: str) -> Page:
        """One click on the page of sample people."""
        self.open("/act-as")
        self.page.locator(f"form:has(input[value='{person}']) button").click()
        self.page.wait_for_url("**/tasks")
        return self.page

    def letter(self, person: str, *words: str, number: int = 1) -> Page:
        """Open the newest letter to the person whose subject has these words, once that number has come."""
        row = self.page.locator("tbody tr", has_text=f"{person}@deqing.example")
        for each in words:
            row = row.filter(has_text=each)
        self.seen("/mailbox", row.nth(number - 1))
        row.first.locator("td:last-child a").click()
        return self.page

    def seen(self, path: str, wanted: Locator) -> None:
        """Load the page until it shows the element: what a reader does who waits for something."""

        def shown() -> None:
            self.open(path)
            expect(wanted).to_be_visible(timeout=500)

        last: AssertionError | None = None
        for _ in range(40):
            try:
                return shown()
            except AssertionError as missing:
                last = missing
        raise last or AssertionError(path)

    def follow(self, button: str = "查看并办理") -> Page:
        """Follow the button inside the letter, which opens a window of its own."""
        self.page.bring_to_front()
        with self.context.expect_page() as opened:
            self.page.frame_locator("iframe.letter").locator("a", has_text=button).click()
        opened.value.wait_for_load_state()
        return opened.value


def visitor(browser: Browser, base: str, *, phone: bool = False) -> Visitor:
    """A new window, as wide as a phone or a desk."""
    wide = PHONE if phone else DESK
    context = browser.new_context(viewport={"width": wide["width"], "height": wide["height"]})
    context.set_default_timeout(15_000)
    return Visitor(context, context.new_page(), base)
