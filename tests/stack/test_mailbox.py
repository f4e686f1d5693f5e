import sys
from collections.abc import AsyncIterator
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import aiosmtplib
import pytest

from stack.child import Command
from stack.mailbox import Mailbox, NoSuchMessage
from stack.ports import LOOPBACK, answers, free_port
from stack.program import Program
from tests.stack.conftest import ROOT


@pytest.fixture
async def port(folder: Path) -> AsyncIterator[int]:
    chosen = free_port()
    argv = (sys.executable, "-m", "stack.mailbox", "--port", str(chosen), "--folder", str(folder / "mail"))
    mailbox = Program(Command(argv, cwd=ROOT), partial(answers, LOOPBACK, chosen), folder / "mailbox.log")
    await mailbox.start()
    yield chosen
    await mailbox.stop()
    assert mailbox.exit_code == 0


def letter(subject: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "卫健局 <office@example.org>"
    made["To"] = "wang@example.org"
    made["Subject"] = subject
    made["Date"] = "Fri, 06 Mar 2026 09:00:00 +0800"
    made.set_content("请办理：http://127.0.0.1/t/abc，谢谢")
    made.add_alternative('<p>请<a href="http://127.0.0.1/t/abc">办理</a></p>', subtype="html")
    made.add_attachment("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar", filename="due.ics")
    return made


async def send(port: int, message: EmailMessage, to: str = "wang@example.org") -> None:
    async with aiosmtplib.SMTP(hostname=LOOPBACK, port=port, use_tls=False, start_tls=False) as server:
        await server.sendmail("office@example.org", [to], message.as_bytes())


async def test_a_letter_is_on_disk_when_it_is_accepted_and_reads_as_it_was_written(port: int, folder: Path) -> None:
    await send(port, letter("县聘乡用：请审核"), to="li@example.org")
    (found,) = Mailbox(folder / "mail").messages()
    assert found.subject == "县聘乡用：请审核"
    assert found.sender == "卫健局 <office@example.org>"
    assert found.to == ("li@example.org",)
    assert found.date is not None
    assert found.date.isoformat() == "2026-03-06T09:00:00+08:00"
    assert found.text.strip().startswith("请办理")
    assert "办理</a>" in found.html
    assert "VCALENDAR" in found.ics
    assert found.links == ("http://127.0.0.1/t/abc",)


async def test_the_newest_letters_come_first_and_as_many_as_asked(port: int, folder: Path) -> None:
    for number in range(12):
        await send(port, letter(f"letter {number}"))
    mailbox = Mailbox(folder / "mail")
    assert [message.subject for message in mailbox.messages(3)] == ["letter 11", "letter 10", "letter 9"]
    assert mailbox.message(mailbox.messages(1)[0].id).subject == "letter 11"


async def test_addresses_that_ask_for_it_are_refused_for_good_or_for_now(port: int, folder: Path) -> None:
    for address, code in (("bounce+wang@example.org", 550), ("later+wang@example.org", 451)):
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refusal:
            await send(port, letter("refused"), to=address)
        assert refusal.value.recipients[0].code == code
    assert Mailbox(folder / "mail").messages() == []


@pytest.mark.parametrize("name", ["1.2_3", "../tmp/1.2_3", "/etc/passwd", ""])
def test_an_id_that_names_no_letter_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(NoSuchMessage):
        Mailbox(folder / "mail").message(name)
