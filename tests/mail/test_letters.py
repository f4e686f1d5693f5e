"""Letters as their readers and their machines see them (COR-09, DEF-19, design 7)."""

import email
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import default
from itertools import product

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar, Event
from jinja2 import UndefinedError

from mail.facts import NEEDS
from mail.letters import Kind, Letter, LetterIncomplete, compose
from mail.wording import TEMPLATES, _environment
from tests.mail.letter_facts import LINK, a_letter

EVERY_LETTER = list(product(Kind, ("zh-CN", "en")))
HAN = re.compile(r"[\u4e00-\u9fff]")


def read(letter: Letter) -> EmailMessage:
    message = email.message_from_bytes(sent(letter), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def sent(letter: Letter) -> bytes:
    return compose(letter, mail_from="notice@pinyong.example", domain="pinyong.example")


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def entry(message: EmailMessage) -> Event:
    [attachment] = message.iter_attachments()
    assert attachment.get_content_type() == "text/calendar"
    assert attachment.get_param("method") == "PUBLISH"
    [event] = Calendar.from_ical(attachment.get_content()).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def canaries(letter: Letter) -> Iterator[str]:
    """What this kind of letter has to say, as given."""
    for fact in NEEDS[letter.kind]:
        value = getattr(letter, fact)
        if isinstance(value, str):
            yield value
    yield from (
        letter.form_of_address,
        letter.contact_person,
        letter.contact_telephone,
        letter.organisation,
        letter.link,
    )


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_each_letter_says_its_facts_in_text_and_in_html(kind: Kind, language: str) -> None:
    letter = a_letter(kind, language)
    message = read(letter)
    text, html = body(message, "plain"), BeautifulSoup(body(message, "html"), "html.parser").get_text()
    assert [said for said in canaries(letter) if said not in text] == []
    assert [said for said in canaries(letter) if said not in html] == []


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_no_personal_fact_but_the_addressees_name_leaves_the_body(kind: Kind, language: str) -> None:
    letter = a_letter(kind, language)
    message = read(letter)
    header = " ".join(f"{name}: {value}" for name, value in message.items() if name != "To")
    attached = " ".join(part.get_content() for part in message.iter_attachments())
    private = (
        letter.name,
        letter.contact_person,
        letter.contact_telephone,
        letter.reason,
        letter.result,
        LINK,
        "张院长",
    )
    assert [fact for fact in private if fact and fact in header] == []
    assert [fact for fact in private if fact and fact in attached] == []


@pytest.mark.parametrize("kind", list(Kind))
def test_an_english_letter_holds_no_chinese_of_our_own(kind: Kind) -> None:
    letter = a_letter(kind, "en")
    message = read(letter)
    words = f"{message['Subject']} {body(message, 'plain')} {body(message, 'html')}"
    words += " ".join(part.get_content() for part in message.iter_attachments())
    given = (fact for fact in vars(letter).values() if isinstance(fact, str) and fact)
    for fact in sorted(given, key=len, reverse=True):
        words = words.replace(fact, "")
    assert HAN.findall(words) == []


def test_a_task_letter_says_who_asks_what_until_when_and_how() -> None:
    text = body(read(a_letter()), "plain")
    assert text.startswith("张院长：\n")
    assert "集团统筹岗样例请您办理下列事项" in text
    assert "办理时限：3月6日(周五)24时前，请尽量于下班前办理" in text
    assert "打开链接不会作出任何决定" in text
    assert text.rstrip().endswith("样例县健康集团\n2026年3月2日")
    assert read(a_letter())["Subject"] == "【待办】接收审核样例：请于3月6日(周五)24时前办理（DQA-2026-0017）"


def test_a_task_letter_in_english_says_the_same() -> None:
    message = read(a_letter(language="en"))
    assert message["Subject"] == "[For you to decide] 接收审核样例: by the end of Friday 6 March (DQA-2026-0017)"
    assert "Due: by the end of Friday 6 March, if possible before the office closes" in body(message, "plain")


def test_a_deputy_is_told_for_whom_they_act() -> None:
    text = body(read(replace(a_letter(), acting_for="卫生院院长正职")), "plain")
    assert "代“卫生院院长正职”办理（委托代办）" in text
    assert "卫生院院长样例" not in text


@pytest.mark.parametrize("kind", [Kind.TASK, Kind.REMINDER, Kind.URGE, Kind.ESCALATION, Kind.VACANCY_ALERT])
def test_a_provisional_deadline_says_so(kind: Kind) -> None:
    assert "暂按推算" in body(read(replace(a_letter(kind), provisional=True)), "plain")
    assert "暂按推算" in body(read(replace(a_letter(kind), provisional=True)), "html")
    assert "暂按推算" not in body(read(a_letter(kind)), "plain")


def test_a_deadline_in_another_year_says_its_year() -> None:
    letter = replace(a_letter(), due=datetime(2027, 1, 4, 16, tzinfo=UTC))
    assert "2027年1月4日(周一)24时前" in body(read(letter), "plain")


def test_the_same_facts_give_the_same_bytes_and_the_same_message_id() -> None:
    assert sent(a_letter()) == sent(a_letter())
    assert read(a_letter())["Message-ID"] == "<case-17.t3.1.letter-1@pinyong.example>"


def test_machines_are_told_not_to_answer_and_readers_get_one_thread() -> None:
    message = read(replace(a_letter(Kind.REMINDER), first_letter="case-17.t3.1.letter-0"))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Content-Language"] == "zh-CN"
    assert message["In-Reply-To"] == message["References"] == "<case-17.t3.1.letter-0@pinyong.example>"
    assert message["To"].addresses[0].display_name == "张明镜"
    assert message["From"].addresses[0].addr_spec == "notice@pinyong.example"
    assert message["Date"].datetime == datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_the_bytes_are_seven_bit_with_short_lines_as_smtp_wants_them() -> None:
    lines = sent(a_letter()).split(b"\r\n")
    assert all(len(line) <= 78 and line.isascii() and b"\n" not in line for line in lines)
    assert not [part for part in read(a_letter()).walk() if part.defects]


def test_the_calendar_entry_ends_with_the_deadline_in_utc_and_keeps_its_uid() -> None:
    event = entry(read(a_letter()))
    assert event.end == datetime(2026, 3, 6, 16, tzinfo=UTC)
    assert event["UID"] == "case-17.t3@pinyong.example"
    assert event["SEQUENCE"] == 0
    changed = replace(a_letter(Kind.REMINDER), id="letter-2", due=datetime(2026, 3, 9, 16, tzinfo=UTC), sequence=1)
    moved = entry(read(changed))
    assert moved.end == changed.due
    assert moved["UID"] == event["UID"]
    assert moved["SEQUENCE"] == 1


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.TASK, Kind.REMINDER}))
def test_letters_without_a_deadline_ahead_carry_no_entry(kind: Kind) -> None:
    assert list(read(a_letter(kind)).iter_attachments()) == []


