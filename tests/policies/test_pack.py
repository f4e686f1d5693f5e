"""Loading a pack: what stands in it, and every fault with its file, key and rule."""

import re
from hashlib import sha256

import pytest

from policies.engine.pack import Pack, PackError, parse_pack
from policies.engine.pack_faults import Fault
from policies.engine.pack_parts import NotANumber
from policies.engine.questions import Kind

# One of each part: a fault is clearest in a small file.
SMALL = """
[pack]
id = "small"
version = "1"
programme = "example"
title = { zh = '例', en = 'Example' }
status = "issued"
source = { zh = '例', en = 'Example' }
time_zone = "Asia/Shanghai"
group_word = { zh = '集团', en = 'group' }

[stages]
open = { zh = '办理中', en = 'Open' }

[end_states]
archived = { zh = '已归档', en = 'Archived' }

[clauses."EX-1"]
clause = "一1"
line = 3
quote = '优秀等次比例不高于20%'
mark = "MUST"
meaning = { zh = '比例', en = 'share' }

[parameters.share]
value = 20
unit = "percent"
comparison = "<="
rule = "EX-1"
quote = '不高于20%'
mark = "MUST"
basis = "text"
meaning = { zh = '比例', en = 'share' }

[parameters.review_days]
value = 5
unit = "working_days"
rule = "EX-1"
mark = "MUST"
basis = "default"
default = "DEF-05"
meaning = { zh = '期限', en = 'days' }

[choices.agree]
label = { zh = '同意', en = 'Agree' }
reason = "optional"
tone = "positive"

[tasks.review]
title = { zh = '审核', en = 'Review' }
ask = { zh = '请审核', en = 'Please review' }
rule = "EX-1"
side = "sending"
kind = "in_turn"
days = "review_days"
ladder = "standard"
form = "review"

[[tasks.review.steps]]
name = "draft"
role = "R-03"
at = "sending"
choices = ["agree"]

[[tasks.review.steps]]
name = "approve"
role = "R-04"
at = "sending"
choices = ["agree"]

[ladders.standard]
at = "09:00"
rungs = [
    { name = "due", offset = 0, kind = "reminder", to = "assignee" },
    { name = "overdue", offset = 3, kind = "escalation", to = "superior" },
]

[roles."R-03"]
label = { zh = '人事干部', en = 'HR officer' }
escalates_to = ["R-04"]

[roles."R-04"]
label = { zh = '负责人', en = 'Head' }
"""
_LONG_DAYS = """
[parameters.long_days]
value = 9
unit = "working_days"
rule = "EX-1"
mark = "MUST"
basis = "default"
default = "PD"
meaning = { zh = '期限', en = 'days' }

"""
SHARE = "parameters.share"
REVIEW = "tasks.review"


def _faults(old: str, new: str) -> tuple[Fault, ...]:
    assert SMALL.count(old) == 1, "the broken place must be one place"
    with pytest.raises(PackError) as refused:
        parse_pack(SMALL.replace(old, new), file="small.toml")
    return refused.value.faults


def test_the_small_pack_has_no_fault() -> None:
    assert parse_pack(SMALL, file="small.toml").id == "small"


def test_the_pack_names_its_programme_version_and_status(pack: Pack, pack_text: str) -> None:
    assert (pack.id, pack.version, pack.status) == ("dq-a", "2024-08-30-draft.4", "consultation_draft")
    assert pack.programme == "county_hired_township_used"
    assert pack.sha256 == sha256(pack_text.encode()).hexdigest()


def test_a_table_of_the_document_spreads_one_rule_over_several_lines(talent: Pack) -> None:
    attendance = talent.clauses["OT-S3"]
    assert attendance.lines == (98, 99, 100)
    assert attendance.line_of("不可抗力") == 100
    assert attendance.line_of("") == attendance.line == 98


def test_each_quote_has_its_line_or_all_share_one() -> None:
    faults = _faults("line = 3", "line = [3, 4]")
    assert [(fault.code, fault.key) for fault in faults] == [("lines_unfit", 'clauses."EX-1"')]
    assert _faults("line = 3", "line = []")[0].code == "wrong_type"


def test_a_changed_text_has_another_hash(pack: Pack, pack_text: str) -> None:
    assert parse_pack(pack_text + "\n", file="dq-a.toml").sha256 != pack.sha256


def test_every_parameter_says_whether_it_is_text_or_default(pack: Pack) -> None:
    for parameter in pack.parameters.values():
        assert bool(parameter.default) == (parameter.basis == "default"), parameter.name
        assert bool(parameter.quote) == (parameter.basis == "text"), parameter.name


