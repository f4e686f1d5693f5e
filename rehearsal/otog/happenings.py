"""What happens under a contract outside of any question: hours are delivered, snow is claimed, a ground is raised."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from policies.engine.calendar import WorkingCalendar
from rehearsal.cast import Cast, local, next_desk_hour
from rehearsal.happenings import Deed, Happening
from rehearsal.otog.banner import employer_of
from rehearsal.otog.terms import RENEWS_ON, terms_of
from rehearsal.visitors import Visitors

# The hours of a quarter are recorded on its last day, as work of every second day of four weeks.
EVENING = time(17)
WORKED = tuple(timedelta(days=before) for before in range(26, -1, -2))
SNOW, CLAIMED_ON, LOST = (date(2040, 12, 3), date(2040, 12, 7)), date(2040, 12, 10), "50"
REQUEST = 32
FALSIFIED_ON, REQUESTED_ON = date(2040, 7, 18), date(2040, 10, 16)


@dataclass(frozen=True)
class Happenings:
    """Makes the happenings of one contract that is in force."""

    cast: Cast
    visitors: Visitors
    contract: str
    expert: str

    def since(self, now: datetime, calendar: WorkingCalendar) -> Iterator[Happening]:
        """What will happen under it."""
        terms, part = terms_of(self.cast, self.expert, calendar.local_day(now)), self.cast.part_of.get(self.expert)
        for (_, last_day), hours in zip(terms.quarters, terms.hours, strict=False):
            yield self._on(local(last_day, EVENING), "hours", self._delivered(last_day, hours))
        for on, what, parts, deed in (
            (CLAIMED_ON, "snow", ("snow_proved", "snow_unproved"), self._claimed(proved=part == "snow_proved")),
            (FALSIFIED_ON, "cause", ("rescinded",), self._cause_raised()),
            (REQUESTED_ON, "funds", ("paid",), self._funds_requested()),
            (RENEWS_ON, "renewal", ("renewed",), self._renewed()),
        ):
            if part in parts and calendar.local_day(now) < on:
                yield self._on(next_desk_hour(local(on, time()), calendar), what, deed)

    def _on(self, at: datetime, what: str, deed: Deed) -> Happening:
        return Happening(at, f"{self.contract}/{what}", deed)

    def _hr(self) -> str:
        return f"{employer_of(self.expert)}-hr"

    def _delivered(self, last_day: date, hours: str) -> Deed:
        each = (Decimal(hours) / len(WORKED)).quantize(Decimal("0.01"))
        parts = (*[each] * (len(WORKED) - 1), Decimal(hours) - (len(WORKED) - 1) * each)
        rows = [
            {"key": f"{last_day}/{at}", "day": (last_day - before).isoformat(), "kind": "clinic", "units": str(units)}
            for at, (before, units) in enumerate(zip(WORKED, parts, strict=True))
        ]

        async def record() -> None:
            await self.visitors.call("POST", f"/talent-contracts/{self.contract}/sessions", {"rows": rows})

        return record

    def _claimed(self, *, proved: bool) -> Deed:
        first_day, last_day = (day.isoformat() for day in SNOW)
        # The page's own id is chance, and the question about the claim is named after it.
        request = "".join(filter(str.isalnum, f"rehearsal{self.contract}")).ljust(REQUEST, "0")
        fields = {"kind": "weather", "first_day": first_day, "last_day": last_day, "units": LOST, "request": request}
        page = f"/talent-contracts/{self.contract}"

        async def claim() -> None:
            words = {"words": "大雪封路，停诊一周。"}
            await self.visitors.fill_in(self._hr(), page, "excuse", fields | words, scan=proved)

        return claim

    def _cause_raised(self) -> Deed:
        async def raise_cause() -> None:
            page, words = f"/contract-ends/new?contract={self.contract}", "病历登记与实际不符，涉嫌弄虚作假。"
            await self.visitors.fill_in(self._hr(), page, "rescind", {"cause": "c", "words": words})

        return raise_cause

    def _funds_requested(self) -> Deed:
        async def request() -> None:
            fields = {"kind": "reward", "contract": self.contract}
            await self.visitors.fill_in(self._hr(), f"/fund-years/{REQUESTED_ON.year}", "request", fields)

        return request

    def _renewed(self) -> Deed:
        async def renew() -> None:
            body = {"employer": employer_of(self.expert), "person": self.expert, "renews": self.contract}
            await self.visitors.call("POST", "/talent-contracts", body)

        return renew
