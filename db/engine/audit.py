"""Proving the record: every file line by line, what stands beside it, and the register of seals over all of them."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile, EventRow, PackVersion
from db.engine.damage import Damage, Tally
from db.engine.evidence_chain import FORM, ROWS_ARE_NAMED, START, FileLine, end_holds, instant, words_hold
from db.engine.row_proof import REMOVED, Content, Owner, RowKind
from db.engine.seal_audit import Register
from db.engine.tasks import DecisionRow, Evidence
from vault.keyring import Keyring, KeyUnknown, Purpose

# Cases whose rows are read together.
AT_A_TIME = 200


class Case(NamedTuple):
    """What of a case's row its file must bear out."""

    id: str
    events: int
    file_head: bytes | None
    file_seal: bytes | None
    stage: str
    outcome: str


@dataclass
class Told:
    """What the lines of one file say of the rows that stand beside it."""

    form: int = 0
    decisions: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    stage: str = ""
    outcome: str = ""

    def take(self, line: FileLine) -> None:
        """Take in one line that is as it was written; of two lines about one row the later counts.

        `form` is 0 until a line has been taken in.
        """
        body = json.loads(line.body)
        self.form = max(self.form, body.get(FORM, 1))
        if "words" in body:
            self.decisions[body["request"]] = body
        for kind, rows in body.get("rows", {}).items():
            self.rows.setdefault(kind, {}).update({key: (digest, line.key_id) for key, digest in rows.items()})
        if body.get("event") == "stage":
            self.stage = body["refs"]["to"]
        if body.get("event") == "closed":
            self.outcome = body["refs"]["outcome"]


@dataclass
class Beside:
    """Some cases with what stands in the record for each, by the case's id."""

    cases: Sequence[Case]
    lines: Mapping[str, Sequence[FileLine]]
    decisions: Mapping[str, Sequence[DecisionRow]]
    scans: Mapping[str, Sequence[str]]
    rows: Mapping[str, Mapping[str, Sequence[Content]]]