def test_only_the_unconfirmed_conversion_of_days_and_the_option_of_clinics_are_inactive(pack: Pack) -> None:
    inactive = [each for each in pack.parameters.values() if not each.active]

    assert [(each.name, each.value, each.default) for each in inactive] == [
        ("accumulated_days_for_six_months", 124, "DEF-22"),
        ("senior_gp_clinics", "agreed_schedule", ""),
    ]


STAGES = (
    "demand_reported", "balanced", "post_published", "applied", "under_two_way_review", "matched",
    "submitted_for_filing", "filed", "onboarding", "in_service", "suspended", "term_completed", "under_evaluation",
    "graded", "outcome_applied",
)  # fmt: skip
ENDS = {"archived", "not_matched", "rejected", "withdrawn", "ended_early", "credit_void", "transferred"}


def test_the_stages_of_a_posting_stand_in_their_order(pack: Pack) -> None:
    assert tuple(stage.name for stage in pack.stages if stage.name in STAGES) == STAGES
    assert {stage.name for stage in pack.stages if stage.end} >= ENDS
    assert not {stage.name for stage in pack.stages if stage.end} & set(STAGES)


def test_cor_05_the_bureau_files_through_its_chain_with_a_choice_per_person(pack: Pack) -> None:
    filing = pack.tasks["bureau_filing"]

    assert [(step.name, step.at) for step in filing.steps] == [
        ("draft", "bureau"), ("review", "bureau"), ("approve", "bureau"),
    ]  # fmt: skip
    assert len({step.role for step in filing.steps}) == 3
    assert (filing.kind, filing.items) == (Kind.IN_TURN, ("file", "return", "object"))
    assert pack.working_days("bureau_filing", 2) == 10


def test_a_step_may_have_days_of_its_own() -> None:
    own = SMALL.replace('role = "R-04"', 'role = "R-04"\ndays = "long_days"').replace(
        "[choices.agree]", _LONG_DAYS + "[choices.agree]"
    )

    changed = parse_pack(own, file="small.toml")

    assert (changed.working_days("review", 0), changed.working_days("review", 1)) == (5, 9)


def test_the_shape_of_a_task_carries_what_its_path_needs(pack: Pack) -> None:
    shape = pack.shape("sending_review")

    assert (shape.side, shape.kind) == ("sending", Kind.IN_TURN)
    assert (shape.positive, shape.reasons) == (("agree",), ("reject", "return"))


def test_cor_07_escalation_never_goes_down(pack: Pack) -> None:
    assert pack.roles["R-02"].escalates_to == pack.roles["R-04"].escalates_to == ("R-39", "R-10")
    assert pack.roles["R-07"].escalates_to == pack.roles["R-08"].escalates_to == ("R-10",)
    assert {"R-38", "R-39"} <= set(pack.roles)


