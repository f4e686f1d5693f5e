"""What stands on record of a trainee's mentors, and the desk at which the hospital says that one no longer mentors;
another is then named within days (DQ-3.2.2b).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from activities.mentoring import targets_of
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.people import Person
from db.engine.tasks import DecisionRow, TaskRow
from db.training import Mentorship
from policies.engine.refusals import ReasonMissing, Refusal
from services.engine.acts import Done
from services.engine.decisions import PAGE
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import Right, Viewer, ensure

LEFT, ACCEPTED = "mentor_left", "accepted"


@dataclass(frozen=True)
class MentorLine:
    """One teacher who was named: name, what became of it, since when and until when; `imported`: mentored before the
    term was imported, and since when is not known here.
    """

    imported: bool
    name: str
    state: str
    named_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class NoteLine:
    """One month in the mentor's words; how far each target had come, in the order of the targets, "" where unsaid.

    number: of the month, since the first day of the training.
    """

    number: int
    at: datetime
    note: str
    reached: tuple[str, ...]


@dataclass(frozen=True)
class Training:
    """Targets, mentors and notes of a training, and whether the reader may say that the mentor has left."""

    targets: tuple[Mapping[str, str], ...]
    mentors: tuple[MentorLine, ...]
    notes: tuple[NoteLine, ...]
    may_replace: bool


class NoMentor(Refusal):
    """Nobody mentors in this term now: it is no training, has ended, or the next mentor is still being named."""


class MentorDesk:
    """Brings the word of a mentor's leaving to the term."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock = sessions, delivery, clock

    async def left(self, case: str, viewer: Viewer, *, reason: str, request: str) -> Done:
        """The mentor of a running term has left or cannot go on; a second click with the same request is the same word.

        Raises NotForYou, NoMentor, ReasonMissing.
        """
        if not reason.strip():
            raise ReasonMissing(case=case)
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=LEFT, by=viewer.person)
            if known is None:
                number = await _mentored(session, case, viewer)
                refs = {"number": str(number)}
                brought = Brought(request, case, LEFT, refs, viewer.person, reason.strip(), PAGE)
            kept = known or await keep(session, brought, at=self._clock.now())
        return await bring(self._delivery, kept, again=known is not None)


async def _mentored(session: AsyncSession, case_id: str, viewer: Viewer) -> int:
    """The number of the mentor who mentors now, for who keeps the hospital's mentors."""
    case = await session.get(CaseFile, case_id)
    if case is None or case.state == "closed":
        raise NoMentor(case=case_id)
    ensure(viewer, Right.KEEP_MENTORS, [case.facts.get("receiving", "")])
    active = select(Mentorship.number).where(Mentorship.case_id == case_id, Mentorship.state == ACCEPTED)
    number: int | None = await session.scalar(active)
    if number is None:
        raise NoMentor(case=case_id)
    return number


async def training_of(session: AsyncSession, case: CaseFile, viewer: Viewer) -> Training | None:
    """What a trainee's term has on record; None for a term without mentors."""
    if "mentor_note_every_months" not in case.facts:
        return None
    query = select(Mentorship.number == 0, Person.name, Mentorship.state, Mentorship.named_at, Mentorship.ended_at)
    query = query.join(Person, Person.id == Mentorship.mentor).where(Mentorship.case_id == case.id)
    rows = (await session.execute(query.order_by(Mentorship.number))).all()
    written = select(DecisionRow, TaskRow.refs).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    written = written.where(DecisionRow.case_id == case.id, TaskRow.name == "mentor_note")
    notes = (await session.execute(written.order_by(DecisionRow.decided_at))).all()
    keeps = viewer.may(Right.KEEP_MENTORS, [case.facts["receiving"]]) and case.state != "closed"
    return Training(
        tuple(await targets_of(session, case.id)),
        tuple(MentorLine(*row) for row in rows),
        tuple(
            NoteLine(int(refs["note"]), one.decided_at, one.form["note"], tuple(one.form["reached"]))
            for one, refs in notes
        ),
        may_replace=keeps and any(row.state == ACCEPTED for row in rows),
    )
