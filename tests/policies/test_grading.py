"""DQ-3.3.3d: not more than 20% excellent."""

from dataclasses import replace
from fractions import Fraction

import pytest

from policies.engine.pack import Pack
from policies.grading import CohortFacts, cap_of, readings_of, share_is_kept


def _outcome(pack: Pack, graded: int, excellent: int) -> str | None:
    finding = share_is_kept(CohortFacts(graded, excellent), pack)
    assert finding.effect == ("allow" if finding.outcome == "within_cap" else "block")
    assert finding.figures["share"] == Fraction(excellent, graded)
    assert (finding.quote, finding.basis, finding.mark) == ("优秀等次比例不高于20%", "text", "MUST")
    return finding.outcome


def test_as_09_one_of_four_is_a_quarter_and_blocked(pack: Pack) -> None:
    assert _outcome(pack, 4, 1) == "above_cap"


def test_as_10_one_of_five_is_exactly_a_fifth_and_allowed(pack: Pack) -> None:
    assert _outcome(pack, 5, 1) == "within_cap"


def test_as_11_two_of_five_are_blocked(pack: Pack) -> None:
    assert _outcome(pack, 5, 2) == "above_cap"


def test_as_12_of_nine_one_is_allowed_and_two_are_blocked(pack: Pack) -> None:
    assert (_outcome(pack, 9, 1), _outcome(pack, 9, 2)) == ("within_cap", "above_cap")


def test_as_13_of_ten_two_are_allowed_and_three_are_blocked(pack: Pack) -> None:
    assert (_outcome(pack, 10, 2), _outcome(pack, 10, 3)) == ("within_cap", "above_cap")


@pytest.mark.parametrize(("cohort", "cap"), [(0, 0), (1, 0), (4, 0), (5, 1), (9, 1), (10, 2), (14, 2), (15, 3)])
def test_as_14_the_cap_is_the_floor_of_the_exact_share(pack: Pack, cohort: int, cap: int) -> None:
    assert cap_of(cohort, pack.parameters["excellent_share"]) == cap
    assert share_is_kept(CohortFacts(cohort), pack).figures["cap"] == cap


def test_the_cap_and_the_share_never_disagree(pack: Pack) -> None:
    for cohort in range(1, 400):
        cap = cap_of(cohort, pack.parameters["excellent_share"])
        assert share_is_kept(CohortFacts(cohort, cap), pack).outcome == "within_cap"
        assert share_is_kept(CohortFacts(cohort, cap + 1), pack).outcome == "above_cap"


def test_cor_11_both_kinds_are_one_cohort_by_default_and_the_other_reading_is_shown(pack: Pack) -> None:
    facts = CohortFacts(3, 1, trainees_graded=2)

    finding = share_is_kept(facts, pack)

    assert (finding.outcome, finding.basis, finding.defaults) == ("within_cap", "default", ("COR-11",))
    assert [reading.outcome for reading in finding.readings] == ["within_cap", "above_cap"]
    assert readings_of(facts, pack) == finding.readings


def test_a_pack_may_grade_each_kind_apart(pack: Pack) -> None:
    apart = replace(pack.parameters["grade_cohort"], value="per_programme_group_and_year")
    other = replace(pack, parameters=pack.parameters | {"grade_cohort": apart})

    assert share_is_kept(CohortFacts(3, 1, trainees_graded=2), other).outcome == "above_cap"


def test_more_excellent_than_graded_people_is_refused(pack: Pack) -> None:
    assert share_is_kept(CohortFacts(0, 1), pack).outcome == "counts_contradict"
