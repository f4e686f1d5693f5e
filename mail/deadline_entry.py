"""A deadline for the addressee's own calendar (RFC 5545), in UTC so that it needs no time-zone table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from i18n import translator
from mail.facts import Letter

LENGTH = timedelta(minutes=30)
# A deadline at 24:00 should ring at 15:00 on its day, while the office is still open.
RINGS_BEFORE = timedelta(hours=9)


def deadline_entry(letter: Letter, *, due: datetime, domain: str) -> str:
    """One entry that ends when the deadline ends; a changed deadline replaces it by the same UID and a higher SEQUENCE.

    It holds no link and no name: calendars are shared with secretaries and colleagues.
    """
    words = translator(letter.language)
    event = Event()
    event.add("uid", f"{letter.topic or letter.id}@{domain}")
    event.add("sequence", letter.sequence)
    event.add("dtstamp", letter.written_at.astimezone(UTC))
    event.add("dtstart", due.astimezone(UTC) - LENGTH)
    event.add("dtend", due.astimezone(UTC))
    facts = {"title": letter.title, "number": letter.case_number}
    event.add("summary", words.gettext("办理时限：%(title)s") % facts)
    event.add("description", words.gettext("事项编号：%(number)s。请打开邮件中的链接办理。") % facts)
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(words.gettext("今日到期")))
    return str(_calendar_of(event).to_ical(), "utf-8")


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
