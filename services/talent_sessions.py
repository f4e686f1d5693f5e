"""The desk at which working time under a flexible-talent contract is recorded, and force majeure claimed (OT-6.3g).

Sessions come one at a time or many at once, by page, API or sheet; each row is stored whole or refused. A correction is
a newer row. Nothing of it enters a workflow's history; a contract is nudged only when
days were touched of which a finding stands already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import get_args

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from activities.talent_facts import book_of, newest_sessions
from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.tasks import Evidence, InboxRow
from db.talent_contracts import TalentContract, TalentFigure, TalentSession
from db.talent_openings import TalentOpening
from policies.engine.calendar import CHINA
from policies.talent.working_time import Kind
from services.attendance_book import Keeper
from services.engine.notices import NOTICE, Brought, keep_all
from services.engine.permissions import Right, ensure
from services.facts import CHANGED, CREATED, REFUSED, UNCHANGED, RowResult, stored_anew
from services.field_problems import FieldProblem
from services.imports import Imported, imported
from services.sheets import read_sheet
from services.talent_claims import CLAIMED, EVENTS, Claim, day_problems, fits, keep_claim
from services.talent_days import DayBook
from services.talent_hosts import hosts_of, may_keep
from services.talent_sheet import SESSIONS, SessionRow, row_of

__all__ = ["CLAIMED", "EVENTS", "KINDS", "NUDGE", "Claim", "SessionRow", "TalentSessionDesk"]
NUDGE = "working_time"
KINDS = get_args(Kind)
# Work with patients waits for the two gates (COR-08).
CLINICAL = ("clinic", "rounds", "consultation", "surgery_demo")
LONGEST, LONGEST_KEY = 2000, 100


@dataclass
class _Known:
    """What stands of the contracts that the rows speak of."""

    contracts: Mapping[str, TalentContract]
    held: dict[tuple[str, str], TalentSession] = field(default_factory=dict)
    judged: Mapping[str, date] = field(default_factory=dict)
    # Up to which day an imported contract is summed up (COR-17).
    summed: Mapping[str, date] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    hosts: Mapping[str, str] = field(default_factory=dict)


class TalentSessionDesk:
    """Keeps sessions and claims."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock = sessions, delivery, clock

    async def store(self, rows: Sequence[SessionRow], *, keeper: Keeper, try_only: bool = False) -> list[RowResult]:
        """Add and correct sessions, one result per row in order. Raises StoredMeanwhile when others keep recording the
        same ones.
        """
        results, nudges = await stored_anew(lambda: self._stored(rows, keeper, try_only=try_only))
        await self._delivery.set_going(starts=(), notices=nudges)
        return results

    async def take_sheet(
        self, content: bytes, *, keeper: Keeper, contract: str = "", try_only: bool = False
    ) -> Imported:
        """A sheet: a row a session, of this contract where it names none; a row is stored whole or refused.

        Raises SheetUnreadable, SheetTooLarge, SheetColumnsWrong or SheetEmpty; then nothing is stored.
        """
        sheet = read_sheet(content, SESSIONS)
        rows = [row_of(row, contract=contract) for row in sheet.rows]
        return imported(sheet, await self.store(rows, keeper=keeper, try_only=try_only), tried=try_only)

    async def claim(self, claim: Claim, *, keeper: Keeper, request: str) -> str:
        """Claim force majeure; the commission is asked. The id of the claim, the same for the same request.

        Raises FactsRefused and NotForYou.
        """
        now = self._clock.now()
        async with self._sessions.begin() as session:
            contract = await session.get(TalentContract, claim.contract)
            if contract and keeper.viewer:
                ensure(keeper.viewer, Right.KEEP_SESSIONS, [contract.employer])
            opening = await session.get(TalentOpening, claim.contract)
            # Two claims at once must not take the same time twice.
            await _alone_with(session, {claim.contract})
            await keep_claim(
                session, claim, contract, keeper, request=request, summed=opening.as_of if opening else None, at=now
            )
        await self._delivery.set_going(starts=(), notices=[f"{CLAIMED}-{request}"])
        return request

    async def _stored(
        self, rows: Sequence[SessionRow], keeper: Keeper, *, try_only: bool
    ) -> tuple[list[RowResult], list[str]]:
        now = self._clock.now()
        async with self._sessions() as session:
            await _alone_with(session, {row.contract for row in rows})
            known = await _known(session, rows)
            results, fresh = self._judged(rows, known, keeper)
            if try_only or not fresh:
                return results, []
            await session.execute(insert(TalentSession), [_row(row, known, keeper, now) for row in fresh])
            stirred = sorted({row.contract for row in fresh if _touches(row, known)})
            nudges = await _nudged(session, stirred, keeper, now)
            await session.commit()
        return results, nudges

    def _judged(
        self, rows: Sequence[SessionRow], known: _Known, keeper: Keeper
    ) -> tuple[list[RowResult], list[SessionRow]]:
        today = self._clock.now().astimezone(CHINA).date()
        results, fresh, said, book = [], [], set(), DayBook(dict(known.held))
        for row in (_with_evidence(each, known) for each in rows):
            place = (row.contract, row.key)
            contract = known.contracts.get(row.contract)
            host, summed = known.hosts.get(row.contract, ""), known.summed.get(row.contract)
            problems = list(row.faults) or _problems(row, contract, keeper, host=host, today=today, summed=summed)
            kept = known.held.get(place)
            if row.evidence and row.evidence not in known.files and not (kept and kept.evidence == row.evidence):
                problems.append(FieldProblem("evidence", "attachment_unknown"))
            if place in said:
                problems.append(FieldProblem("key", "row_repeated"))
            said.add(place)
            problems = problems or book.problems(row, contract.unit if contract else "")
            if problems:
                results.append(RowResult(REFUSED, row.key, tuple(problems)))
            elif kept and _same(kept, row):
                results.append(RowResult(UNCHANGED, row.key))
            else:
                results.append(RowResult(CHANGED if kept else CREATED, row.key))
                fresh.append(row)
                book.take(row)
        return results, fresh


