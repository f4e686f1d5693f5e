"""The desk of the service ledger and of the check before a promotion (DQ-3.1.1a, COR-15)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.credit import PROMOTION_TASKS, title_office, weighed
from activities.engine.delivery import Delivery
from activities.inspection import bureau_above
from db.credit import ServiceCredit
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import NewCase, next_serial, open_case
from db.engine.packs import PackShelf
from db.engine.people import Institution, Person
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.promotion import Target
from services.demand import Started
from services.facts import PersonUnknown
from services.field_problems import FactsRefused, FieldProblem

__all__ = ["Claim", "CreditDesk", "Ledger", "LedgerLine", "PromotionCheck"]

# What people may claim; service under this plan is credited by its own term.
KINDS = ("paired_assistance", "tibet", "xinjiang", "abroad", "other")
TARGETS: tuple[Target, ...] = ("associate_senior", "full_senior")
LIFECYCLE = "PromotionServiceGate"


@dataclass(frozen=True)
class Claim:
    """A stretch of earlier or other service: local days, both counted; who sent the person where; which papers say so.

    `number` makes a repeated claim the same one.
    """

    person: str
    kind: str
    first_day: date
    last_day: date
    source: str
    evidence: str
    number: str = ""


@dataclass(frozen=True)
class PromotionCheck:
    """The facts of a start. `number` is the serial in another system, or the page's request id (COR-03)."""

    pack: str
    person: str
    target_title: str
    number: str = ""


@dataclass(frozen=True)
class LedgerLine:
    """One stretch as its person reads it; verdict is "" while it is only claimed."""

    kind: str
    first_day: date
    last_day: date
    source: str
    evidence: str
    verdict: str


@dataclass(frozen=True)
class Ledger:
    """A person's service and what the rule makes of it now, as a finding in JSON; `case` is an open check, or ""."""

    lines: tuple[LedgerLine, ...]
    finding: Mapping[str, object]
    case: str


class CreditDesk:
    """Takes claims, shows the ledger, starts checks. Nothing here confirms anything."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock, self._shelf = sessions, delivery, clock, shelf

    async def claim(self, claim: Claim, *, by: str) -> str:
        """Keep a claim as a fact; its id. Raises FactsRefused and PersonUnknown."""
        self._ensure_facts(claim)
        row = ServiceCredit(
            id=f"credit.{claim.person}.{claim.number or secrets.token_hex(8)}",
            person=claim.person,
            kind=claim.kind,
            first_day=claim.first_day,
            last_day=claim.last_day,
            source=claim.source.strip(),
            evidence=claim.evidence.strip(),
            recorded_by=by,
            recorded_at=self._clock.now(),
        )
        async with self._sessions.begin() as session:
            if await session.get(Person, claim.person) is None:
                raise PersonUnknown(person=claim.person)
            if await session.get(ServiceCredit, row.id) is None:
                session.add(row)
        return row.id

    async def ledger(self, person: str, pack_id: str, target: Target = "associate_senior") -> Ledger:
        """All that is credited or claimed, in order, and what the rule makes of it for a title."""
        pack = await self._shelf.current(pack_id)
        query = select(ServiceCredit).where(ServiceCredit.person == person)
        async with self._sessions() as session:
            rows = (await session.scalars(query.order_by(ServiceCredit.first_day, ServiceCredit.id))).all()
            finding = await weighed(session, person, target, pack)
            case = await session.scalar(select(CaseFile.id).where(CaseFile.open_key == _open_key(pack, person, target)))
        lines = tuple(
            LedgerLine(row.kind, row.first_day, row.last_day, row.source or "", row.evidence or "", row.verdict)
            for row in rows
        )
        return Ledger(lines, finding.as_json(), case or "")

    async def start(self, asked: PromotionCheck, *, by: str) -> Started:
        """A new check; the same number again is answered with the first, and a second one for the same title while the
        first is open is refused (OneOpenCase). Raises FactsRefused, PersonUnknown.
        """
        if asked.target_title not in TARGETS:
            raise FactsRefused((FieldProblem("target_title", "choice_unknown", (("choices", ", ".join(TARGETS)),)),))
        pack = await self._shelf.current(asked.pack)
        async with self._sessions.begin() as session:
            known = await session.scalar(
                select(CaseFile.id).where(CaseFile.business_key == f"promotion.{pack.id}.{asked.number}")
            )
            if asked.number and known:
                started = Started(known, created=False)
            else:
                case = await self._case(session, asked, pack, by)
                started = Started(*await open_case(session, case, at=self._clock.now()))
        return replace(started, under_way=await self._delivery.start(started.case_id))

    async def _case(self, session: AsyncSession, asked: PromotionCheck, pack: Pack, by: str) -> NewCase:
        person = await session.get(Person, asked.person)
        if person is None:
            raise PersonUnknown(person=asked.person)
        home = await session.get_one(Institution, person.institution)
        today = self._today()
        office = await title_office(session, home.code, on=today, bureau=await bureau_above(session, home))
        scope = f"promotion.{pack.id}.{today.year}"
        return NewCase(
            id=f"{scope}.{await next_serial(session, scope)}",
            lifecycle=LIFECYCLE,
            pack=pack,
            tasks=PROMOTION_TASKS,
            facts={"person": person.id, "target_title": asked.target_title, "bureau": office},
            key=f"promotion.{pack.id}.{asked.number}" if asked.number else "",
            open_key=_open_key(pack, person.id, asked.target_title),
            institution=home.code,
            subject=person.id,
            started_by=by,
        )

    def _ensure_facts(self, claim: Claim) -> None:
        problems = []
        if claim.kind not in KINDS:
            problems.append(FieldProblem("kind", "choice_unknown", (("choices", ", ".join(KINDS)),)))
        if claim.last_day < claim.first_day:
            problems.append(FieldProblem("last_day", "service_order"))
        if claim.last_day > self._today():
            problems.append(FieldProblem("last_day", "date_future"))
        problems += [
            FieldProblem(name, "missing") for name in ("source", "evidence") if not getattr(claim, name).strip()
        ]
        if problems:
            raise FactsRefused(tuple(problems))

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def _open_key(pack: Pack, person: str, target: str) -> str:
    """One open check per person and title."""
    return f"promotion:{pack.programme}:{person}:{target}"