def test_def_06_urging_comes_before_escalation(pack: Pack) -> None:
    rungs = pack.ladders["standard"].rungs

    assert [(rung.name, rung.offset) for rung in rungs] == [
        ("before_3", -3), ("before_1", -1), ("due", 0), ("overdue_1", 1), ("overdue_3", 3), ("overdue_5", 5),
    ]  # fmt: skip
    assert [rung.to for rung in rungs if rung.offset > 0] == [
        ("assignee", "hr"), ("superior",), ("next_level", "monitor"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "key", "rule"),
    [
        ('"percent"', '"parts"', "not_listed", SHARE, "EX-1"),
        ("value = 20", "value = 'twenty'", "value_unfit", SHARE, "EX-1"),
        ("value = 20", "value = -1", "value_unfit", SHARE, "EX-1"),
        ("value = 20", "value = true", "wrong_type", SHARE, "EX-1"),
        ("value = 20", "value = 20\nvalu = 3", "unknown_key", SHARE, "EX-1"),
        ('"<="', '"=<"', "not_listed", SHARE, "EX-1"),
        ("quote = '不高于20%'\n", "", "unquoted", SHARE, "EX-1"),
        ("quote = '不高于20%'\n", "quote = '不超过20%'\n", "misquoted", SHARE, "EX-1"),
        ('default = "DEF-05"\n', "", "unexplained_default", "parameters.review_days", "EX-1"),
        ('default = "DEF-05"\n', 'default = "mine"\n', "unexplained_default", "parameters.review_days", "EX-1"),
        (", en = 'Agree'", "", "half_translated", "choices.agree", ""),
        ("zh = '同意'", "zh = ''", "half_translated", "choices.agree", ""),
        ('tone = "positive"', 'tone = "loud"', "not_listed", "choices.agree", ""),
        ('role = "R-04"', 'role = "R-99"', "unknown_role", f"{REVIEW}.steps[2].role", "EX-1"),
        ('escalates_to = ["R-04"]', 'escalates_to = ["R-99"]', "unknown_role", 'roles."R-03".escalates_to', ""),
        ('days = "review_days"', 'days = "share"', "unknown_days", f"{REVIEW}.days", "EX-1"),
        ('days = "review_days"', 'days = "absent"', "unknown_days", f"{REVIEW}.days", "EX-1"),
        ('ladder = "standard"', 'ladder = "steep"', "unknown_ladder", f"{REVIEW}.ladder", "EX-1"),
        ('kind = "in_turn"', 'kind = "all"', "steps_not_in_turn", f"{REVIEW}.kind", "EX-1"),
        ('kind = "in_turn"', 'kind = "quorum"', "no_quorum", f"{REVIEW}.quorum", "EX-1"),
        ('kind = "in_turn"', 'kind = "lottery"', "not_listed", REVIEW, "EX-1"),
        ('side = "sending"', 'side = "moon"', "not_listed", REVIEW, "EX-1"),
        ('name = "approve"', 'name = "draft"', "repeated", f"{REVIEW}.steps", "EX-1"),
        ('rule = "EX-1"\nside', 'rule = "EX-9"\nside', "unknown_rule", f"{REVIEW}.rule", "EX-9"),
        ('to = "superior"', 'to = "superior+mayor"', "unknown_receiver", "ladders.standard.rungs[2]", ""),
        ('name = "overdue"', 'name = "due"', "repeated", "ladders.standard.rungs", ""),
        ("offset = 0", 'offset = 0, since = "learned_on"', "not_after", "ladders.standard.rungs[1]", ""),
        ('at = "09:00"', 'at = "nine"', "wrong_type", "ladders.standard", ""),
        ('time_zone = "Asia/Shanghai"\n', "", "missing", "pack", ""),
        ('status = "issued"', 'status = "perhaps"', "not_listed", "pack", ""),
        ("line = 3", "line = 'three'", "wrong_type", 'clauses."EX-1"', "EX-1"),
        ("[end_states]", "[ends]", "unknown_key", "", ""),
    ],
)
def test_each_fault_names_its_key_and_rule(old: str, new: str, code: str, key: str, rule: str) -> None:
    assert (code, key, rule) in [(fault.code, fault.key, fault.rule) for fault in _faults(old, new)]


@pytest.mark.parametrize(
    ("choices", "code"), [('["agree", "shrug"]', "unknown_choice"), ('["agree", "agree"]', "repeated")]
)
def test_a_choice_is_defined_and_stands_once(choices: str, code: str) -> None:
    faults = _faults(
        'role = "R-04"\nat = "sending"\nchoices = ["agree"]', f'role = "R-04"\nat = "sending"\nchoices = {choices}'
    )

    assert [(fault.code, fault.key, fault.rule) for fault in faults] == [(code, f"{REVIEW}.steps[2].choices", "EX-1")]


def test_a_parameter_of_an_unknown_rule_is_refused() -> None:
    old = 'comparison = "<="\nrule = "EX-1"'

    assert ("unknown_rule", SHARE) in [(fault.code, fault.key) for fault in _faults(old, old.replace("EX-1", "EX-9"))]


def test_all_faults_of_a_file_are_collected() -> None:
    broken = SMALL.replace('"percent"', '"parts"').replace("'Agree'", "''").replace('"R-04"]', '"R-99"]')

    with pytest.raises(PackError) as refused:
        parse_pack(broken, file="small.toml")

    assert [fault.code for fault in refused.value.faults] == ["not_listed", "half_translated", "unknown_role"]


def test_malformed_toml_names_its_line() -> None:
    with pytest.raises(PackError) as refused:
        parse_pack('[pack]\nid = "x"\nversion = = 3\n', file="dq-b.toml")

    assert refused.value.key == "line 3"
    assert refused.value.said_in("zh").startswith("dq-b.toml: line 3: TOML 格式错误,第 3 行")


def test_a_fault_is_said_in_both_languages_with_file_key_and_rule() -> None:
    with pytest.raises(PackError) as refused:
        parse_pack(SMALL.replace('"percent"', '"parts"'), file="small.toml")

    assert re.match(r"small\.toml: parameters\.share \[EX-1\]: “unit”的值“parts”", str(refused.value))
    assert "must be one of" in str(refused.value)
    assert (refused.value.key, refused.value.rule) == (SHARE, "EX-1")
    assert refused.value.problem.zh.startswith("“unit”")


def test_an_empty_file_lacks_every_part() -> None:
    with pytest.raises(PackError) as refused:
        parse_pack("", file="empty.toml")

    assert {fault.values["name"] for fault in refused.value.faults} >= {"pack", "clauses", "tasks", "roles"}


def test_a_setting_has_no_number(pack: Pack) -> None:
    with pytest.raises(NotANumber):
        _ = pack.parameters["grade_cohort"].number
