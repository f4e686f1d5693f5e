"""The approval sheet (审批单): what was asked on which clause, and each step's opinion with who, when and how (COR-05).

Boxes are filled from the record; a step that has not decided yet keeps its box, to be signed and sealed by hand.
"""

from collections.abc import Sequence

from db.engine.tasks import TaskRow
from policies.engine.questions import Kind
from policies.engine.words import Words
from services.engine import said
from services.engine.taken import Taken
from services.office_words import CHANNELS
from services.official.matters import matter
from services.official.model import Box, Boxes, Fact, Facts, Passage
from services.official.reading import Reading, Sheet, day, moment, until

NAME = "approval"
CLOSED_WORDS = "（意见内容不对打印人的角色开放）"
ACTING = {"vacant": "{role}空缺，由其代为办理", "conflict": "{role}须回避，由其办理"}
SEATED = {
    "named": "指定办理",
    "by_name": "指定办理",
    "handed_over": "转办",
    "deputy": "委托代办",
    "signs_before": "前加签",
    "signs_after": "后加签",
    "consulted": "征求意见",
}


async def approval(reading: Reading, task: TaskRow) -> Sheet:
    """The sheet of one task."""
    asked = reading.pack.tasks[task.name]
    label = reading.pack.documents.get(NAME, Words("审批单", "Approval sheet"))
    parts = [
        Facts(_facts(reading, task)),
        Passage("请示事项", asked.ask.zh),
        *await matter(reading, task),
        Boxes(boxes(reading, [task]), "办理意见"),
    ]
    title = Words(f"{asked.title.zh}{label.zh}", f"{asked.title.en}: {label.en}")
    return Sheet(task.institution or reading.case.institution or "", tuple(parts), asked.rule, title)


def boxes(reading: Reading, tasks: Sequence[TaskRow]) -> tuple[Box, ...]:
    """The boxes of these tasks, the oldest first: answers as they were given, then who is still asked."""
    return tuple(
        box
        for task in tasks
        for box in (
            *(_given(reading, task, each) for each in reading.answers(task)),
            *(_waiting(reading, task) if task.status == "open" else ()),
        )
    )


def _facts(reading: Reading, task: TaskRow) -> tuple[Fact, ...]:
    case, pack, subject = reading.case, reading.pack, reading.found.subject
    facts = [Fact("事项编号", case.id), Fact("项目", f"{pack.title.zh}（{pack.version}）")]
    if subject and (reading.names or subject.id == reading.viewer.person):
        facts.append(Fact("人员", subject.name))
    facts += [
        Fact("承办单位", reading.place(task.institution or case.institution)),
        Fact("提出时间", moment(task.opened_at)),
        Fact("办理时限", until(task.due_at) if task.due_at else "无期限"),
        Fact("办理结果", _result(reading, task)),
    ]
    return tuple(facts)


def _result(reading: Reading, task: TaskRow) -> str:
    if task.status == "open":
        return "办理中"
    if task.status == "withdrawn":
        return "已取消，不需要办理"
    return said.choice(reading.pack, task.outcome).zh


def _given(reading: Reading, task: TaskRow, each: Taken) -> Box:
    words = reading.standing.reads(reading.pack, task, each.row)
    names = reading.names or each.person.id == reading.viewer.person
    opinion = said.opinion(
        reading.pack,
        task,
        each,
        subject=reading.case.subject,
        places=reading.places,
        words=words,
        names=names,
    )
    spoken = CLOSED_WORDS if opinion.words is None else opinion.words
    return Box(
        f"{opinion.institution.zh}\n{opinion.role.zh}",
        "\n".join(part for part in (opinion.choice.zh, spoken) if part),
        opinion.name,
        day(opinion.decided_on),
        tuple(_notes(opinion)),
    )


def _notes(opinion: said.Opinion) -> list[str]:
    way = CHANNELS.get(opinion.channel, opinion.channel)
    notes = [f"决定于{day(opinion.decided_on)}，记录于{moment(opinion.recorded_at)}，方式：{way}"]
    if opinion.due:
        kept = f"逾期作出，收到于{moment(opinion.received_at)}" if opinion.late else "按期作出"
        notes.append(f"办理时限：{until(opinion.due)}，{kept}")
    if opinion.why in ACTING:
        notes.append(ACTING[opinion.why].format(role=opinion.stands_for.zh))
    elif opinion.acting_for:
        notes.append(f"代{opinion.acting_for}办理（委托代办）")
    elif opinion.why in SEATED:
        notes.append(SEATED[opinion.why])
    hands = (("代录", opinion.recorder), ("核对", opinion.checker))
    if by := "；".join(f"{word}：{hand.place.zh}{hand.name}" for word, hand in hands if hand):
        notes.append(by)
    if opinion.minutes:
        notes.append(f"会议纪要文号：{opinion.minutes}")
    return notes


def _waiting(reading: Reading, task: TaskRow) -> list[Box]:
    """A box for each step that is still to come; where all of a group are asked, one for each who has not answered."""
    asked = reading.pack.tasks[task.name]
    if asked.kind in (Kind.ALL, Kind.QUORUM):
        open_seats = [seat for seat, _ in reading.found.seats if seat.task_id == task.id and seat.open]
        return [Box(_heading(reading, seat.role, seat.institution)) for seat in open_seats]
    here, to_come = asked.steps[task.step], asked.steps[task.step :]
    places = [task.institution if step.at == here.at else None for step in to_come]
    return [Box(_heading(reading, step.role, place)) for step, place in zip(to_come, places, strict=True)]


def _heading(reading: Reading, role: str, place: str | None) -> str:
    return "\n".join(part for part in (reading.place(place), said.role(reading.pack, role).zh) if part)