class Audit:
    """One look at the whole record as of one instant, on a session that has read nothing yet.

    kinds: the rows that files name. known: seals that somebody has on paper, number and code. A case that goes on
    meanwhile is no damage. `tally` is complete when the damages have been read to their end.
    """

    def __init__(
        self,
        session: AsyncSession,
        keyring: Keyring,
        *,
        kinds: Sequence[RowKind],
        known: Mapping[int, str] | None = None,
    ) -> None:
        self.tally = Tally()
        self._session, self._keyring, self._kinds = session, keyring, kinds
        self._register = Register(session, keyring, known or {})

    async def damages(self) -> AsyncIterator[Damage]:
        """Every damage. An untouched record yields nothing."""
        await self._session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        named = set[str]()
        async for damage in self._register.damages():
            named.add(damage.case_id)
            yield damage
        async for damage in self._files():
            named.add(damage.case_id)
            yield damage
        async for damage in self._without_owner():
            yield damage
        async for damage in self._packs():
            yield damage
        for case_id in await self._register.unsealed():
            if case_id not in named:
                yield Damage("unsealed", case_id)
        await self._sum_up()

    async def _sum_up(self) -> None:
        tally, last = self.tally, self._register.last
        tally.seals, tally.waiting = self._register.seals, await self._register.waiting()
        if last:
            tally.newest_seal, tally.code, tally.sealed_until = last.number, last.code, last.at

    # Files.

    async def _files(self) -> AsyncIterator[Damage]:
        async for beside in self._batches():
            for case in beside.cases:
                for damage in self._of_case(case, beside):
                    yield damage
                for sha256 in beside.scans.get(case.id, ()):
                    content = await self._session.scalar(select(Evidence.content).where(Evidence.sha256 == sha256))
                    if hashlib.sha256(content or b"").hexdigest() != sha256:
                        yield Damage("scan", case.id, which=sha256)
            self._session.expunge_all()

    async def _batches(self) -> AsyncIterator[Beside]:
        after = ""
        while True:
            query = _CASES.where(CaseFile.id > after).order_by(CaseFile.id).limit(AT_A_TIME)
            cases = [Case._make(row) for row in await self._session.execute(query)]
            if not cases:
                return
            yield await self._beside(cases)
            after = cases[-1].id

    async def _beside(self, cases: Sequence[Case]) -> Beside:
        ids = [case.id for case in cases]
        lines = [FileLine(*row) for row in await self._session.execute(_LINES.where(EventRow.case_id.in_(ids)))]
        decisions = await self._session.scalars(_DECISIONS.where(DecisionRow.case_id.in_(ids)))
        scans = (await self._session.execute(_SCANS.where(Evidence.case_id.in_(ids)))).all()
        rows: dict[str, dict[str, list[Content]]] = {}
        for kind in self._kinds:
            for row in (await self._session.execute(kind.rows().where(Owner.id.in_(ids)))).mappings():
                rows.setdefault(row["owner"], {}).setdefault(kind.name, []).append(row)
        return Beside(
            cases,
            {case_id: list(of) for case_id, of in groupby(lines, key=lambda line: line.case_id)},
            {case_id: list(of) for case_id, of in groupby(decisions, key=lambda row: row.case_id)},
            {case_id: [row.sha256 for row in of] for case_id, of in groupby(scans, key=lambda row: row.case_id)},
            rows,
        )

    def _of_case(self, case: Case, beside: Beside) -> Iterator[Damage]:
        lines, told = beside.lines.get(case.id, ()), Told()
        self.tally.cases += 1
        self.tally.lines += len(lines)
        damages = list(self._of_lines(case, lines, told))
        if not damages and lines and (told.stage, told.outcome) != (case.stage, case.outcome):
            damages.append(Damage("case_row", case.id))
        yield from damages
        yield from self._of_decisions(case.id, beside.decisions.get(case.id, ()), told)
        self._note_form(lines, told)
        rows = beside.rows.get(case.id, {})
        for kind in self._kinds:
            yield from self._of_rows(case.id, kind, rows.get(kind.name, ()), told)

    def _of_lines(self, case: Case, lines: Sequence[FileLine], told: Told) -> Iterator[Damage]:
        head, number = START, 0
        for line in lines:
            number += 1
            if line.number != number:
                yield Damage("line_missing", case.id, number)
                number, head = line.number, line.previous
            if line.previous == head and line.holds(self._keyring):
                told.take(line)
            else:
                yield Damage("line_altered", case.id, line.number)
            head = line.mac
        at_end = number == case.events and head == (case.file_head or START)
        if not at_end or not end_holds(case.id, number, head, seal=case.file_seal, keyring=self._keyring):
            yield Damage("end_of_file", case.id, case.events)

    # What stands beside a file.

    def _of_decisions(self, case_id: str, decisions: Sequence[DecisionRow], told: Told) -> Iterator[Damage]:
        """Decisions that are not as their lines have them, lines without their decision."""
        lines = dict(told.decisions)
        for row in decisions:
            line = lines.pop(row.request, {})
            if not words_hold(str(line.get("words", "")), row.words, row.form, self._keyring) or not _says(line, row):
                yield Damage("decision", case_id, which=row.request)
        for request in lines:
            yield Damage("decision", case_id, which=request)

    def _note_form(self, lines: Sequence[FileLine], told: Told) -> None:
        if told.form >= ROWS_ARE_NAMED:
            self.tally.named_since = min(self.tally.named_since or lines[0].at, lines[0].at)

    def _of_rows(self, case_id: str, kind: RowKind, rows: Sequence[Content], told: Told) -> Iterator[Damage]:
        named = dict(told.rows.get(kind.name, {}))
        for row in rows:
            key = kind.key(row)
            said, key_id = named.pop(key, (None, ""))
            if said is None and told.form == 0 and kind.first:
                continue
            if said is None and 0 < told.form < ROWS_ARE_NAMED:
                self.tally.unnamed += 1
            elif said is None or said == REMOVED:
                yield Damage(kind.name, case_id, which=key, how="added")
            elif said != self._digest(kind, row, key_id):
                yield Damage(kind.name, case_id, which=key, how="altered")
        for key, (said, _) in named.items():
            if said != REMOVED:
                yield Damage(kind.name, case_id, which=key, how="missing")

    def _digest(self, kind: RowKind, row: Content, key_id: str) -> str | None:
        try:
            return kind.digest(row, self._keyring.key(Purpose.CHAIN, key_id))
        except KeyUnknown:
            return None

    async def _without_owner(self) -> AsyncIterator[Damage]:
        """Rows that no case can have written."""
        for kind in self._kinds:
            for row in (await self._session.execute(kind.rows().where(Owner.id.is_(None)))).mappings():
                yield Damage(kind.name, which=kind.key(row), how="added")

    async def _packs(self) -> AsyncIterator[Damage]:
        """Rules whose stored text is not the one that was loaded, and cases that name another text of their version.

        What a case names is in its file; so rules that were exchanged together with their hash show in their cases.
        """
        for pack in await self._session.scalars(select(PackVersion)):
            if hashlib.sha256(pack.text.encode()).hexdigest() != pack.sha256:
                yield Damage("pack", which=f"{pack.id} {pack.version}")
        same = (PackVersion.id == CaseFile.pack) & (PackVersion.version == CaseFile.pack_version)
        other = select(CaseFile.id, CaseFile.pack, CaseFile.pack_version).join(PackVersion, same)
        for case_id, pack_id, version in await self._session.execute(
            other.where(PackVersion.sha256 != CaseFile.pack_sha256).order_by(CaseFile.id)
        ):
            yield Damage("pack", case_id, which=f"{pack_id} {version}")


_CASES = select(CaseFile.id, CaseFile.events, CaseFile.file_head, CaseFile.file_seal, CaseFile.stage, CaseFile.outcome)
_LINES = select(
    EventRow.case_id, EventRow.number, EventRow.at, EventRow.body, EventRow.previous, EventRow.mac, EventRow.key_id
).order_by(EventRow.case_id, EventRow.number)
_DECISIONS = select(DecisionRow).order_by(DecisionRow.case_id, DecisionRow.request)
_SCANS = select(Evidence.case_id, Evidence.sha256).order_by(Evidence.case_id, Evidence.sha256)


def _says(line: Mapping[str, Any], decision: DecisionRow) -> bool:
    """Whether a decision still is what its line says: who, as what, on what, when, how, and what was chosen."""
    refs = line.get("refs", {})
    written = (
        *(line.get(name) for name in ("task", "actor", "role", "revision", "channel", "decided_on", "due", "late")),
        *(line.get(name) for name in ("recorded_by", "checked_by", "evidence", "minutes", "received_at")),
        *(refs.get(name) for name in ("choice", "step")),
    )
    return written == (
        *(decision.task_id, decision.person, decision.role, decision.revision, decision.channel),
        *(decision.decided_on.isoformat(), instant(decision.due_at), decision.late),
        *(decision.recorded_by, decision.checked_by, decision.evidence, decision.minutes),
        instant(decision.received_at),
        *(decision.choice, str(decision.step)),
    )
