"""The order of writes in one commit: the lifecycle's effects, tasks and answers, letters, the file, the case itself."""

from collections.abc import Mapping

from pydantic import TypeAdapter

from activities.engine import asking, lines, passing, post, reseating
from activities.engine.messages import Answered, Committed
from activities.engine.progress import with_results
from activities.engine.scene import EffectFunction, Scene
from activities.engine.snapshots import as_stored
from db.engine import evidence_chain
from db.engine.cases import CaseFile, EventRow, TransitionRow
from db.engine.row_proof import START
from db.engine.seals import Unsealed
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow

COMMITTED = TypeAdapter(Committed)


async def write(scene: Scene, effects: Mapping[str, EffectFunction]) -> Committed:
    """Write the whole transition; the caller owns the transaction."""
    answers = {effect.key: await effects[effect.name](scene, effect.refs) for effect in scene.transition.effects}
    scene.writes.add(DecisionRow, *(_decision(scene, answer) for answer in scene.transition.answers))
    _close_tasks(scene)
    seated, vacancies = await asking.ask(scene)
    ended = {*scene.transition.settled, *scene.transition.withdrawn}
    retimed = {task: await asking.retime(scene, task) for task in scene.transition.retimed if task not in ended}
    changes = await reseating.reseat(scene, seated)
    further = await post.write(scene, seated, vacancies, changes)
    await passing.pass_seats(scene)
    _post_notices(scene)
    _mark_inbox(scene)
    reseated = {change.asked.task: change.as_told for change in changes}
    committed = Committed(seated, {key: answer for key, answer in answers.items() if key}, further, retimed, reseated)
    if not scene.case.events:
        scene.name_row(START, START.content_of(scene.case))
    rows = evidence_chain.append(scene.case, lines.of(scene, seated, changes), at=scene.at, keyring=scene.keyring)
    scene.writes.add(EventRow, *rows)
    _move_case(scene, committed)
    await scene.send_writes()
    return committed


def _decision(scene: Scene, answer: Answered) -> dict[str, object]:
    inbox = scene.inbox[answer.request]
    return {
        "request": answer.request,
        "case_id": scene.case.id,
        "task_id": scene.task_id(answer.task),
        "revision": answer.revision,
        "step": answer.step,
        "person": answer.person,
        "role": answer.seat.role,
        "on_behalf_of": answer.seat.acting_for,
        "choice": answer.choice,
        "channel": inbox.channel,
        "words": inbox.words,
        "form": inbox.form,
        "due_at": answer.due,
        "late": lines.is_late(answer, inbox),
        "decided_on": lines.decided_on(scene, inbox),
        "received_at": inbox.received_at,
        "decided_at": scene.at,
        "recorded_by": inbox.recorded_by,
        "checked_by": inbox.checked_by,
        "evidence": inbox.evidence,
        "minutes": inbox.minutes,
    }


def _close_tasks(scene: Scene) -> None:
    """Seats of an answered step close; a step that is asked anew opens its own."""
    transition = scene.transition
    touched = {*transition.settled, *transition.withdrawn, *(one.task for one in transition.asked)}
    for task in sorted(touched):
        scene.writes.change(SeatRow, {"task_id": scene.task_id(task), "open": False}, by=("task_id",))
    for answer in transition.answers:
        if answer.task not in touched:
            seat = {"task_id": scene.task_id(answer.task), "person": answer.person, "open": False}
            scene.writes.change(SeatRow, seat, by=("task_id", "person"))
    for task, outcome in transition.settled.items():
        _end_task(scene, task, status="settled", outcome=outcome)
    for task in transition.withdrawn:
        _end_task(scene, task, status="withdrawn", outcome="")


def _end_task(scene: Scene, task: str, *, status: str, outcome: str) -> None:
    ended = {"id": scene.task_id(task), "status": status, "outcome": outcome, "settled_at": scene.at}
    scene.writes.change(TaskRow, ended, by=("id",))


def _post_notices(scene: Scene) -> None:
    rows = [
        {
            "request": scene.key("n", number),
            "case_id": posted.to,
            "verb": "notice",
            "message": {"name": posted.name, "refs": posted.refs},
            "form": {},
            "received_at": scene.at,
        }
        for number, posted in enumerate([*scene.transition.notices, *scene.informed])
    ]
    scene.writes.add(InboxRow, *rows)
    scene.told.extend(str(row["request"]) for row in rows)


def _mark_inbox(scene: Scene) -> None:
    applied = ({"request": request, "state": "applied", "refusal": ""} for request in scene.inbox)
    scene.writes.change(InboxRow, *applied, by=("request",))


def _move_case(scene: Scene, committed: Committed) -> None:
    case, transition = scene.case, scene.transition
    moved: dict[str, object] = {
        "id": case.id,
        "seq": transition.seq,
        "stage": transition.stage,
        "changed_at": transition.at,
        "state": "closed" if transition.outcome else "open",
        "outcome": transition.outcome,
        "open_key": None if transition.outcome and not transition.holds_key else case.open_key,
        "snapshot": as_stored(with_results(transition.snapshot, committed)),
        "events": case.events,
        "file_head": case.file_head,
        "file_seal": case.file_seal,
    }
    result = COMMITTED.dump_python(committed, mode="json")
    scene.writes.change(CaseFile, moved, by=("id",))
    scene.writes.add(Unsealed, {"case_id": case.id, "seq": transition.seq})
    scene.writes.add(TransitionRow, {"case_id": case.id, "seq": transition.seq, "at": scene.at, "result": result})
