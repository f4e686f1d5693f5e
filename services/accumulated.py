"""The desk at which accumulated activities are recorded; each counts only once it is confirmed (DQ-3.2.1b, F-14)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import next_serial
from db.engine.packs import PackShelf
from db.engine.tasks import Evidence, SeatRow, TaskRow
from db.service import ServiceActivity
from db.term_start import first_day_of
from policies.accumulated import OTHER, PARTS, Part, clash_of, forms_of, half_days_of
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from services.absences import IN_SERVICE, NotInService
from services.engine import scans
from services.engine.acts import CaseUnknown, Done
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import Right, Viewer
from services.engine.scans import Scan
from services.field_problems import FactsRefused, FieldProblem

ACTIVITY = "activity"
CLASHES = {"taken": "activity_known", "too_many": "half_days_over"}


@dataclass(frozen=True)
class ActivityFacts:
    """One activity on a local day: its form by name, or "other" and which; the part of the day; where, and who saw."""

    form: str
    day: date
    part: str
    place: str
    witness: str
    words: str
    other_form: str = ""


class AccumulatedDesk:
    """Keeps what was done and brings it to the term."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock, self._shelf = sessions, delivery, clock, shelf

    async def record(
        self, case: str, facts: ActivityFacts, *, by: str, request: str, channel: str, scan: Scan | None = None
    ) -> Done:
        """Record an activity of a running term; a second click with the same request is the same activity.

        Raises NotInService, FactsRefused, ScanUnfit; whether `by` may is the caller's question to the permissions.
        """
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=ACTIVITY, by=by)
            if known and known.case_id != case:
                raise NotInService(case=case)
            kept = known
            if kept is None:
                activity = await self._kept(session, case, facts, by=by, channel=channel)
                activity.evidence = await self._evidence(session, activity, scan)
                brought = Brought(request, case, ACTIVITY, {"activity": activity.id}, by, facts.words, channel)
                await session.flush()
                kept = await keep(session, brought, at=activity.recorded_at)
        return await bring(self._delivery, kept, again=known is not None)

    async def file(self, case_id: str, digest: str, viewer: Viewer) -> tuple[str, bytes]:
        """(media type, content) of the file of an activity of this case.

        Raises CaseUnknown for who may read neither the record of the term nor a question about that activity.
        """
        async with self._sessions() as session:
            named = select(ServiceActivity).where(
                ServiceActivity.case_id == case_id, ServiceActivity.evidence == digest
            )
            row = await session.scalar(named.limit(1))
            if row is None or not await _reads(session, row, viewer):
                raise CaseUnknown(case=case_id)
            kept = await session.get_one(Evidence, digest)
            return kept.media_type, kept.content

    async def _kept(
        self, session: AsyncSession, case_id: str, facts: ActivityFacts, *, by: str, channel: str
    ) -> ServiceActivity:
        case = await session.get(CaseFile, case_id)
        if case is None or (case.lifecycle, case.stage) != ("ServiceTerm", IN_SERVICE):
            raise NotInService(case=case_id)
        # The number first: who takes the next one waits, so that two records of one half-day cannot miss each other.
        number = await next_serial(session, f"activity.{case_id}")
        pack = await self._shelf.pack(case.pack, case.pack_version, through=await session.connection())
        problems = [*self._wrong(facts, pack), *await self._clashes(session, case_id, facts, pack)]
        if problems:
            raise FactsRefused(tuple(problems))
        activity = ServiceActivity(
            id=f"{case_id}.v{number}",
            case_id=case_id,
            form=facts.form,
            other_form=facts.other_form.strip() if facts.form == OTHER else None,
            day=facts.day,
            part=facts.part,
            half_days=half_days_of(cast("Part", facts.part)),
            place=facts.place.strip(),
            witness=facts.witness.strip(),
            words=facts.words.strip(),
            recorded_by=by,
            channel=channel,
            recorded_at=self._clock.now(),
        )
        session.add(activity)
        return activity

    async def _evidence(self, session: AsyncSession, activity: ServiceActivity, scan: Scan | None) -> str | None:
        if scan is None:
            return None
        kind = scans.kind_of(scan)
        case, person, at = activity.case_id, activity.recorded_by, activity.recorded_at
        return await scans.keep(session, scan, kind, case=case, person=person, at=at)

    def _wrong(self, facts: ActivityFacts, pack: Pack) -> Iterator[FieldProblem]:
        if not pack.parameters["accumulated_months"].whole:
            yield FieldProblem("form", "nothing_accumulates")
            return
        forms = forms_of(pack)
        if facts.form not in forms:
            yield FieldProblem("form", "choice_unknown", (("choices", ", ".join(forms)),))
        if facts.form == OTHER and not facts.other_form.strip():
            yield FieldProblem("other_form", "missing")
        if facts.part not in PARTS:
            yield FieldProblem("part", "choice_unknown", (("choices", ", ".join(PARTS)),))
        for name in ("place", "witness"):
            if not getattr(facts, name).strip():
                yield FieldProblem(name, "missing")
        if facts.day > self._clock.now().astimezone(CHINA).date():
            yield FieldProblem("day", "date_future")

    async def _clashes(
        self, session: AsyncSession, case_id: str, facts: ActivityFacts, pack: Pack
    ) -> list[FieldProblem]:
        """What stands against the record in the term: a day before it, or half-days that are taken."""
        began = await first_day_of(session, case_id)
        if began and facts.day < began:
            return [FieldProblem("day", "activity_early")]
        if facts.part not in PARTS:
            return []
        same_day = select(ServiceActivity.part).where(
            ServiceActivity.case_id == case_id, ServiceActivity.day == facts.day, ServiceActivity.state != "dismissed"
        )
        others = [cast("Part", part) for part in await session.scalars(same_day)]
        clash = clash_of(facts.part, others, pack)
        return [FieldProblem("part", CLASHES[clash])] if clash else []


async def _reads(session: AsyncSession, row: ServiceActivity, viewer: Viewer) -> bool:
    """The person, whoever reads the findings of either side, and who is or was asked about this activity."""
    case = await session.get_one(CaseFile, row.case_id)
    sides = (case.facts["receiving"], case.facts["sending"])
    if viewer.person == case.subject or viewer.may(Right.FINDINGS, sides):
        return True
    asked = select(SeatRow.task_id).join(TaskRow, TaskRow.id == SeatRow.task_id)
    asked = asked.where(SeatRow.person == viewer.person, TaskRow.case_id == case.id)
    return await session.scalar(asked.where(TaskRow.refs["activity"].astext == row.id).limit(1)) is not None
