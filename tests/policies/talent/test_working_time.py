"""OT-6.3g: working time against the contract (G-2, G-4, G-5, G-6, G-13)."""

import ast
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine.pack import Pack
from policies.talent.force_majeure import Claim, EventFacts, Loss, claim_of, event_excuses
from policies.talent.working_time import Due, Worked, WorkingTimeFacts, measured, working_time_suffices

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
CHECKPOINT = date(2026, 6, 30)
TALENT = Path(__file__).parents[3] / "policies" / "talent"


def contract(worked: str, due: str = "1000", *losses: Loss, until: date = CHECKPOINT) -> WorkingTimeFacts:
    """As much is due up to the middle of the year as is said, and as much again after it."""
    halves = (Due(FIRST, CHECKPOINT, Decimal(due)), Due(date(2026, 7, 1), LAST, Decimal(due)))
    return WorkingTimeFacts(
        unit="hours",
        first_day=FIRST,
        last_day=LAST,
        agreed=Decimal(due) * 2,
        until=until,
        worked=(Worked("clinic", Decimal(worked)),),
        schedule=halves,
        losses=losses,
    )


def snow(amount: str, state: Claim = "confirmed", day: date = date(2026, 2, 3)) -> Loss:
    return Loss(day, day, Decimal(amount), state)


def closure(first_day: date, last_day: date, amount: str) -> Loss:
    return Loss(first_day, last_day, Decimal(amount), "confirmed")


def test_as_40_699_of_1000_hours_is_for_the_employer_to_confirm(talent: Pack) -> None:
    finding = working_time_suffices(contract("699"), talent)

    assert (finding.outcome, finding.effect) == ("ground_to_confirm", "warn")
    assert finding.figures["raw_percent"] == Fraction(699, 10)
    assert finding.rule_ids == ("OT-6.3g",)
    assert finding.quote == "工作时间不及合同约定的70%"
    assert "G-2" in finding.defaults
    assert "不因此自动终止" in finding.explanation.zh


def test_as_41_700_of_1000_hours_is_no_ground_and_an_early_warning(talent: Pack) -> None:
    finding = working_time_suffices(contract("700"), talent)

    assert (finding.outcome, finding.effect) == ("early_warning", "warn")
    assert finding.figures["warning"] == "working_time_warning_third"


def test_as_42_701_of_1000_hours_is_no_ground(talent: Pack) -> None:
    assert working_time_suffices(contract("701"), talent).outcome == "early_warning"


def test_g_6_exactly_70_percent_of_an_odd_total_is_no_ground(talent: Pack) -> None:
    assert working_time_suffices(contract("33.6", "48"), talent).figures["raw_percent"] == 70
    assert working_time_suffices(contract("33.6", "48"), talent).outcome == "early_warning"


def test_def_03_69_96_percent_is_below_the_line_though_it_reads_70_0(talent: Pack) -> None:
    finding = working_time_suffices(contract("699.6"), talent)

    assert finding.outcome == "ground_to_confirm"
    assert "69.96%" in finding.explanation.zh


def test_def_03_what_is_below_the_line_never_reads_as_70(talent: Pack) -> None:
    finding = working_time_suffices(contract("6999.999", "10000"), talent)

    assert finding.outcome == "ground_to_confirm"
    assert "69.99%" in finding.explanation.zh
    assert "70.00" not in finding.explanation.zh


def test_as_44_both_below_70_is_for_the_employer_to_confirm(talent: Pack) -> None:
    finding = working_time_suffices(contract("30", "48", snow("5")), talent)

    assert finding.figures["raw_percent"] == Fraction(3000, 48)
    assert finding.figures["adjusted_percent"] == Fraction(3000, 43)
    assert finding.outcome == "ground_to_confirm"
    assert "62.50%" in finding.explanation.zh
    assert "69.77%" in finding.explanation.zh


