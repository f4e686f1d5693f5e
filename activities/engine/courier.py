"""The courier: leases waiting letters, writes them, hands them to the mail server, and marks what became of each.

A crash between the server's 250 and the mark sends a letter again once its lease has run out, with the same Message-ID
and the same link; a letter that was marked is never sent again.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError

import structlog
from sqlalchemy import DateTime, Integer, bindparam, case, func, or_, select, update
from temporalio import activity

from activities.engine.bell import QUIET, CourierBell
from activities.engine.correspondence import Secretary
from activities.engine.dossiers import Dossier, dossiers
from activities.engine.upkeep import Sent
from db.engine.base import Sessions, Straight, at_once
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from mail.facts import LetterIncomplete
from mail.letters import compose
from mail.post_office import Accepted, Connection, PostOffice, Refused, Result, TryAgain
from vault.keyring import KeyUnknown

LEASE = timedelta(seconds=60)
# A letter whose lease ends sooner is left for later: nobody else may take it while it is being sent.
TOO_LATE = timedelta(seconds=25)
BATCH, PORTION = 50, 10
# Seconds. How long the courier stays at most, how long it waits for the next ring and how long it lets others go first
# (a worker has six to end), and how seldom it says that it lives.
STAYS, LINGERS, PUT_OFF, BEATS_APART = 20.0, 1.0, 3.0, 5.0
# Seconds. A wait for a turn says as often that it goes on; silence for 30 would mean that the courier has died.
SLICE = 10.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# So many letters in a row that the server would not take now say something about the server, not about the letters.
BLOCKED_AFTER = 2
LIVE = ("waiting", "sending")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Skipped:
    """The letter has lost its object while it waited."""


@dataclass(frozen=True)
class Untried:
    """The letter was not tried: its lease was running out, or the server takes nothing now; `after` as in TryAgain."""

    after: timedelta = timedelta()


Fate = Result | Skipped | Untried


@dataclass(frozen=True)
class Leased:
    """A letter that is ours until an instant."""

    id: str
    attempts: int
    until: datetime


class Pace:
    """Keeps letters apart in time, so that a mail server with a limit is not provoked; None sets no limit."""

    def __init__(
        self,
        per_minute: int | None,
        *,
        time: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """So many letters a minute from this process; `time` and `sleep` are in seconds."""
        self.per_minute = per_minute
        self._time, self._sleep, self._next = time, sleep, 0.0

    @property
    def at_once(self) -> int:
        """How many letters to lease, so that their turns come well within the lease."""
        return BATCH if self.per_minute is None else max(1, min(BATCH, self.per_minute // 3))

    @property
    def lease(self) -> timedelta:
        """How long letters are leased: the first of them may have to wait for the whole time between two."""
        return LEASE if self.per_minute is None else LEASE + timedelta(minutes=1) / self.per_minute

    async def turn(self, beat: Callable[[], None], *, within: timedelta) -> bool:
        """Wait for the next letter's turn, saying now and then that the wait goes on.

        False at once when the turn would come later than `within`; it is then the next letter's.
        """
        if self.per_minute is None:
            return True
        now = self._time()
        turn = max(now, self._next)
        if turn - now > within.total_seconds():
            return False
        self._next = turn + 60 / self.per_minute
        while (left := turn - self._time()) > 0:
            await self._sleep(min(left, SLICE))
            beat()
        return True


class Courier:
    """Sends what the outbox holds."""

    def __init__(
        self,
        sessions: Sessions,
        shelf: PackShelf,
        *,
        secretary: Secretary,
        office: PostOffice,
        clock: Clock,
        pace: Pace,
        bell: CourierBell | None = None,
    ) -> None:
        """A courier between the record and one mail server; with the bell of its process it stays for what comes."""
        # Every step is one statement that stands for itself: a letter that is marked stays marked.
        self._record, self._straight = at_once(sessions), Straight(sessions)
        self._shelf, self._clock = shelf, clock
        self._secretary, self._office, self._pace = secretary, office, pace
        self._bell, self._beaten = bell, -math.inf
        self._domain = office.envelope_from.rpartition("@")[2]

    @activity.defn
    async def send_letters(self) -> Sent:
        """Send the letters that are due; while this process goes on writing letters, stay and send them, too."""
        if self._bell is None:
            number = await self._batch()
        else:
            with self._bell.heard() as rung:
                number = await self._while_rung(rung)
        return Sent(number, await self._next_at())

    async def _while_rung(self, rung: asyncio.Event) -> int:
        """Batch after batch, each with what was written in the meantime; the number of letters."""
        number, leaves = 0, asyncio.get_running_loop().time() + STAYS
        while True:
            rung.clear()
            sent = await self._batch()
            number += sent
            self._live()
            if activity.is_worker_shutdown() or asyncio.get_running_loop().time() > leaves:
                return number
            if sent < self._pace.at_once and not await _rings(rung):
                return number

    async def _batch(self) -> int:
        """Several connections at a time, several letters over each."""
        leased = await self._lease()
        async with self._record() as session:
            found = await dossiers(session, [letter.id for letter in leased], self._shelf) if leased else []
        by_id = {dossier.row.id: dossier for dossier in found}
        portions = [leased[start : start + PORTION] for start in range(0, len(leased), PORTION)]
        await asyncio.gather(*(self._deliver(portion, by_id) for portion in portions))
        return len(leased)

    async def _lease(self) -> list[Leased]:
        now = self._clock.now()
        until = now + self._pace.lease
        values = {"now": now, "lease_ends": until, "number": self._pace.at_once}
        rows = sorted(await self._straight.rows(_LEASE, **values), key=lambda row: (row[2], row[0]))
        return [Leased(letter, attempts, until) for letter, attempts, _ in rows]

    async def _deliver(self, portion: Sequence[Leased], found: Mapping[str, Dossier]) -> None:
        fates: dict[Leased, Fate] = {}
        pauses = 0
        async with self._office.connection() as connection:
            for letter in portion:
                if pauses >= BLOCKED_AFTER:
                    fates[letter] = Untried(FIRST_PAUSE)
                    continue
                fate = await self._sent(letter, found.get(letter.id), connection)
                pauses = pauses + 1 if isinstance(fate, TryAgain) else 0
                fates[letter] = fate
                self._live()
        await self._mark(fates)

    async def _sent(self, letter: Leased, dossier: Dossier | None, connection: Connection) -> Fate:
        if dossier is None:
            return Refused("DossierIncomplete")
        if not await self._pace.turn(self._live, within=letter.until - self._clock.now() - TOO_LATE):
            return Untried()
        now = self._clock.now()
        if dossier.is_moot(now):
            return Skipped()
        if letter.until - now < TOO_LATE:
            return Untried()
        try:
            content = self._written(dossier)
        except (LetterIncomplete, KeyUnknown, LookupError, ValueError, MessageError) as unwritable:
            return Refused(type(unwritable).__name__)
        return await connection.send(content, dossier.person.email)

    def _written(self, dossier: Dossier) -> bytes:
        return compose(self._secretary.letter(dossier), mail_from=self._office.envelope_from, domain=self._domain)

    def _live(self) -> None:
        """A heartbeat, now and then: one for each letter would cost as much as marking it."""
        now = asyncio.get_running_loop().time()
        if now - self._beaten > BEATS_APART:
            self._beaten = now
            activity.heartbeat()

    async def _mark(self, fates: Mapping[Leased, Fate]) -> None:
        """One statement a result."""
        now = self._clock.now()
        async with self._record() as session:
            for values, letters in _by_result(fates, now):
                await session.execute(
                    update(LetterRow).where(LetterRow.id.in_(letters), LetterRow.state == "sending").values(**values)
                )
        for letter, fate in fates.items():
            if isinstance(fate, Refused):
                log.warning("letter_refused", letter=letter.id, reason=fate.reason)

    async def _next_at(self) -> datetime | None:
        earliest: datetime | None = (await self._straight.rows(_NEXT_AT))[0][0]
        return earliest


_NOW = bindparam("now", type_=DateTime(timezone=True))
_DUE = (
    select(LetterRow.id)
    .where(LetterRow.state.in_(LIVE), LetterRow.not_before <= _NOW)
    .where(or_(LetterRow.state == "waiting", LetterRow.leased_until <= _NOW))
    .order_by(LetterRow.not_before, LetterRow.id)
    .limit(bindparam("number", type_=Integer()))
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(LetterRow)
    .where(LetterRow.id.in_(_DUE.scalar_subquery()))
    .values(state="sending", leased_until=bindparam("lease_ends"), attempts=LetterRow.attempts + 1)
    .returning(LetterRow.id, LetterRow.attempts, LetterRow.not_before)
)
_FALLS_DUE = case((LetterRow.state == "sending", LetterRow.leased_until), else_=LetterRow.not_before)
_NEXT_AT = select(func.min(_FALLS_DUE)).where(LetterRow.state.in_(LIVE))


async def _rings(rung: asyncio.Event) -> bool:
    """Whether a ring comes soon; what is written after it goes with it, until nothing is written for a while.

    When many cases write at once, their files and the next people's pages come first: the letters share their process.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGERS):
            await rung.wait()
    if not rung.is_set():
        return False
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(PUT_OFF):
                while rung.is_set():
                    rung.clear()
                    await asyncio.sleep(QUIET)
    finally:
        # Nothing has been sent yet: who is stopped here leaves the ring to the next.
        rung.set()
    return True


