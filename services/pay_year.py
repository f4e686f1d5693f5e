"""What one group's year of performance pay shows, as far as its reader may see it (DQ-3.4.2c, DQ-3.4.3a, b)."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.pay_confirmers import at_the_group, payees_of
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.people import Institution, Person
from db.methods import MethodStanding, standing_of
from db.pay import LIFECYCLE, WAITING, Ordered, Payment, PoolInflow, YearPayments, inflows_of, payments_of
from db.service import PerformanceResult
from policies.engine.calendar import CHINA
from policies.engine.finding import Finding
from policies.engine.words import Words
from policies.pay import PoolFacts, pool_suffices
from services.engine.acts import CaseUnknown
from services.engine.permissions import Right, Viewer, present_to
from services.engine.places import PlaceMap, Places
from services.forms.pay import SENDING_KINDS
from services.headcounts import Served, served_in
from services.methods import PLACES
from services.pay import PayDesk, PayYear, ensure_reads_pay
from services.payment_checks import PaymentCheckDesk
from services.payments import TIERED_CARE


@dataclass(frozen=True)
class PaidLine:
    """What one person was paid."""

    person: str
    name: str
    yuan: Decimal
    covered: str


@dataclass(frozen=True)
class Checked:
    """What became of a payment, and who may say so while it waits. standing: see `db.pay.Ordered`; names are of people.

    by, at, words: the verdict's, and "" and None while there is none. seconds: who may confirm.
    """

    standing: str
    recorder: str
    by: str
    at: datetime | None
    words: str
    seconds: tuple[str, ...]
    may_confirm: bool
    may_withdraw: bool


@dataclass(frozen=True)
class PaidLook:
    """One payment. total, basis, words and lines: None for a reader who may not know what each person is paid.

    takes_back: the payment that this one takes back; taken_back: "confirmed" once another one does so with this,
    "waiting" while that waits, else "".
    """

    id: str
    period: str
    people: int
    recorded_at: datetime
    takes_back: str
    taken_back: str
    check: Checked
    total: Decimal | None
    basis: str
    words: str
    lines: tuple[PaidLine, ...]


@dataclass(frozen=True)
class Received:
    """One inflow of the pool."""

    source: str
    place: Words
    received_on: date
    yuan: Decimal
    words: str


@dataclass(frozen=True)
class Rated:
    """One quarter of service as it was assessed: its local days, and the rating in the pack's words (DQ-3.3.1b)."""

    first_day: date
    last_day: date
    rating: str


@dataclass(frozen=True)
class Spell:
    """One stretch of service in the group: local days, both counted; `last_day` is None while it runs."""

    sending: Words
    programme: str
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class Payee:
    """Somebody who served in the group in the year, and when: a transfer makes it several stretches (EXC-08).

    rated: what the payment rests on.
    """

    person: str
    name: str
    served: tuple[Spell, ...]
    rated: tuple[Rated, ...]


@dataclass(frozen=True)
class PayPage:
    """A year with its payments and its pool. methods: of each kind of staff that served, whether one is in force."""

    year: PayYear
    payments: tuple[PaidLook, ...]
    payees: tuple[Payee, ...]
    methods: Mapping[str, tuple[MethodStanding, tuple[Words, ...]]]
    inflows: tuple[Received, ...]
    pool: Finding
    places: tuple[tuple[str, Words], ...]
    may_pay: bool
    may_keep_pool: bool

    @property
    def for_me(self) -> int:
        """How many payments wait for the reader."""
        return sum(1 for one in self.payments if one.check.may_confirm)


class PayYearDesk:
    """Reads one year."""

    def __init__(
        self,
        sessions: Sessions,
        pay: PayDesk,
        checks: PaymentCheckDesk,
        *,
        clock: Clock,
        shelf: PackShelf,
        places: Places,
    ) -> None:
        """A desk over the record."""
        self._sessions, self._pay, self._checks, self._clock = sessions, pay, checks, clock
        self._shelf, self._places = shelf, places

    async def page(self, case_id: str, viewer: Viewer) -> PayPage:
        """One year. Raises NotForYou, CaseUnknown."""
        ensure_reads_pay(viewer)
        places = await self._places.now()
        async with self._sessions() as session:
            query = select(CaseFile).where(CaseFile.id == case_id, CaseFile.lifecycle == LIFECYCLE, present_to(viewer))
            case = await session.scalar(query)
            if case is None:
                raise CaseUnknown(case=case_id)
            pack = await self._shelf.pack(case.pack, case.pack_version)
            year = await self._pay.year_of(session, case, places, pack)
            group, open_now = [str(case.institution)], case.state != "closed"
            may_pay = viewer.may(Right.PAY, group)
            payments, inflows = await payments_of(session, case_id), await inflows_of(session, case_id)
            served = [one for one in await served_in(session, group[0]) if _in_year(one, year.year)]
            looks = await self._looks(session, case, viewer, payments)
            names = await _names(session, served)
            rated = await _rated(session, group[0], year.year) if may_pay else {}
            return PayPage(
                year,
                looks,
                _payees(served, names, places, rated) if may_pay else (),
                await self._methods(session, group[0], served, places),
                tuple(Received(r.source, places.name(r.institution), r.received_on, r.yuan, r.words) for r in inflows),
                pool_suffices(pool_facts(year.approved, inflows), pack),
                await _raisers(session, group[0], places),
                may_pay and open_now,
                viewer.may(Right.KEEP_POOL, group) and open_now,
            )

    async def _looks(
        self, session: AsyncSession, case: CaseFile, viewer: Viewer, payments: YearPayments
    ) -> tuple[PaidLook, ...]:
        """Amounts are open to whoever pays or confirms for the group, and to whom a payment waits for."""
        today, group = self._clock.now().astimezone(CHINA).date(), str(case.institution)
        insiders = await at_the_group(await session.connection(), group, on=today)
        waiting = [one.payment for one in payments.all if one.standing == WAITING and case.state != "closed"]
        seconds = {one.id: await self._checks.may(session, one, case) for one in waiting}
        names = await _named(session, _people_in(payments, seconds))
        whole = viewer.may(Right.PAY, [group]) or viewer.person in insiders
        return tuple(
            _look(
                one,
                _check(one, names, seconds.get(one.payment.id), viewer),
                names,
                taken_back=payments.standing_of_reversal(one.payment.id),
                whole=whole or viewer.person in seconds.get(one.payment.id, ()),
            )
            for one in payments.all
        )

    async def _methods(
        self, session: AsyncSession, group: str, served: Sequence[Served], places: PlaceMap
    ) -> Mapping[str, tuple[MethodStanding, tuple[Words, ...]]]:
        today = self._clock.now().astimezone(CHINA).date()
        found = {}
        for programme in sorted({one.programme for one in served}):
            standing = await standing_of(session, group=group, programme=programme, on=today, places=PLACES)
            found[programme] = (standing, tuple(places.name(code) for code in standing.missing))
        return found


