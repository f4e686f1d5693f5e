"""Which letters a transition sends: to those asked, by the rungs of the ladder, about outcomes. Rows only; the courier
sends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from activities.engine.messages import Asked, Fired, Seated, Telling
from activities.engine.reseating import Change
from activities.engine.scene import Scene
from db.engine.post import LetterRow, LinkRow
from db.engine.roles import Standing, nearest_holders
from db.engine.tasks import TaskRow
from mail.links import fingerprint, token
from policies.engine import ladder
from policies.engine.answering import called
from policies.engine.pack_parts import LadderType
from policies.engine.seats import waits_for_its_turn
from policies.engine.tasks import Rung, Status
from vault.keyring import Key, Purpose

MONITOR = "R-29"
# A link outlives its deadline: a late answer is answered by a page that says so, not by an unknown link.
LINK_LIVES = timedelta(days=120)
DECIDE = "decide"


@dataclass(frozen=True)
class Envelope:
    """One letter before it has an id. `acts` letters carry a link that may decide."""

    person: str
    kind: str
    task: str = ""
    revision: int = 0
    acts: bool = False
    details: tuple[tuple[str, str], ...] = ()


async def write(
    scene: Scene, seated: dict[str, Seated], odd: list[Asked], changes: Sequence[Change]
) -> dict[str, tuple[Rung, ...]]:
    """Write every letter of the transition; returns the further rungs of ladders whose fixed part is used up."""
    envelopes = [*_asked(scene, seated), *_handed(scene), *_replied(scene), *_copied(scene)]
    for change in changes:
        envelopes += _reseated(change)
    for asked in [*odd, *(change.asked for change in changes if change.is_odd)]:
        envelopes += await _vacancy(scene, asked)
    further: dict[str, tuple[Rung, ...]] = {}
    for task, fired in _by_task(scene.transition.fired).items():
        rung_letters, more = await _climb(scene, task, fired)
        envelopes += rung_letters
        further[task] = more
    for telling in (*scene.transition.tellings, *scene.tellings):
        envelopes += await _told(scene, telling)
    envelopes += await _urged(scene)
    envelopes += _recorded_for(scene)
    _store(scene, envelopes)
    return {task: rungs for task, rungs in further.items() if rungs}


def _asked(scene: Scene, seated: dict[str, Seated]) -> list[Envelope]:
    revisions = {asked.task: asked.revision for asked in scene.transition.asked}
    return [
        Envelope(seat.person, "task", task, revisions[task], acts=True)
        for task, found in seated.items()
        for seat in found.seats
    ]


def _handed(scene: Scene) -> list[Envelope]:
    return [
        Envelope(seat.person, "task", task.id, task.revision, acts=True)
        for task, seat in ((scene.transition.snapshot.task(local), seat) for local, seat in scene.handed_over())
        if not waits_for_its_turn(task, scene.pack.shape(task.name), seat)
    ]


def _replied(scene: Scene) -> list[Envelope]:
    """Who asked for an opinion learns that it is there, while the task is still theirs."""
    pairs = (key.partition("/") for key in scene.transition.replied)
    found = ((scene.transition.snapshot.task(local), person) for local, _, person in pairs)
    return [
        Envelope(person, "opinion_given", task.id, task.revision, acts=True)
        for task, person in found
        if task.status is Status.OPEN and task.seat_of(person)
    ]


def _copied(scene: Scene) -> list[Envelope]:
    tasks = ((key.partition("/")[0], seat) for key, seat in scene.transition.copied.items())
    return [
        Envelope(seat.person, "copied", local, scene.transition.snapshot.task(local).revision) for local, seat in tasks
    ]


def _reseated(change: Change) -> list[Envelope]:
    """Who is asked now gets the task, who was asked is told that the role has ended."""
    task, revision = change.asked.task, change.asked.revision
    asked = [Envelope(seat.person, "task", task, revision, acts=True) for seat in change.found]
    return [*asked, *(Envelope(seat.person, "seat_ended", task, revision) for seat in change.gone)]


async def _vacancy(scene: Scene, asked: Asked) -> list[Envelope]:
    monitors = await _nearest(scene, (MONITOR,), asked.place)
    return [Envelope(person, "vacancy_alert", asked.task, asked.revision) for person in monitors]


def _by_task(fired: Iterable[Fired]) -> dict[str, list[Fired]]:
    grouped: dict[str, list[Fired]] = {}
    for one in fired:
        grouped.setdefault(one.task, []).append(one)
    return grouped


async def _climb(scene: Scene, task_id: str, fired: list[Fired]) -> tuple[list[Envelope], tuple[Rung, ...]]:
    """The letters of the rungs that fired together on one task; one letter a person and instant, the sternest."""
    task = await scene.standing(task_id)
    steps = scene.pack.ladders[scene.pack.tasks[task.name].ladder]
    envelopes: dict[str, Envelope] = {}
    for one in fired:
        kind, receivers = _rung(steps, one.rung)
        for receiver in receivers:
            for person in await _receivers(scene, task, receiver):
                acts = receiver == "assignee"
                envelopes[person] = Envelope(
                    person, kind, task_id, task.revision, acts=acts, details=(("rung", one.rung), ("to", receiver))
                )
    escalated = task.escalated or any(_rung(steps, one.rung)[0] == "escalation" for one in fired)
    climbed = {"id": task.id, "last_rung": fired[-1].rung, "escalated": escalated}
    scene.writes.change(TaskRow, climbed, by=("id",))
    return list(envelopes.values()), _further(scene, task_id, task, steps)


def _rung(steps: LadderType, name: str) -> tuple[str, tuple[str, ...]]:
    for rung in steps.rungs:
        if rung.name == name:
            return rung.kind, rung.to
    weekly = steps.weekly
    return (weekly.kind, weekly.to) if weekly else ("escalation", ("monitor",))


def _further(scene: Scene, task_id: str, task: Standing, steps: LadderType) -> tuple[Rung, ...]:
    """The weekly rung, once nothing fixed is left to fire."""
    if scene.transition.snapshot.task(task_id).rungs or task.due_at is None:
        return ()
    last_day = scene.calendar.local_day(task.due_at - timedelta(seconds=1))
    deadline = scene.calendar.deadline_on(last_day)
    weekly = ladder.weekly_after(steps, deadline, scene.calendar, after=scene.at)
    return (Rung(weekly.name, weekly.at),) if weekly else ()


async def _receivers(scene: Scene, task: Standing, receiver: str) -> list[str]:
    if receiver == "assignee":
        return list(task.seated)
    upwards = scene.pack.roles[task.role].escalates_to
    roles = {"superior": upwards, "next_level": upwards[1:], "hr": (MONITOR,), "monitor": (MONITOR,)}[receiver]
    return await _nearest(scene, roles, task.institution)


async def _nearest(scene: Scene, roles: tuple[str, ...], place: str | None) -> list[str]:
    """The holders above a place; the monitors of the case, where a body outside of the case's own tree has none."""
    home, today = scene.case.institution or "", scene.calendar.local_day(scene.at)
    found = await nearest_holders(scene.connection, roles, place or home, on=today)
    if not found and roles == (MONITOR,):
        found = await nearest_holders(scene.connection, roles, home, on=today)
    return [person for person, _, _ in found]