def _by_result(fates: Mapping[Leased, Fate], now: datetime) -> Iterable[tuple[dict[str, object], list[str]]]:
    groups: dict[tuple[tuple[str, object], ...], list[str]] = {}
    for letter, fate in fates.items():
        groups.setdefault(tuple(_marks(letter, fate, now).items()), []).append(letter.id)
    return [(dict(marks), letters) for marks, letters in groups.items()]


def _marks(letter: Leased, fate: Fate, now: datetime) -> dict[str, object]:
    """What becomes of the row."""
    match fate:
        case Accepted():
            return {"state": "sent", "sent_at": now, "leased_until": None, "problem": ""}
        case Skipped():
            return {"state": "skipped", "leased_until": None}
        case Refused(reason):
            return {"state": "refused", "leased_until": None, "problem": reason}
        case TryAgain(reason, after):
            later = now + max(after, _pause(letter.attempts))
            return {"state": "waiting", "leased_until": None, "not_before": later, "problem": reason}
        case Untried(after):
            # It was not tried, so that its next pause does not grow.
            return {
                "state": "waiting",
                "leased_until": None,
                "not_before": now + after,
                "attempts": letter.attempts - 1,
            }


def _pause(attempts: int) -> timedelta:
    """One minute, doubled with each attempt, an hour at most."""
    doublings: int = 2 ** min(attempts - 1, 10)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)