@pytest.mark.parametrize(("kind", "fact"), [(kind, fact) for kind in Kind for fact in NEEDS[kind]])
def test_a_letter_with_a_hole_in_it_is_refused_and_the_hole_named(kind: Kind, fact: str) -> None:
    with pytest.raises(LetterIncomplete, match=f"{kind}: {fact}"):
        sent(Letter(**{**vars(a_letter(kind)), fact: None}))


def test_what_people_typed_is_text_in_html_and_one_line_in_a_subject() -> None:
    typed = "<script>alert(1)</script>\r\nBcc: all@pinyong.example"
    message = read(replace(a_letter(), title=typed))
    assert message["Bcc"] is None
    assert "<script>" not in body(message, "html")
    assert "<script>" in body(message, "plain")


def test_an_address_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="CR or LF"):
        sent(replace(a_letter(), mail_to="a@pinyong.example\r\nBcc: b@pinyong.example"))


@pytest.mark.parametrize("kind", list(Kind))
def test_the_layout_is_one_600_pixel_table_that_shrinks_to_a_phone(kind: Kind) -> None:
    html = BeautifulSoup(body(read(a_letter(kind)), "html"), "html.parser")
    [letter] = html.select("table.letter")
    assert letter["width"] == "600"
    assert "max-width: 600px" in str(letter["style"])
    assert "width: 100%" in str(letter["style"])
    assert html.select_one('meta[name="viewport"]') is not None
    [button] = html.select("a.button")
    assert button["href"] == LINK
    assert "background-color" in str(button["style"])
    assert not html.select("img, script, link")


def test_every_kind_has_its_three_files_and_no_others() -> None:
    kept = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.glob("*/*") if path.parent.name != "_base"}
    assert kept == {f"{kind}/{name}" for kind in Kind for name in ("subject.txt", "body.txt", "body.html")}


def test_a_fact_that_a_template_misspells_is_an_error_not_an_empty_place() -> None:
    template = _environment("zh-CN", html=True).from_string("{{ dew }}")
    with pytest.raises(UndefinedError):
        template.render(due=date(2026, 3, 6))