def test_as_46_force_majeure_without_evidence_is_shown_apart_and_not_left_out(talent: Pack) -> None:
    claimed = working_time_suffices(contract("32", "48", snow("5", "claimed")), talent)

    assert claimed.outcome == "ground_to_confirm"
    assert claimed.figures["adjusted_percent"] == claimed.figures["raw_percent"] == Fraction(3200, 48)
    assert (claimed.figures["claimed"], claimed.figures["if_confirmed_percent"]) == (5, Fraction(3200, 43))
    assert "尚未确认、未扣除" in claimed.explanation.zh


def test_g_5_raw_below_and_adjusted_not_is_asked_and_never_left_out_in_silence(talent: Pack) -> None:
    finding = working_time_suffices(contract("32", "48", snow("5")), talent)

    assert (finding.outcome, finding.effect, finding.basis) == (None, "ask", "default")
    assert [each.outcome for each in finding.readings] == ["ground_to_confirm", "no_ground"]
    assert finding.figures["question"] == "force_majeure"
    assert finding.ask is not None
    assert "旗卫健委" in finding.ask.zh
    assert "G-5" in finding.defaults


@pytest.mark.parametrize("answer", ["ground", "no_ground"])
def test_g_5_what_the_commission_says_holds_until_the_figures_fall_below(talent: Pack, answer: str) -> None:
    facts = contract("32", "48", snow("5"))
    answered = WorkingTimeFacts(**(vars(facts) | {"answer": answer}))
    expected = "ground_to_confirm" if answer == "ground" else "no_ground"

    assert working_time_suffices(answered, talent).outcome == expected
    dismissed = replace(answered, losses=(snow("5", "dismissed"),))
    assert working_time_suffices(dismissed, talent).outcome == "ground_to_confirm"


def test_g_5_where_everything_due_was_lost_the_commission_is_asked(talent: Pack) -> None:
    finding = working_time_suffices(contract("0", "48", snow("48")), talent)

    assert finding.outcome is None
    assert finding.figures["adjusted_percent"] is None


def test_g_2_before_a_full_quarter_a_low_ratio_is_a_warning_and_no_more(talent: Pack) -> None:
    late = replace(contract("10"), first_day=date(2026, 2, 10), schedule=(), until=date(2026, 3, 31))

    assert working_time_suffices(late, talent).outcome == "early_warning"
    assert working_time_suffices(replace(late, until=CHECKPOINT), talent).outcome == "ground_to_confirm"


def test_g_2_between_checkpoints_a_low_ratio_is_a_warning_and_no_more(talent: Pack) -> None:
    finding = working_time_suffices(contract("10", until=date(2026, 8, 15)), talent)

    assert (finding.outcome, finding.figures["checkpoint"]) == ("early_warning", "")


@pytest.mark.parametrize(
    ("until", "at"),
    [(date(2026, 9, 30), "quarter_end"), (date(2026, 12, 31), "year_end"), (date(2027, 1, 20), "contract_end")],
)
def test_g_2_quarter_ends_year_ends_and_the_end_of_the_contract_are_judged(talent: Pack, until: date, at: str) -> None:
    facts = replace(contract("10", until=until), last_day=date(2027, 1, 20), schedule=())

    finding = working_time_suffices(facts, talent)

    assert (finding.outcome, finding.figures["checkpoint"]) == ("ground_to_confirm", at)


def test_g_2_a_contract_without_a_schedule_is_pro_rated_and_marked_provisional(talent: Pack) -> None:
    finding = working_time_suffices(replace(contract("699"), schedule=()), talent)

    assert finding.figures["agreed"] == Fraction(2000 * 181, 365)
    assert finding.figures["provisional"] is True
    assert "暂按日数推算" in finding.explanation.zh
    assert working_time_suffices(contract("699"), talent).figures["provisional"] is False


def test_g_2_the_cut_through_a_period_of_the_schedule_is_provisional_too(talent: Pack) -> None:
    found = measured(contract("699", until=date(2026, 9, 30)), talent)

    assert found.agreed == 1000 + Fraction(1000 * 92, 184)
    assert found.provisional