async def _told(scene: Scene, telling: Telling) -> list[Envelope]:
    if telling.person:
        people = [telling.person]
    else:
        place = telling.place or scene.case.institution or ""
        today = scene.calendar.local_day(scene.at)
        people = [person for person, _, _ in await nearest_holders(scene.connection, (telling.role,), place, on=today)]
    details = tuple(sorted({"what": telling.kind, **telling.details}.items()))
    return [Envelope(person, "outcome", details=details) for person in people]


async def _urged(scene: Scene) -> list[Envelope]:
    envelopes: list[Envelope] = []
    for line in scene.transition.lines:
        if line.name == "urged":
            task = scene.transition.snapshot.task(line.task)
            awaited = called(task, scene.pack.shape(task.name))
            envelopes += [Envelope(seat.person, "urge", task.id, task.revision, acts=True) for seat in awaited]
    return envelopes


def _recorded_for(scene: Scene) -> list[Envelope]:
    """The signer of a paper decision is told and may object (COR-04)."""
    return [
        Envelope(
            answer.person,
            "recorded_for_you",
            answer.task,
            answer.revision,
            details=(("by_request", answer.request),),
        )
        for answer in scene.transition.answers
        if scene.inbox[answer.request].channel == "paper"
    ]


def _store(scene: Scene, envelopes: list[Envelope]) -> None:
    if not envelopes:
        return
    key = scene.keyring.current(Purpose.LINK)
    letters = [_letter(scene, envelope, scene.key("l", number), key) for number, envelope in enumerate(envelopes)]
    scene.writes.add(LetterRow, *letters)
    scene.writes.add(LinkRow, *(_link(letter, key) for letter in letters if letter["link_key"]))
    scene.wrote_letters = True


def _letter(scene: Scene, envelope: Envelope, letter_id: str, key: Key) -> dict[str, Any]:
    return {
        "id": letter_id,
        "case_id": scene.case.id,
        "task_id": scene.task_id(envelope.task) if envelope.task else None,
        "person": envelope.person,
        "kind": envelope.kind,
        "revision": envelope.revision,
        "details": dict(envelope.details),
        "link_key": key.id if envelope.acts and envelope.task else "",
        "state": "waiting",
        "created_at": scene.at,
        "not_before": scene.at,
    }


def _link(letter: dict[str, Any], key: Key) -> dict[str, Any]:
    """What the letter's link may do, kept under the hash of its token."""
    bound = {name: letter[name] for name in ("person", "revision")}
    secret = token(key, task=letter["task_id"], letter=letter["id"], purpose=DECIDE, **bound)
    return bound | {
        "fingerprint": fingerprint(secret),
        "letter_id": letter["id"],
        "task_id": letter["task_id"],
        "purpose": DECIDE,
        "expires_at": letter["created_at"] + LINK_LIVES,
    }
