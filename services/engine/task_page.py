"""The page of one task for one person, made of what the record has and the pack says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from db.engine.cases import CaseFile
from db.engine.people import Person
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from policies.engine.pack import Pack
from policies.engine.tasks import ADDED, AFTER, COPIED
from policies.engine.words import Words
from services.engine import said
from services.engine.places import PlaceMap
from services.engine.taken import Taken

GROUP = "group"
# The form of an answer that is a choice and words.
PLAIN = "reason"


@dataclass(frozen=True)
class Seated:
    """One seat of the present step with its person."""

    seat: SeatRow
    person: Person


@dataclass(frozen=True)
class Found:
    """One task as the record has it for one person: their latest seat, what was decided at it, what they sent, and what
    else the case asks of them now.

    held: whether the person still holds the role in which they were asked.
    left: whether the case has gone on to something that is not this person's to know of.
    """

    task: TaskRow
    case: CaseFile
    seat: SeatRow
    subject: Person | None
    decisions: list[Taken]
    inbox: list[InboxRow]
    elsewhere: list[TaskRow]
    held: bool
    left: bool
    beside: list[Seated]
    acting_for: Person | None


@dataclass(frozen=True)
class Added:
    """Somebody who was asked beside the step's own people; `waits`: has not answered yet."""

    person: str
    name: str
    role: Words
    institution: Words
    why: str
    waits: bool


@dataclass(frozen=True)
class Step:
    """An earlier step of a chain, to which the task may go back."""

    number: int
    role: Words


@dataclass(frozen=True)
class Next:
    """Another task of the same case that this person may answer now."""

    task: str
    title: Words


@dataclass(frozen=True)
class Subject:
    """The person whose case it is, as those who decide on it may know them (no number, no telephone)."""

    person: str
    name: str
    institution: Words
    profession: str
    specialty: str
    professional_title: str
    qualified_on: str


@dataclass(frozen=True)
class TaskPage:
    """Everything on the page of one task for one person.

    state: open (may be answered), pending (received, being recorded), answered (by this person), settled, withdrawn,
    reassigned, role_ended (the role in which this person was asked), later (others sign before), copied (only told).
    refused: the refusals of this person's answers that did not count, newest first.
    next: what the same case asks of this person now. ended: how the case came out, None while it goes on.
    left: the case has gone on to something that is not this person's to know of.
    """

    task: str
    case: str
    state: str
    revision: int
    title: Words
    ask: Words
    programme: said.Programme
    clause: said.Clause
    stage: Words
    asker: Words
    contact: str
    role: Words
    institution: Words
    why: str
    due: said.Due | None
    choices: tuple[said.Option, ...]
    items: tuple[said.Option, ...]
    drafts: tuple[said.Opinion, ...]
    closing: said.Opinion | None
    outcome: Words
    settled_at: datetime | None
    subject: Subject | None
    refs: Mapping[str, str]
    grave: bool
    form: str
    refused: tuple[str, ...] = ()
    context: Mapping[str, object] = field(default_factory=dict)
    next: tuple[Next, ...] = ()
    ended: Words | None = None
    left: bool = False
    beside: tuple[Added, ...] = ()
    acting_for: str = ""
    back_to: tuple[Step, ...] = ()


def page_of(found: Found, pack: Pack, *, places: PlaceMap, now: datetime, context: Mapping[str, object]) -> TaskPage:
    """The page; `context` is what its form shows beyond the task."""
    task, case, seat = found.task, found.case, found.seat
    asked = pack.tasks[task.name]
    drafts, closing = _opinions(found, pack, places)
    return TaskPage(
        task=task.id,
        case=case.id,
        state=_state(found),
        revision=task.revision,
        title=asked.title,
        ask=asked.ask,
        programme=said.programme(pack),
        clause=said.clause(pack, asked.rule),
        stage=said.stage(pack, case.stage),
        asker=places.name(_asker(case)),
        contact=places.contact(_asker(case)),
        role=said.role(pack, seat.role),
        institution=places.name(seat.institution),
        why=seat.why,
        due=said.due(pack, task, now=now),
        choices=said.options(pack, task, why=seat.why),
        items=said.items(pack, task.name) if seat.why not in ADDED else (),
        drafts=drafts,
        closing=closing,
        outcome=said.choice(pack, task.outcome),
        settled_at=task.settled_at,
        subject=_subject(found.subject, places),
        refs=task.refs,
        grave=task.grave,
        form=asked.form if seat.why not in ADDED else PLAIN,
        refused=tuple(row.refusal for row in found.inbox if row.state == "refused"),
        context=context,
        next=tuple(Next(other.id, pack.tasks[other.name].title) for other in found.elsewhere),
        ended=said.stage(pack, case.outcome) if case.state == "closed" else None,
        left=found.left,
        acting_for=found.acting_for.name if found.acting_for else "",
        beside=tuple(_added(found, pack, places, each) for each in found.beside),
        back_to=tuple(Step(number, said.role(pack, asked.steps[number].role)) for number in range(task.step)),
    )


def _added(found: Found, pack: Pack, places: PlaceMap, each: Seated) -> Added:
    seat, revision = each.seat, found.task.revision
    spoken = any(taken.person.id == seat.person and taken.row.revision == revision for taken in found.decisions)
    role, institution = said.role(pack, seat.role), places.name(seat.institution)
    return Added(seat.person, each.person.name, role, institution, seat.why, waits=not spoken)


def _opinions(found: Found, pack: Pack, places: PlaceMap) -> tuple[tuple[said.Opinion, ...], said.Opinion | None]:
    """What was drafted while the task is open; once it is not, the answer that closed it."""
    opinions = tuple(_opinion(pack, found, taken, places) for taken in found.decisions)
    if found.task.status == "open":
        return opinions, None
    return (), opinions[-1] if opinions else None


def _asker(case: CaseFile) -> str:
    """Who asks: the case's health group, else the institution that it lies at."""
    return str(case.facts.get(GROUP) or case.institution or "")


def _state(found: Found) -> str:
    task, seat = found.task, found.seat
    if task.status != "open":
        return task.status
    if seat.open:
        waiting = any(row.state == "pending" and row.message.get("revision") == seat.revision for row in found.inbox)
        return "pending" if waiting else "open" if found.held else "role_ended"
    if seat.why == COPIED:
        return "copied"
    if any(taken.person.id == seat.person for taken in found.decisions):
        return "answered"
    if seat.why == AFTER and seat.revision == task.revision and found.held:
        return "later"
    return "reassigned" if found.held else "role_ended"


def _opinion(pack: Pack, found: Found, taken: Taken, places: PlaceMap) -> said.Opinion:
    """Those who sit at the same task read each other's drafted opinions; who only sits elsewhere never gets here."""
    return said.opinion(
        pack,
        found.task,
        taken,
        subject=found.case.subject,
        places=places,
        words=True,
        names=found.task.status == "open" or taken.person.id == found.seat.person,
    )


def _subject(person: Person | None, places: PlaceMap) -> Subject | None:
    if person is None:
        return None
    return Subject(
        person.id,
        person.name,
        places.name(person.institution),
        person.profession,
        person.specialty,
        person.professional_title,
        person.qualified_on.isoformat() if person.qualified_on else "",
    )
