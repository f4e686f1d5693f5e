"""The mailbox of a demonstration finds the letters of one person, however many came after."""

from dataclasses import replace
from pathlib import Path

import web
from console.mailbox import NEWEST
from console.visit import Setting
from stack.mailbox import Mailbox
from tests.console.conftest import Town


def kept(folder: Path, number: int, to: str) -> None:
    """A letter as the catcher keeps it."""
    words = f"From: office@example.org\nTo: {to}\nSubject: letter {number}\n\nwords\n"
    (folder / "new" / f"{number}.1_1").write_text(words)


async def test_who_wrote_long_ago_is_found_by_the_recipient(town: Town, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    kept(tmp_path, 1, "ot-e02@otog.example")
    for number in range(2, NEWEST + 2):
        kept(tmp_path, number, "ot-h1-hr@otog.example")
    setting = Setting(language="zh-CN", secure=False, demo=True, mailbox=Mailbox(tmp_path))
    post = replace(town, app=web.build_app(town.desks, setting, clock=town.clock))
    browser = await post.as_person("p-h1-head")
    newest = await browser.get("/mailbox")
    assert ("ot-e02@" in newest.text, "请按收件人查找" in newest.text) == (False, True)
    found = await browser.get("/mailbox?to=ot-e02")
    assert [row.text.strip() for row in found.html.select("tbody td:last-child")] == ["letter 1"]
