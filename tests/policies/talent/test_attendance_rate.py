"""OT-S3: the attendance rate of an assessment year and its points (G-4, G-6, G-7)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine.pack import Pack
from policies.talent.attendance_rate import AttendanceFacts, attendance_earns, attendance_rate


def year(attended: str, agreed: str = "100", excused: str = "0", claimed: str = "0") -> AttendanceFacts:
    return AttendanceFacts(Decimal(agreed), Decimal(attended), Decimal(excused), Decimal(claimed))


@pytest.mark.parametrize(
    ("attended", "points"), [("70.0", 0), ("70.1", None), ("79.9", None), ("80.0", 5), ("89.9", 5), ("90.0", 10)]
)
def test_as_56_the_bands_of_the_attendance_rate(talent: Pack, attended: str, points: int | None) -> None:
    finding = attendance_earns(year(attended), talent)

    assert finding.figures["points"] == points
    assert finding.outcome == (None if points is None else f"points_{points}")
    assert finding.range == ((0, 5) if points is None else None)


def test_g_7_between_70_and_80_percent_both_readings_are_shown(talent: Pack) -> None:
    finding = attendance_earns(year("75"), talent)

    assert (finding.effect, finding.basis) == ("ask", "default")
    assert [each.outcome for each in finding.readings] == ["points_0", "points_5"]


def test_g_6_exactly_70_percent_gives_no_points(talent: Pack) -> None:
    assert attendance_earns(year("33.6", "48"), talent).outcome == "points_0"


def test_as_44_the_adjusted_rate_below_70_gives_no_points_and_both_are_shown(talent: Pack) -> None:
    finding = attendance_earns(year("30", "48", "5"), talent)

    assert finding.outcome == "points_0"
    assert finding.figures["raw_percent"] == Fraction(3000, 48)
    assert finding.figures["adjusted_percent"] == Fraction(3000, 43)
    assert "69.77%" in finding.explanation.zh
    assert "62.50%" in finding.explanation.zh


def test_as_46_what_is_only_claimed_is_not_left_out_and_keeps_the_points_open(talent: Pack) -> None:
    finding = attendance_earns(year("38", "48", "0", "1"), talent)

    assert (finding.outcome, finding.range) == (None, (0, 5))
    unimportant = attendance_earns(year("39", "48", "0", "1"), talent)
    assert unimportant.figures["adjusted_percent"] == unimportant.figures["raw_percent"]
    assert unimportant.outcome == "points_5"


@pytest.mark.parametrize(
    "facts",
    [AttendanceFacts(), year("0", "0"), AttendanceFacts(Decimal(48)), year("0", "48", "48"), year("0", "48", "49")],
)
def test_without_figures_nothing_is_scored(talent: Pack, facts: AttendanceFacts) -> None:
    finding = attendance_earns(facts, talent)

    assert (finding.outcome, finding.figures["points"], finding.range) == (None, None, (0, 10))


def test_claims_that_would_leave_nothing_open_everything(talent: Pack) -> None:
    assert attendance_earns(year("80", "200", "100", "100"), talent).range == (0, 10)


amounts = st.decimals(min_value=0, max_value=100, places=1)


@settings(deadline=None)
@given(attended=amounts, excused=amounts, claimed=amounts, share=st.fractions(min_value=0, max_value=1))
def test_the_range_holds_whatever_part_of_the_claims_is_confirmed(
    talent: Pack, attended: Decimal, excused: Decimal, claimed: Decimal, share: Fraction
) -> None:
    """The half that is confirmed later is counted in tenths, as all amounts here are."""
    facts = AttendanceFacts(Decimal(200), attended, excused, claimed)
    before = attendance_earns(facts, talent)
    part = Decimal(int(Fraction(claimed) * 10 * share)) / 10
    after = attendance_earns(replace(facts, excused=excused + part, claimed=Decimal(0)), talent)

    for end in ("least", "most"):
        assert before.figures["least"] <= after.figures[end] <= before.figures["most"]  # type: ignore[operator]


@given(attended=amounts, excused=amounts)
def test_force_majeure_never_lowers_the_rate(attended: Decimal, excused: Decimal) -> None:
    rate = attendance_rate(AttendanceFacts(Decimal(200), attended, excused))

    assert rate.raw is not None
    assert rate.adjusted is not None
    assert rate.raw <= rate.adjusted
