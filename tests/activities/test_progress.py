"""A long case brings to its commits only what has changed; the record makes the whole of it again."""

from copy import deepcopy
from dataclasses import fields, replace
from datetime import UTC, datetime

from activities.engine.messages import CaseState, Notice
from activities.engine.progress import changes, whole
from activities.engine.snapshots import as_state, as_stored
from policies.engine.questions import Question
from policies.engine.tasks import Answer, Status, Task, opened

AT = datetime(2040, 3, 5, 1, 0, tzinfo=UTC)


def a_state(tasks: int) -> CaseState:
    asked = [opened(Question(f"check_in/{number}", "check_in"), task_id=f"t{number}") for number in range(tasks)]
    return CaseState(seq=7, stage="in_service", tasks=asked, asked=tasks, applied=["r1"], marks={"once:started": "yes"})


def test_what_has_changed_is_enough_to_make_the_whole_state_again() -> None:
    recorded, state = a_state(20), a_state(20)
    state.seq, state.stage = 8, "term_completed"
    state.tasks[3].status = Status.SETTLED
    state.tasks[3].answers.append(Answer("r2", "p-t1-head", 0, "check_in", AT))
    state.tasks.append(opened(Question("certify/1", "certify_term"), task_id="t20"))
    state.applied.append("r2")
    state.heard["leave/1"] = Notice("r3", "leave", {"leave": "l1"})
    state.notices.append(Notice("r4", "activity", {"activity": "v1"}))
    state.marks |= {"once:started": "again", "effect:clocks/1": "met"}

    changed = changes(state, recorded)

    assert [task.id for task in changed.tasks] == ["t3", "t20"]
    assert (changed.applied, set(changed.heard)) == (["r2"], {"leave/1"})
    assert whole(changed, as_state(as_stored(recorded))) == state


def test_a_notice_that_was_taken_waits_no_longer() -> None:
    recorded = replace(a_state(1), notices=[Notice("r4", "activity")])
    state = replace(deepcopy(recorded), notices=[])

    assert whole(changes(state, recorded), recorded).notices == []


def test_a_copied_state_shares_nothing_that_may_change() -> None:
    state = a_state(2)
    copied = state.copied()

    assert copied == state
    pairs: list[tuple[CaseState | Task, CaseState | Task]] = [(state, copied)]
    for one, other in [*pairs, *zip(state.tasks, copied.tasks, strict=True)]:
        held = [(getattr(one, each.name), getattr(other, each.name)) for each in fields(one)]
        assert all(mine is not its for mine, its in held if isinstance(mine, list | dict | set | CaseState | Task))