def _with_evidence(row: SessionRow, known: _Known) -> SessionRow:
    """Who names no file, as a sheet cannot, takes none away."""
    before = known.held.get((row.contract, row.key))
    return replace(row, evidence=before.evidence) if before and not row.evidence else row


def _problems(
    row: SessionRow, contract: TalentContract | None, keeper: Keeper, *, host: str, today: date, summed: date | None
) -> list[FieldProblem]:
    if contract is None or contract.first_day is None or contract.last_day is None:
        return [FieldProblem("contract", "contract_unknown")]
    if keeper.viewer and not may_keep(keeper.viewer, contract, host):
        return [FieldProblem("contract", "contract_unknown")]
    problems = [FieldProblem("contract", "own_sessions")] if keeper.by == contract.person else []
    if not row.key.strip() or len(row.key) > LONGEST_KEY:
        problems.append(FieldProblem("key", "missing"))
    problems += day_problems("day", (row.day, row.day), contract, summed, today)
    if row.kind not in KINDS:
        problems.append(FieldProblem("kind", "choice_unknown", (("choices", "、".join(KINDS)),)))
    elif row.kind in CLINICAL and (contract.no_clinic_before is None or row.day < contract.no_clinic_before):
        problems.append(FieldProblem("kind", "gates_open"))
    if not fits(row.units):
        problems.append(FieldProblem("units", "units_wrong"))
    if len(row.words) > LONGEST:
        problems.append(FieldProblem("words", "too_long", (("limit", str(LONGEST)),)))
    return problems


def _same(before: TalentSession, row: SessionRow) -> bool:
    stood = (before.day, before.kind, before.units, before.words or "", before.evidence)
    return stood == (row.day, row.kind, row.units, row.words.strip(), row.evidence)


def _touches(row: SessionRow, known: _Known) -> bool:
    """Whether a finding stands already about the day as it was or as it is now."""
    before, judged = known.held.get((row.contract, row.key)), known.judged.get(row.contract)
    days = [row.day, *([before.day] if before else [])]
    return judged is not None and min(days) <= judged


async def _alone_with(session: AsyncSession, contracts: Iterable[str]) -> None:
    """Not while a finding of one of them is written: what is delivered is either in it, or nudges anew."""
    for contract in sorted(contracts):
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(book_of(contract), 0))))


async def _known(session: AsyncSession, rows: Sequence[SessionRow]) -> _Known:
    cases = sorted({row.contract for row in rows})
    contracts = await session.scalars(select(TalentContract).where(TalentContract.case_id.in_(cases)))
    last = select(TalentFigure.case_id, func.max(TalentFigure.as_of)).where(TalentFigure.case_id.in_(cases))
    judged = (await session.execute(last.group_by(TalentFigure.case_id))).all()
    known = _Known({one.case_id: one for one in contracts}, judged={row[0]: row[1] for row in judged})
    known.hosts = await hosts_of(session, cases)
    openings = await session.execute(
        select(TalentOpening.case_id, TalentOpening.as_of).where(TalentOpening.case_id.in_(cases))
    )
    known.summed = {row[0]: row[1] for row in openings}
    known.files = frozenset(await session.scalars(select(Evidence.sha256).where(Evidence.sha256.in_(_files(rows)))))
    for case in known.contracts:
        for one in await session.scalars(newest_sessions(case_id=case)):
            known.held[case, one.key] = one
    return known


def _files(rows: Sequence[SessionRow]) -> list[str]:
    return sorted({row.evidence for row in rows if row.evidence})


def _row(row: SessionRow, known: _Known, keeper: Keeper, now: datetime) -> dict[str, object]:
    before = known.held.get((row.contract, row.key))
    return {
        "case_id": row.contract,
        "key": row.key,
        "revision": before.revision + 1 if before else 1,
        "day": row.day,
        "kind": row.kind,
        "units": row.units,
        "words": row.words.strip()[:LONGEST] or None,
        "evidence": row.evidence,
        "recorded_by": keeper.by,
        "channel": keeper.channel,
        "recorded_at": now,
    }


async def _nudged(session: AsyncSession, cases: Sequence[str], keeper: Keeper, now: datetime) -> list[str]:
    """One notice a contract that has yet to be heard; rows that come until then find it there."""
    heard = select(InboxRow.case_id, func.count()).where(InboxRow.case_id.in_(cases), InboxRow.state == "applied")
    heard = heard.where(InboxRow.verb == NOTICE, InboxRow.message["name"].astext == NUDGE).group_by(InboxRow.case_id)
    before = {row[0]: row[1] for row in await session.execute(heard)}
    requests = {case: f"{NUDGE}-{case}-{before.get(case, 0) + 1}" for case in cases}
    nudges = [Brought(requests[case], case, NUDGE, {}, keeper.by, "", keeper.channel) for case in cases]
    return await keep_all(session, nudges, at=now)
