"""Every word that the lifecycles use stands in the pack; whom a task keeps apart; how a letter greets."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from activities.engine.lines import ROWS_WRITTEN
from console import wording
from db.engine.pack_files import read_pack
from policies.engine.pack import Pack, PackError, parse_pack
from services.official.kept import RECORDED, RETURNED

ROOT = Path(__file__).parents[2]
PACK_TEXT = (ROOT / "policies" / "packs" / "dq-a.toml").read_text()
TELLS = re.compile(r'\b_?tell(?:_\w+)?\(\s*"(\w+)"')
LIVES = ("workflows", "workflows/term")
# The lifecycles of flexible talent contracts have their words in a pack of their own.
OF_TALENT = (
    "workflows/talent/*",
    "workflows/talent_contract",
    "workflows/talent_assessment",
    "workflows/contract_*",
    "workflows/fund_year",
    "workflows/talent_payment",
    "workflows/ends/*",
    "activities/talent_*",
    "activities/contract_*",
)
NOTES = re.compile(r'\b(?:note|_line|Line)\(\s*"(\w+)"(?: if .*? else "(\w+)")?')
STAGES = re.compile(r'\b(?:enter|close|Ended)\(\s*"(\w+)"(?: if \w+ else "(\w+)")?')
TELLS_ALL = re.compile(r'\btell_all\(\s*"(\w+)"')
LINES = re.compile(r'_body\(scene, "(\w+)"')
UNAVAILABLE = {"post_taken", "post_closed"}  # said through a variable, see `_say_unavailable`
SETTLED = {"absence_confirmed", "absence_dismissed"}  # likewise, see `LINES`


def talent_files() -> set[Path]:
    return {path for name in OF_TALENT for path in ROOT.glob(f"{name}.py")}


def said(pattern: re.Pattern[str], *folders: str) -> set[str]:
    files = {path for folder in folders for path in (ROOT / folder).glob("*.py")}
    return said_in(pattern, files - talent_files())


def said_in(pattern: re.Pattern[str], files: set[Path]) -> set[str]:
    sources = [path.read_text() for path in sorted(files)]
    assert sources
    return {word for source in sources for found in pattern.finditer(source) for word in found.groups() if word}


@pytest.fixture(scope="module")
def training() -> Pack:
    """The pack that extends the other: all that any lifecycle says has its words in it."""
    return read_pack(ROOT / "policies" / "packs" / "dq-b.toml")


ONLY_IN_TRAINING = {"training_placement.py", "mentors.py"}


def test_what_staff_sent_down_are_told_needs_no_words_of_the_training(pack: Pack) -> None:
    files = {path for folder in LIVES for path in (ROOT / folder).glob("*.py") if path.name not in ONLY_IN_TRAINING}
    for pattern, known in ((TELLS, pack.tellings), (NOTES, pack.events)):
        words = said_in(pattern, files - talent_files())
        assert words
        assert words <= set(known)


def test_what_a_talent_contract_tells_and_notes_and_where_it_stands_has_its_words(talent: Pack) -> None:
    files = talent_files()
    told, noted = said_in(TELLS, files) | said_in(TELLS_ALL, files), said_in(NOTES, files)
    assert {"talent_filed"} <= told
    assert told == set(talent.tellings)
    assert {"contract_signed"} <= noted
    assert noted == set(talent.events)
    assert said_in(STAGES, files) <= {stage.name for stage in talent.stages}


@pytest.fixture(scope="module")
def told() -> set[str]:
    return said(TELLS, *LIVES, "activities") | UNAVAILABLE


def test_every_outcome_that_is_told_has_its_words(training: Pack, told: set[str]) -> None:
    assert {"filed", "rejected_by_one_side"} <= told
    assert told <= set(training.tellings)
    assert set(training.tellings) <= told, "words that nothing says any more"


@pytest.mark.parametrize("name", ["pack", "training", "talent"])
def test_no_letter_of_a_task_or_an_outcome_says_that_somebody_was_absent(
    name: str, request: pytest.FixtureRequest
) -> None:
    pack: Pack = request.getfixturevalue(name)
    said_of_tasks = [words for task in pack.tasks.values() for words in (task.title, task.ask)]
    said_of_outcomes = [words for telling in pack.tellings.values() for words in (telling.title, telling.result)]
    told = [words.zh + words.en for words in (*said_of_tasks, *said_of_outcomes)]
    assert len(told) > 50
    assert len(told) > 50
    assert [words for words in told if re.search("旷工|缺勤|考勤|absen|attendance", words)] == []


def test_every_line_of_a_lifecycle_has_its_words_in_the_pack(training: Pack) -> None:
    lines = said(NOTES, *LIVES) | UNAVAILABLE | SETTLED
    assert {"window_opened", "post_kept", "post_taken"} <= lines
    assert lines <= set(training.events)
    assert set(training.events) <= lines, "words that nothing says any more"


def test_every_line_of_the_engine_has_its_words_on_the_page_of_the_case() -> None:
    lines = said(NOTES, "workflows/engine") | said(LINES, "activities/engine") | {ROWS_WRITTEN, RECORDED, RETURNED}
    assert {"asked", "urged", "handed_over", "deadline_moved"} <= lines
    assert lines <= set(wording.EVENTS)
    assert set(wording.EVENTS) <= lines, "words that nothing says any more"


def test_every_stage_that_is_entered_has_its_words(training: Pack) -> None:
    entered = said(STAGES, *LIVES)
    assert {"reporting", "published", "declined"} <= entered
    assert entered <= {stage.name for stage in training.stages}


def _faults(change: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    changed = change(PACK_TEXT)
    assert changed != PACK_TEXT
    with pytest.raises(PackError) as refused:
        parse_pack(changed, file="dq-a.toml")
    assert str(refused.value)
    yield from ((fault.code, fault.key) for fault in refused.value.faults)


def test_two_sides_and_two_steps_of_one_chain_are_kept_apart(pack: Pack) -> None:
    assert pack.shape("sending_review").apart_from == ("receiving_review",)
    assert pack.shape("receiving_review").apart_from == ("sending_review",)
    assert pack.shape("demand_approval").apart_from == ("demand_report",)
    assert "compile_batch" in pack.shape("confirm_objection").apart_from


def test_a_task_cannot_be_kept_apart_from_an_unknown_one() -> None:
    faults = _faults(lambda text: text.replace('apart_from = ["receiving_review"]', 'apart_from = ["nothing"]'))
    assert list(faults) == [("unknown_task", "tasks.sending_review.apart_from")]


def test_a_telling_may_only_leave_a_blank_for_the_side() -> None:
    faults = _faults(lambda text: text.replace("未获同意({side})", "未获同意({name})"))
    assert list(faults) == [("unknown_blank", "tellings.rejected_by_one_side.result")]


def test_an_address_may_only_leave_a_blank_for_the_name() -> None:
    faults = _faults(lambda text: text.replace("'{surname}局长'", "'{title}局长'"))
    assert list(faults) == [("unknown_blank", 'roles."R-10".address')]


def test_a_role_without_an_address_of_its_own_greets_colleagues(pack: Pack) -> None:
    assert pack.roles["R-04"].address.zh == "{surname}院长"
    assert pack.roles["R-07"].address.zh == "{name}同志"


def test_a_telling_needs_both_languages() -> None:
    faults = _faults(lambda text: text.replace("result = { zh = '已完成审核报备', en = 'Reviewed and filed' }", ""))
    assert list(faults) == [("missing", "tellings.filed")]


def test_exc_08_a_training_is_asked_about_in_words_of_its_own(training: Pack) -> None:
    said = [words.zh for task in training.tasks.values() for words in (task.title, task.ask)]
    said += [choice.label.zh for choice in training.choices.values()]
    assert [one for one in said if "定点" in one] == [], "a training has months, no fixed site"
    assert "进修月数" in training.choices["file_restart"].label.zh
