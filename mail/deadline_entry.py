"""A deadline for the addressee's own calendar (RFC 5545), in UTC so that it needs no time-zone table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from icalendar import Alarm, Calendar, Event, vDatetime, vInt, vText
from icalendar.parser import Contentline, Parameters

from i18n import translator
from mail.facts import Letter

LENGTH = timedelta(minutes=30)
# A deadline at 24:00 should ring at 15:00 on its day, while the office is still open.
RINGS_BEFORE = timedelta(hours=9)
CRLF = "\r\n"
# Octets from which a line is folded.
LONG = 75
_EVENT = f"BEGIN:VEVENT{CRLF}"

Value = vText | vInt | vDatetime


def deadline_entry(letter: Letter, *, due: datetime, domain: str) -> str:
    """One entry that ends when the deadline ends; a changed deadline replaces it by the same UID and a higher SEQUENCE.

    It holds no link and no name: calendars are shared with secretaries and colleagues.
    """
    words = translator(letter.language)
    facts = {"title": letter.title, "number": letter.case_number}
    own: Mapping[str, Value] = {
        "UID": vText(f"{letter.topic or letter.id}@{domain}"),
        "SEQUENCE": vInt(letter.sequence),
        "DTSTAMP": vDatetime(letter.written_at.astimezone(UTC)),
        "DTSTART": vDatetime(due.astimezone(UTC) - LENGTH),
        "DTEND": vDatetime(due.astimezone(UTC)),
        "SUMMARY": vText(words.gettext("办理时限：%(title)s") % facts),
        "DESCRIPTION": vText(words.gettext("事项编号：%(number)s。请打开邮件中的链接办理。") % facts),
    }
    before, after = _frame(letter.language)
    return before + "".join(_line(name, value) + CRLF for name, value in own.items()) + after


def _line(name: str, value: Value) -> str:
    """One line of the entry; most are short, and only a long one is folded (RFC 5545 3.1)."""
    line: bytes = b"%b:%b" % (name.encode(), value.to_ical())
    if len(line) >= LONG:
        line = Contentline.from_parts(name, Parameters(), value).to_ical()
    return line.decode()


@lru_cache
def _frame(language: str) -> tuple[str, str]:
    """What stands before and after a letter's own lines; the same for every letter of a language."""
    event = Event()
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(translator(language).gettext("今日到期")))
    before, event_begins, after = str(_calendar_of(event).to_ical(), "utf-8").partition(_EVENT)
    return before + event_begins, after


def _alarm(says: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", says)
    alarm.add("trigger", -RINGS_BEFORE)
    return alarm


def _calendar_of(event: Event) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Pinyong//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar
