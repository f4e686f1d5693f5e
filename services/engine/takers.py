"""Who may take a task over, or be named for it: one rule, for the list that is offered and for the act that comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile
from db.engine.people import Person, RoleHolding
from db.engine.roles import bodies_above, held_on
from db.engine.tasks import DecisionRow, SeatRow, TaskRow
from policies.engine.questions import SUBMITTER
from policies.engine.refusals import BothSides, OwnCase, Refusal
from policies.engine.tasks import CONSULTED, COPIED, RECALLED
from services.engine.permissions import NEVER_DECIDE, Viewer

# Seats at which nothing is decided: an opinion, a copy, and what was taken back (decision 0020).
DECIDE_NOTHING = (CONSULTED, COPIED, RECALLED)


class TakerUnfit(Refusal):
    """The person named for a task is unknown, has it already, has answered it, or holds no role there that decides."""


@dataclass(frozen=True)
class Taker:
    """A person who may take the task over, and the institution for which they would sit."""

    person: str
    name: str
    institution: str


@dataclass(frozen=True)
class Takers:
    """What the rule looks at. `held` are the institutions, by person, for which somebody may sit."""

    task: str
    there: str
    subject: str | None
    busy: frozenset[str]
    other_side: frozenset[str]
    held: Mapping[str, tuple[str, ...]]

    def seat_of(self, person: str) -> str:
        """For which institution the person would sit. Raises OwnCase, BothSides (DEF-12) or TakerUnfit."""
        if person == self.subject:
            raise OwnCase(task=self.task)
        if person in self.other_side:
            raise BothSides(task=self.task)
        held = self.held.get(person)
        if not held or person in self.busy:
            raise TakerUnfit(task=self.task)
        return self.there if self.there in held else held[0]

    def offered(self, names: Mapping[str, str]) -> list[Taker]:
        """Everybody whom the rule lets through, those of the task's own institution first."""
        found = []
        for person in self.held:
            try:
                found.append(Taker(person, names[person], self.seat_of(person)))
            except Refusal:
                continue
        return sorted(found, key=lambda one: (one.institution != self.there, one.institution, one.name, one.person))


async def takers_of(
    session: AsyncSession, case: CaseFile, task: TaskRow, *, viewer: Viewer, own: bool, today: date
) -> Takers:
    """The rule for one task. An own seat passes within its institution; who names somebody for a task that nobody holds
    may also call on the bodies above it and on all that their own role reaches.
    """
    there = task.institution or ""
    allowed = {there} if own else {*viewer.reached, *await bodies_above(session, there)}
    query = select(RoleHolding.person, RoleHolding.institution).distinct()
    query = query.where(RoleHolding.institution.in_(allowed), RoleHolding.role.not_in(NEVER_DECIDE), held_on(today))
    held: dict[str, tuple[str, ...]] = {}
    for person, institution in await session.execute(query.order_by(RoleHolding.institution)):
        held[person] = (*held.get(person, ()), institution)
    busy = {*await _seated(session, task), *await _answered(session, task)}
    other_side = await _at_the_other_side(session, case, task)
    return Takers(task.id, there, case.subject, frozenset(busy), frozenset(other_side), held)


async def names_of(session: AsyncSession, takers: Takers) -> dict[str, str]:
    """The names of all at whom the rule looks."""
    query = select(Person).where(Person.id.in_(takers.held))
    return {person.id: person.name for person in await session.scalars(query)}


async def _seated(session: AsyncSession, task: TaskRow) -> set[str]:
    return set(await session.scalars(select(SeatRow.person).where(SeatRow.task_id == task.id, SeatRow.open)))


async def _answered(session: AsyncSession, task: TaskRow) -> set[str]:
    """Nobody answers two steps of a task, or one step twice; a step that was sent back is asked anew."""
    said = or_(DecisionRow.step != task.step, DecisionRow.revision == task.revision)
    return set(await session.scalars(select(DecisionRow.person).where(DecisionRow.task_id == task.id, said)))


async def _at_the_other_side(session: AsyncSession, case: CaseFile, task: TaskRow) -> set[str]:
    """Who sits, or sat, at a task of the case that is kept apart from this one, and who submitted what it is about."""
    apart = case.shapes.get(task.name, {}).get("apart_from", [])
    query = select(SeatRow.person).join(TaskRow, TaskRow.id == SeatRow.task_id)
    query = query.where(TaskRow.case_id == case.id, TaskRow.name.in_(apart), SeatRow.why.not_in(DECIDE_NOTHING))
    submitter = {task.refs.get(SUBMITTER, "")}
    return submitter | set(await session.scalars(query)) if apart else submitter