def test_g_2_a_term_without_a_full_quarter_is_asked_at_its_end(talent: Pack) -> None:
    short = replace(contract("1"), first_day=date(2026, 2, 10), last_day=date(2026, 5, 10), schedule=())

    finding = working_time_suffices(replace(short, until=short.last_day), talent)

    assert finding.outcome is None
    assert [each.outcome for each in finding.readings] == ["ground_to_confirm", "early_warning"]
    assert finding.figures["question"] == "short_term"
    answered = replace(short, until=short.last_day, short_term="no_ground", answer="ground")
    assert working_time_suffices(answered, talent).outcome == "early_warning"
    assert working_time_suffices(replace(answered, short_term="ground"), talent).outcome == "ground_to_confirm"


def test_g_2_nothing_is_computed_from_a_schedule_that_is_not_the_contracts(talent: Pack) -> None:
    good = contract("699")
    overlapping = (good.schedule[0], replace(good.schedule[1], first_day=CHECKPOINT))
    for wrong in (
        replace(good, agreed=Decimal(1999)),
        replace(good, schedule=overlapping),
        replace(good, last_day=date(2026, 11, 30)),
        replace(good, schedule=(), last_day=date(2025, 1, 1)),
        replace(good, losses=(closure(CHECKPOINT, FIRST, "1"),)),
    ):
        finding = working_time_suffices(wrong, talent)
        assert (finding.outcome, finding.effect, finding.figures) == ("schedule_contradicts", "block", {})


def test_g_13_a_closure_over_a_checkpoint_is_divided_by_days_and_provisional(talent: Pack) -> None:
    """Of the six days from 28 June to 3 July three lie before the middle of the year."""
    found = measured(contract("30", "48", closure(date(2026, 6, 28), date(2026, 7, 3), "6")), talent)

    assert found.lost == 3
    assert found.provisional
    assert not measured(contract("30", "48", closure(date(2026, 6, 28), CHECKPOINT, "6")), talent).provisional


def test_g_4_neither_measure_knows_the_other() -> None:
    for module, other in (("working_time", "attendance_rate"), ("attendance_rate", "working_time")):
        tree = ast.parse((TALENT / f"{module}.py").read_text())
        imported = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
        assert f"policies.talent.{other}" not in imported
        assert imported


@pytest.mark.parametrize(
    ("worked", "warning"),
    [("900", ""), ("899.9", "first"), ("800", "first"), ("799.9", "second"), ("750", "second"), ("749.9", "third")],
)
def test_the_warnings_come_below_90_80_and_75_percent(talent: Pack, worked: str, warning: str) -> None:
    finding = working_time_suffices(contract(worked), talent)

    assert finding.figures["warning"] == (f"working_time_warning_{warning}" if warning else "")
    assert finding.outcome == ("early_warning" if warning else "no_ground")
    assert talent.parameters["working_time_warning_first"].basis == "default"
    assert talent.parameters["working_time_line"].basis == "text"


def test_free_clinics_are_no_working_time_of_the_contract(talent: Pack) -> None:
    facts = replace(contract("699"), worked=(Worked("clinic", Decimal(699)), Worked("free_clinic", Decimal(50))))

    finding = working_time_suffices(facts, talent)

    assert (finding.outcome, finding.figures["not_counted"]) == ("ground_to_confirm", 50)


def test_cor_17_what_was_worked_before_the_import_counts(talent: Pack) -> None:
    facts = replace(contract("100"), imported=Decimal(650))

    assert working_time_suffices(facts, talent).figures["raw_percent"] == 75


def test_nothing_is_said_before_anything_is_due(talent: Pack) -> None:
    facts = replace(contract("0"), until=date(2025, 12, 31))

    assert working_time_suffices(facts, talent).outcome == "nothing_due"


def test_the_line_is_the_packs_and_not_a_number_of_ours(talent: Pack) -> None:
    lower = replace(talent.parameters["working_time_line"], value=60)
    other = replace(talent, parameters=talent.parameters | {lower.name: lower})

    assert working_time_suffices(contract("650"), other).outcome == "early_warning"
    assert working_time_suffices(contract("599"), other).outcome == "ground_to_confirm"


