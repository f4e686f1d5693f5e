"""What happens in a term outside of any question: somebody is off post, asks for leave, leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from policies.engine.calendar import WorkingCalendar
from rehearsal.cast import Cast, next_desk_hour
from rehearsal.happenings import Deed, Happening
from rehearsal.visitors import Visitors

ABSENCES, DAYS_APART = 4, 12
LEAVE_AFTER, LEAVE_DAYS, LEAVES_FOR_GOOD_AFTER = 45, 5, 130


@dataclass(frozen=True)
class Happenings:
    """Makes the happenings of a cast."""

    cast: Cast
    visitors: Visitors

    def of_term(
        self, term: str, person: str, place: str, began: datetime, calendar: WorkingCalendar
    ) -> Iterator[Happening]:
        """What will happen in a term that begins now."""
        if self.cast.plays(person, "absent"):
            for number in range(ABSENCES):
                at = next_desk_hour(began + timedelta(days=10 + DAYS_APART * number), calendar)
                yield Happening(at, f"{term}/absence/{number}", self._absence(term, place, at, calendar))
        if self.cast.plays(person, "on_leave"):
            at = next_desk_hour(began + timedelta(days=LEAVE_AFTER), calendar)
            yield Happening(at, f"{term}/leave", self._leave(term, person, at, calendar))
        if self.cast.plays(person, "leaves"):
            at = next_desk_hour(began + timedelta(days=LEAVES_FOR_GOOD_AFTER), calendar)
            yield Happening(at, f"{term}/left", self._departure(person, at, calendar))

    def _absence(self, term: str, place: str, at: datetime, calendar: WorkingCalendar) -> Deed:
        day = calendar.local_day(at).isoformat()
        fields = {"first_day": day, "last_day": day, "days": "1", "words": "未在岗，电话未接通。"}

        async def record() -> None:
            await self.visitors.fill_in(f"{place}-hr", f"/terms/{term}", "absence", fields)

        return record

    def _leave(self, term: str, person: str, at: datetime, calendar: WorkingCalendar) -> Deed:
        first = calendar.local_day(at) + timedelta(days=7)
        last = first + timedelta(days=LEAVE_DAYS - 1)
        fields = {"kind": "annual", "first_day": first.isoformat(), "last_day": last.isoformat(), "words": "年休假。"}

        async def ask() -> None:
            await self.visitors.fill_in(person, f"/terms/{term}", "leave", fields)

        return ask

    def _departure(self, person: str, at: datetime, calendar: WorkingCalendar) -> Deed:
        body = {"kind": "left", "on": calendar.local_day(at).isoformat(), "reason": "本人辞职。"}
        body["request"] = f"rehearsal-{person}"

        async def record() -> None:
            await self.visitors.call("POST", f"/people/{person}/departures", body)

        return record
