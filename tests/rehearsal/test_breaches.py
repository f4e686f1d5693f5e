"""Each of the things that may never be is found, and nothing else is: the record of a sound year is altered in one
place, and that place is named.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from db.engine.damage import Damage
from policies.engine.pack import Pack
from rehearsal.breaches import RULES, WORDS, breaches
from rehearsal.records import Line, Records
from rehearsal.run import Rehearsed
from tests.rehearsal.altered import altered

Kind = TypeVar("Kind")
Alter = Callable[[Records], Records]


def without(rows: Sequence[Kind], row: object) -> list[Kind]:
    return [one for one in rows if one is not row]


def rung(records: Records) -> Line:
    return next(line for line in records.lines if line.event == "rung_fired" and line.refs["rung"] == "due")


def lost_decision(records: Records) -> Records:
    return replace(records, decisions=records.decisions[1:])


def decision_of_nobody(records: Records) -> Records:
    stranger = altered(records.decisions[0], person="rh-t01-deputy")
    return replace(records, decisions=[stranger, *records.decisions[1:]])


def decision_of_a_machine(records: Records) -> Records:
    return replace(records, decisions=[altered(records.decisions[0], channel="api"), *records.decisions[1:]])


def doubled_decision(records: Records) -> Records:
    return replace(records, decisions=[*records.decisions, records.decisions[0]])


def pending_answer(records: Records) -> Records:
    answer = next(one for one in records.inbox if one.verb == "decide")
    return replace(records, inbox=[altered(answer, state="pending"), *without(records.inbox, answer)])


def missed_rung(records: Records) -> Records:
    return replace(records, lines=without(records.lines, rung(records)))


def doubled_rung(records: Records) -> Records:
    return replace(records, lines=[*records.lines, rung(records)])


def late_rung(records: Records) -> Records:
    late = replace(rung(records), at=rung(records).at + timedelta(minutes=40))
    return replace(records, lines=[*without(records.lines, rung(records)), late])


def undue_rung(records: Records) -> Records:
    early = replace(rung(records), refs={"rung": "weekly_1"})
    return replace(records, lines=[*records.lines, early])


def stuck_case(records: Records) -> Records:
    case = records.cases[0]
    return replace(records, cases=[altered(case, state="open"), *records.cases[1:]])


def post_of_two(records: Records) -> Records:
    first, second, *others = records.matches
    return replace(records, matches=[first, altered(second, post=first.post), *others])


def person_of_two_posts(records: Records) -> Records:
    first, second, *others = records.matches
    return replace(records, matches=[first, altered(second, case_id=first.case_id), *others])


def too_many_excellent(records: Records) -> Records:
    return replace(records, grades=[altered(one, grade="excellent") for one in records.grades])


def lost_letter(records: Records) -> Records:
    return replace(records, caught=records.caught[1:])


def doubled_letter(records: Records) -> Records:
    return replace(records, caught=[*records.caught, records.caught[0]])


def unknown_letter(records: Records) -> Records:
    return replace(records, caught=[*records.caught, ("of-nobody", "")])


def waiting_letter(records: Records) -> Records:
    letter = next(one for one in records.letters if one.kind == "outcome")
    return replace(records, letters=[altered(letter, state="waiting"), *without(records.letters, letter)])


def unwritten_letter(records: Records) -> Records:
    letter = next(one for one in records.letters if one.kind == "task")
    caught = [one for one in records.caught if one[0] != letter.id]
    return replace(records, letters=without(records.letters, letter), caught=caught)


def letter_with_a_name(records: Records) -> Records:
    (letter, text), *others = records.caught
    addressee = next(one.person for one in records.letters if one.id == letter)
    stranger = next(one.name for one in records.people if one.id != addressee)
    return replace(records, caught=[(letter, f"{text}{stranger}"), *others])


def damaged_file(records: Records) -> Records:
    return replace(records, damage=[Damage("line_altered", records.cases[0].id, 3)])


def story_told_otherwise(records: Records) -> Records:
    cases = [altered(one, outcome="withdrawn") if one.outcome == "filed" else one for one in records.cases]
    return replace(records, cases=cases)


PLANTED: Sequence[tuple[Alter, str, set[str]]] = (
    (lost_decision, "decider", {"answer_lost", "no_decision"}),
    (decision_of_nobody, "decider", {"no_seat", "no_answer"}),
    (decision_of_a_machine, "decider", {"not_by_a_person"}),
    (doubled_decision, "decider", {"decided_twice"}),
    (pending_answer, "decider", {"answer_pending"}),
    (missed_rung, "rung", {"rung_missed"}),
    (doubled_rung, "rung", {"rung_doubled"}),
    (late_rung, "rung", {"rung_late"}),
    (undue_rung, "rung", {"rung_undue"}),
    (stuck_case, "stuck", {"case_open"}),
    (post_of_two, "cap", {"post_twice"}),
    (person_of_two_posts, "cap", {"matched_twice"}),
    (too_many_excellent, "cap", {"cap_exceeded"}),
    (lost_letter, "letter", {"letter_lost"}),
    (doubled_letter, "letter", {"letter_doubled"}),
    (unknown_letter, "letter", {"letter_unknown"}),
    (waiting_letter, "letter", {"letter_waiting"}),
    (unwritten_letter, "letter", {"never_written"}),
    (letter_with_a_name, "name", {"name_told"}),
    (damaged_file, "file", {"damaged"}),
    (story_told_otherwise, "story", {"told_otherwise"}),
)


@pytest.mark.parametrize(("alter", "rule", "what"), PLANTED, ids=lambda one: getattr(one, "__name__", ""))
def test_a_planted_violation_is_found(
    rehearsed: Rehearsed, dq_a: Pack, alter: Alter, rule: str, what: set[str]
) -> None:
    found = breaches(alter(rehearsed.records), dq_a, rehearsed.calendar, rehearsed.play)
    assert {one.rule for one in found} == {rule}
    assert {one.what for one in found} == what


def test_a_sound_year_has_none(rehearsed: Rehearsed, dq_a: Pack) -> None:
    assert breaches(rehearsed.records, dq_a, rehearsed.calendar, rehearsed.play) == []


def test_every_rule_and_every_fault_is_planted_somewhere() -> None:
    assert {rule for _, rule, _ in PLANTED} == set(RULES)
    assert set().union(*(what for *_, what in PLANTED)) == set(WORDS)