amounts = st.decimals(min_value=0, max_value=3000, places=2)
losses = st.lists(
    st.builds(
        snow,
        st.decimals(min_value=0, max_value=300, places=2).map(str),
        st.sampled_from(("claimed", "confirmed", "dismissed")),
        st.dates(FIRST, LAST),
    ),
    max_size=4,
).map(tuple)


@settings(deadline=None)
@given(worked=amounts, more=amounts, losses=losses, until=st.dates(FIRST, LAST))
def test_the_ratio_is_exact_and_more_work_never_lowers_it(
    talent: Pack, worked: Decimal, more: Decimal, losses: tuple[Loss, ...], until: date
) -> None:
    before = measured(contract(str(worked), "1000", *losses, until=until), talent)
    after = measured(contract(str(worked + more), "1000", *losses, until=until), talent)

    assert before.raw is not None
    assert after.raw is not None
    assert before.raw * before.agreed == Fraction(worked) * 100
    assert after.raw >= before.raw
    assert before.adjusted is None or before.adjusted >= before.raw


@settings(deadline=None, max_examples=500)
@given(worked=amounts, losses=losses, until=st.dates(FIRST, LAST))
def test_a_ground_is_never_found_above_the_line_nor_by_what_is_only_claimed(
    talent: Pack, worked: Decimal, losses: tuple[Loss, ...], until: date
) -> None:
    facts = contract(str(worked), "1000", *losses, until=until)
    finding, found = working_time_suffices(facts, talent), measured(facts, talent)
    unclaimed = replace(facts, losses=tuple(each for each in losses if each.state == "confirmed"))

    if finding.outcome == "ground_to_confirm":
        assert found.raw is not None
        assert found.raw < 70
        assert found.adjusted is not None
        assert found.adjusted < 70
        assert finding.figures["checkpoint"]
    assert working_time_suffices(unclaimed, talent).outcome == finding.outcome


@settings(deadline=None)
@given(worked=st.decimals(min_value=0, max_value=Decimal("699.99"), places=2), until=st.just(CHECKPOINT))
def test_a_correction_that_lifts_the_ratio_changes_the_finding(talent: Pack, worked: Decimal, until: date) -> None:
    below = contract(str(worked), until=until)
    corrected = contract(str(700), until=until)

    assert working_time_suffices(below, talent).outcome == "ground_to_confirm"
    assert working_time_suffices(corrected, talent).outcome == "early_warning"


EVENT = EventFacts("weather", date(2026, 2, 3), date(2026, 2, 3))


def test_as_46_an_event_without_evidence_is_only_claimed_whatever_is_said(talent: Pack) -> None:
    confirmed = replace(EVENT, answer="confirmed", answered_by="commission")

    assert event_excuses(EVENT, talent).outcome == "claimed"
    assert (event_excuses(confirmed, talent).outcome, claim_of(confirmed, talent)) == ("claimed", "claimed")


def test_g_13_the_commission_confirms_and_the_employer_does_not(talent: Pack) -> None:
    proved = replace(EVENT, evidence=1)

    asked = event_excuses(proved, talent)
    assert (asked.outcome, [each.outcome for each in asked.readings]) == (None, ["confirmed", "dismissed"])
    assert claim_of(proved, talent) == "claimed"
    by_employer = replace(proved, answer="confirmed", answered_by="employer")
    assert event_excuses(by_employer, talent).outcome == "not_the_commission"
    assert claim_of(by_employer, talent) == "claimed"
    by_commission = replace(by_employer, answered_by="commission")
    assert (event_excuses(by_commission, talent).outcome, claim_of(by_commission, talent)) == ("confirmed",) * 2
    assert claim_of(replace(by_commission, answer="dismissed"), talent) == "dismissed"


def test_g_13_another_kind_of_event_is_said_to_be_outside_the_list(talent: Pack) -> None:
    other = event_excuses(replace(EVENT, event="other", evidence=1), talent)

    assert other.outcome is None
    assert "未列全" in other.explanation.zh
