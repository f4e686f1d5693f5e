"""The lines that a transition writes into the case's file: what was asked, answered, reminded, settled, and where the
case stands.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from activities.engine.messages import Answered, Asked, Line, Seated
from activities.engine.reseating import Change
from activities.engine.scene import Scene
from db.engine.evidence_chain import instant, words_digest
from db.engine.tasks import PAPER_REQUEST, DecisionRow, InboxRow, PaperDecision
from policies.engine.tasks import Seat

Body = dict[str, object]
# The line of a transition that has written rows and says nothing else.
ROWS_WRITTEN = "rows_written"


def decided_on(scene: Scene, inbox: InboxRow) -> date:
    """The local day of a decision: the one on the paper, else the day on which it was received."""
    return inbox.decided_on or scene.calendar.local_day(inbox.received_at)


async def day_of_answer(scene: Scene, request: str) -> date:
    """The local day of an answer of this case, in this transition or an earlier one: on a sheet, the day on it."""
    if request in scene.inbox:
        return decided_on(scene, scene.inbox[request])
    answer = await scene.session.get_one(DecisionRow, request)
    return answer.decided_on


async def day_recorded(scene: Scene, request: str) -> date | None:
    """The local day on which a decision taken on paper was recorded; None for any other answer (COR-04)."""
    if not request.startswith(PAPER_REQUEST):
        return None
    sheet = await scene.session.get(PaperDecision, request.removeprefix(PAPER_REQUEST))
    return scene.calendar.local_day(sheet.recorded_at) if sheet else None


def is_late(answer: Answered, inbox: InboxRow) -> bool:
    """Lateness is judged by the receipt, not by the delivery (design 6)."""
    return bool(answer.due and inbox.received_at > answer.due)


def of(scene: Scene, seated: Mapping[str, Seated], changes: Sequence[Change]) -> list[Body]:
    """Every line of the transition, in the order in which it happened."""
    transition = scene.transition
    bodies = [_answered(scene, answer) for answer in transition.answers]
    bodies += [_told(scene, line) for line in transition.lines]
    bodies += [_settled(scene, task, outcome) for task, outcome in transition.settled.items()]
    bodies += [_body(scene, "task_withdrawn", task=task) for task in transition.withdrawn]
    bodies += [_asked(scene, asked, seated[asked.task]) for asked in transition.asked]
    bodies += [_reseated(scene, change) for change in changes]
    bodies += [_body(scene, "deadline_moved", task=task) for task in transition.retimed]
    bodies += [_body(scene, "rung_skipped", task=task, refs={"rung": rung}) for task, rung in scene.skipped]
    bodies += [_body(scene, "rung_fired", task=fired.task, refs={"rung": fired.rung}) for fired in transition.fired]
    if transition.stage != scene.case.stage:
        bodies.append(_body(scene, "stage", refs={"from": scene.case.stage, "to": transition.stage}))
    if transition.outcome:
        bodies.append(_body(scene, "closed", refs={"outcome": transition.outcome}))
    if scene.named:
        bodies = bodies or [_body(scene, ROWS_WRITTEN)]
        bodies[-1]["rows"] = scene.named
    return bodies


def _answered(scene: Scene, answer: Answered) -> Body:
    inbox = scene.inbox[answer.request]
    body = _body(scene, "decided", task=answer.task, refs={"choice": answer.choice, "step": str(answer.step)})
    body |= {
        "actor": answer.person,
        "role": answer.seat.role,
        "institution": answer.seat.institution,
        "channel": inbox.channel,
        "request": answer.request,
        "revision": answer.revision,
        "received_at": instant(inbox.received_at),
        "decided_on": decided_on(scene, inbox).isoformat(),
        "due": instant(answer.due),
        "late": is_late(answer, inbox),
        "seated_as": answer.seat.why,
        **({"on_behalf_of": answer.seat.acting_for} if answer.seat.acting_for else {}),
        "words": words_digest(scene.keyring, inbox.words, inbox.form),
    }
    task = scene.transition.snapshot.task(answer.task)
    body["rule_ids"] = [scene.pack.tasks[task.name].rule]
    for name in ("recorded_by", "checked_by", "evidence", "minutes"):
        if value := getattr(inbox, name):
            body[name] = value
    return body


def _told(scene: Scene, line: Line) -> Body:
    body = _body(scene, line.name, task=line.task, refs=line.refs)
    body |= {"actor": line.actor, "rule_ids": list(line.rule_ids)}
    if line.request:
        body["by_request"] = line.request
    return body


def _settled(scene: Scene, task: str, outcome: str) -> Body:
    return _body(scene, "settled", task=task, refs={"outcome": outcome})


def _asked(scene: Scene, asked: Asked, seated: Seated) -> Body:
    """Who was asked, why they, and until when."""
    body = _body(scene, "asked", task=asked.task, refs=_of_asked(asked))
    rules = [scene.pack.tasks[asked.name].rule]
    return body | {"due": instant(seated.due), "seats": _seats(seated.seats), "rule_ids": rules}


def _reseated(scene: Scene, change: Change) -> Body:
    """Whose role, or whose turn as a deputy, has ended, and who is asked in their place."""
    refs = {"reason": change.reason, "role": change.asked.role, "place": change.asked.place}
    body = _body(scene, "reseated", task=change.asked.task, refs=refs)
    return body | {"former": _seats(change.former), "seats": _seats((*change.waiting, *change.found))}


def _seats(seats: Sequence[Seat]) -> list[dict[str, str]]:
    return [
        {"person": seat.person, "role": seat.role, "seated_as": seat.why}
        | ({"acting_for": seat.acting_for} if seat.acting_for else {})
        for seat in seats
    ]


def _of_asked(asked: Asked) -> dict[str, str]:
    return {
        "name": asked.name,
        "step": asked.step_name,
        "role": asked.role,
        "place": asked.place if not asked.to else "",
        "revision": str(asked.revision),
    }


def _body(scene: Scene, name: str, *, task: str = "", refs: dict[str, str] | None = None) -> Body:
    body: Body = {"event": name, "pack": f"{scene.case.pack} {scene.case.pack_version}", "seq": scene.transition.seq}
    if task:
        body["task"] = scene.task_id(task)
    if refs:
        body["refs"] = refs
    return body