def pool_facts(needed: Decimal | None, inflows: Sequence[PoolInflow]) -> PoolFacts:
    """What the pool needs is, by default, the approved total: who is covered is not defined in the text (DQ-3.4.3b)."""
    shares = [one.yuan for one in inflows if one.source == TIERED_CARE]
    raised = [one.yuan for one in inflows if one.source != TIERED_CARE]
    return PoolFacts(needed or Decimal(0), sum(shares, Decimal(0)) if shares else None, sum(raised, Decimal(0)))


def _in_year(one: Served, year: int) -> bool:
    return one.within(date(year, 1, 1), date(year, 12, 31))


async def _names(session: AsyncSession, served: Sequence[Served]) -> Mapping[str, str]:
    return await _named(session, {one.person for one in served})


async def _named(session: AsyncSession, ids: set[str]) -> Mapping[str, str]:
    people = await session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in people}


def _people_in(payments: YearPayments, seconds: Mapping[str, Sequence[str]]) -> set[str]:
    """Everybody whom the page of these payments may name."""
    found = {person for people in seconds.values() for person in people}
    for one in payments.all:
        found |= {one.payment.recorded_by, *payees_of(one.payment)} | ({one.verdict.given_by} if one.verdict else set())
    return found


def _check(one: Ordered, names: Mapping[str, str], seconds: Sequence[str] | None, viewer: Viewer) -> Checked:
    """seconds: None where nobody can say anything any more."""
    given, payment = one.verdict, one.payment
    return Checked(
        one.standing,
        names[payment.recorded_by],
        names[given.given_by] if given else "",
        given.given_at if given else None,
        given.words if given else "",
        tuple(names[each] for each in seconds or ()),
        viewer.person in (seconds or ()),
        seconds is not None and viewer.person == payment.recorded_by,
    )


def _look(one: Ordered, check: Checked, names: Mapping[str, str], *, taken_back: str, whole: bool) -> PaidLook:
    payment = one.payment
    content: Mapping[str, Any] = _content(payment) if whole else {"lines": [], "basis": "", "words": ""}
    lines = [
        PaidLine(one["person"], names[one["person"]], Decimal(one["yuan"]), one["covered"]) for one in content["lines"]
    ]
    return PaidLook(
        payment.id,
        payment.period,
        payment.people,
        payment.recorded_at,
        payment.reverses or "",
        taken_back,
        check,
        Decimal(payment.total) if whole else None,
        content["basis"],
        content["words"],
        tuple(lines),
    )


def _content(payment: Payment) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(payment.content)
    return found


def _payees(
    served: Sequence[Served], names: Mapping[str, str], places: PlaceMap, rated: Mapping[str, tuple[Rated, ...]]
) -> tuple[Payee, ...]:
    """Everybody once: a payment names nobody twice."""
    spells: dict[str, list[Spell]] = defaultdict(list)
    for one in served:
        spells[one.person].append(Spell(places.name(one.sending), one.programme, one.first_day, one.last_day))
    return tuple(Payee(person, names[person], tuple(each), rated.get(person, ())) for person, each in spells.items())


async def _rated(session: AsyncSession, group: str, year: int) -> Mapping[str, tuple[Rated, ...]]:
    """The quarters that were assessed of everybody in a group that touch the year, by person, the oldest first."""
    query = select(PerformanceResult).where(
        PerformanceResult.group == group,
        PerformanceResult.first_day <= date(year, 12, 31),
        PerformanceResult.last_day >= date(year, 1, 1),
    )
    found: dict[str, tuple[Rated, ...]] = {}
    for row in await session.scalars(query.order_by(PerformanceResult.last_day)):
        found[row.person] = (*found.get(row.person, ()), Rated(row.first_day, row.last_day, row.rating))
    return found


async def _raisers(session: AsyncSession, group: str, places: PlaceMap) -> tuple[tuple[str, Words], ...]:
    """County hospitals and township institutions, which raise what the share does not cover."""
    query = select(Institution.code).where(Institution.kind.in_(SENDING_KINDS), Institution.parent == group)
    return tuple((code, places.name(code)) for code in await session.scalars(query.order_by(Institution.code)))
