"""What may never be: a decision without a decider, a rung twice or never, a stuck case, a cap exceeded, a letter lost
or doubled, a file that was altered. Each check is a function of the rows alone.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from i18n import N_
from policies.engine.calendar import WorkingCalendar
from policies.engine.pack import Pack
from rehearsal.cohorts import cohorts
from rehearsal.play import Play
from rehearsal.records import Records
from rehearsal.rungs import missed_and_doubled
from rehearsal.stories import life_of, told_of

# By which ways a person answers; a machine's is none of them.
BY_PEOPLE = ("link", "page", "paper")
ON_ITS_WAY = ("waiting", "sending")


@dataclass(frozen=True)
class Breach:
    """Something that may never be: which rule of the rehearsal, what is wrong, and where."""

    rule: str
    what: str
    where: str


RULES: Mapping[str, str] = {
    "decider": N_("每项决定都有作出决定的人，每次提交都有着落"),
    "rung": N_("每次提醒和升级都按时发出，且只发一次"),
    "stuck": N_("没有停滞的事项"),
    "cap": N_("名额和比例没有超限"),
    "letter": N_("每封信都送达一次，没有遗漏或重复"),
    "name": N_("信中没有他人的姓名"),
    "file": N_("档案完整，未被改动"),
    "story": N_("每个特别情形都按规定办理和结束"),
}
WORDS: Mapping[str, str] = {
    "no_decision": N_("已办结，但没有人的决定"),
    "no_seat": N_("作出决定的人并未被询问"),
    "not_by_a_person": N_("决定不是由人作出"),
    "no_answer": N_("决定没有对应的提交"),
    "answer_lost": N_("提交后没有形成决定"),
    "answer_pending": N_("提交后仍未记录"),
    "decided_twice": N_("一次提交形成了多项决定"),
    "rung_missed": N_("应发未发"),
    "rung_doubled": N_("重复发出"),
    "rung_undue": N_("不应发而发出"),
    "rung_late": N_("未按时发出"),
    "case_open": N_("仍未结束，等待办理"),
    "cap_exceeded": N_("优秀超过比例上限"),
    "post_twice": N_("一个岗位匹配了多人"),
    "matched_twice": N_("一人匹配了多个岗位"),
    "letter_waiting": N_("没有发出"),
    "letter_lost": N_("已标记发出，但没有收到"),
    "letter_doubled": N_("收到多封"),
    "letter_unknown": N_("收到的信没有记录"),
    "never_written": N_("被询问的人没有收到通知"),
    "name_told": N_("信中出现了他人的姓名"),
    "damaged": N_("与封存的记录不一致"),
    "told_otherwise": N_("应当出现的没有出现"),
}


def breaches(records: Records, pack: Pack, calendar: WorkingCalendar, play: Play) -> list[Breach]:
    """Everything that is wrong, by rule."""
    found = [breach for check in CHECKS for breach in check(records)]
    over = [Breach("cap", "cap_exceeded", f"{one.group} {one.year}：{one.excellent}/{one.graded}")
            for one in cohorts(records, pack) if one.excellent > one.cap]  # fmt: skip
    rungs = [Breach("rung", what, where) for what, where in missed_and_doubled(records, pack, calendar)]
    stories = stories_told_otherwise(records, pack, calendar, play)
    return sorted([*found, *over, *rungs, *stories], key=lambda one: (list(RULES).index(one.rule), one.what, one.where))


def without_decider(records: Records) -> Iterator[Breach]:
    """A task that was settled without an answer, an answer by nobody who was asked, an answer that left no decision."""
    decided = {(one.task_id, one.choice) for one in records.decisions}
    for task in records.tasks:
        if task.status == "settled" and (task.id, task.outcome) not in decided:
            yield Breach("decider", "no_decision", task.id)
    seats = {(seat.task_id, seat.person, seat.revision) for seat in records.seats}
    answers = {one.request: one for one in records.inbox if one.verb == "decide"}
    for one in records.decisions:
        if (one.task_id, one.person, one.revision) not in seats:
            yield Breach("decider", "no_seat", one.task_id)
        if one.channel not in BY_PEOPLE:
            yield Breach("decider", "not_by_a_person", one.task_id)
        answer = answers.get(one.request)
        if answer is None or (answer.person, answer.task_id) != (one.person, one.task_id):
            yield Breach("decider", "no_answer", one.task_id)


def answers_lost(records: Records) -> Iterator[Breach]:
    """What a person has sent is one decision, or refused with its reason."""
    made = Counter(one.request for one in records.decisions)
    for answer in records.inbox:
        if answer.state == "pending":
            yield Breach("decider", "answer_pending", answer.task_id or answer.case_id)
        elif answer.verb == "decide" and answer.state == "applied" and made[answer.request] == 0:
            yield Breach("decider", "answer_lost", answer.task_id or answer.case_id)
    for request, times in made.items():
        if times > 1:
            yield Breach("decider", "decided_twice", request)


def stuck(records: Records) -> Iterator[Breach]:
    """A case that has not ended, and what it waits for."""
    for case in records.cases:
        if case.state != "closed":
            waits = sorted(f"{task.name}（{task.role}）" for task in records.tasks
                           if task.case_id == case.id and task.status == "open")  # fmt: skip
            yield Breach("stuck", "case_open", f"{case.id}：{case.stage}；{'、'.join(waits) or '—'}")


def caps_exceeded(records: Records) -> Iterator[Breach]:
    """One post one person, one person one post (DQ-3.1.3b)."""
    for what, count in (
        ("post_twice", Counter(match.post for match in records.matches)),
        ("matched_twice", Counter(match.case_id for match in records.matches)),
    ):
        yield from (Breach("cap", what, where) for where, number in count.items() if number > 1)


def letters_lost(records: Records) -> Iterator[Breach]:
    """What was sent has arrived once; who was asked was written to."""
    arrived, known = Counter(letter for letter, _ in records.caught), set[str]()
    for letter in records.letters:
        known.add(letter.id)
        if letter.state in ON_ITS_WAY:
            yield Breach("letter", "letter_waiting", letter.id)
        elif letter.state == "sent" and arrived[letter.id] == 0:
            yield Breach("letter", "letter_lost", letter.id)
        elif arrived[letter.id] > 1:
            yield Breach("letter", "letter_doubled", letter.id)
    yield from (Breach("letter", "letter_unknown", letter) for letter in arrived if letter not in known)
    written = {(one.task_id, one.person, one.revision) for one in records.letters if one.kind == "task"}
    for seat in records.seats:
        if (seat.task_id, seat.person, seat.revision) not in written:
            yield Breach("letter", "never_written", f"{seat.task_id} {seat.person}")


def names_told(records: Records) -> Iterator[Breach]:
    """A letter names nobody but whom it is for (DEF-19)."""
    addressees = {letter.id: letter.person for letter in records.letters}
    names = {person.name: person.id for person in records.people}
    for letter, text in records.caught:
        if any(name in text and person != addressees.get(letter) for name, person in names.items()):
            yield Breach("name", "name_told", letter)


def files_damaged(records: Records) -> Iterator[Breach]:
    """What `pinyong audit verify` would say."""
    yield from (Breach("file", "damaged", f"{one.case_id} {one.what} {one.which}") for one in records.damage)


def stories_told_otherwise(records: Records, pack: Pack, calendar: WorkingCalendar, play: Play) -> Iterator[Breach]:
    """What a part had to come to has not come about."""
    for person, part in play.cast.part_of.items():
        life = life_of(person, records, pack, calendar)
        for told in told_of(play.stories[part], life):
            if not told.holds:
                happened = told.happened.zh if told.happened else "—"
                yield Breach(
                    "story", "told_otherwise", f"{part} {person} {told.lifecycle}：{told.expected.zh}；{happened}"
                )


CHECKS: tuple[Callable[[Records], Iterator[Breach]], ...] = (
    without_decider,
    answers_lost,
    stuck,
    caps_exceeded,
    letters_lost,
    names_told,
    files_damaged,
)
