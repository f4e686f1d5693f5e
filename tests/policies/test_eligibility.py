"""DQ-3.1.1a to c, DQ-3.1.2c: who takes part, and the service before a title."""

from datetime import date

import pytest

from policies.eligibility import (
    DispatchFacts,
    ListedFacts,
    TraineeFacts,
    is_listed,
    may_be_sent,
    may_sit_clinics,
    may_train,
)
from policies.engine.pack import Pack
from policies.promotion import PromotionFacts, Served, service_suffices
from policies.vocabulary import Profession, Title

CERTIFICATE = date(2023, 9, 1)


def test_as_16_a_day_short_of_three_years_is_asked_and_not_refused(pack: Pack) -> None:
    finding = may_be_sent(DispatchFacts("practising_physician", CERTIFICATE, date(2026, 8, 31)), pack)

    assert (finding.outcome, finding.effect, finding.mark) == (None, "ask", "PRINCIPLE")
    assert finding.ask is not None
    assert "集团" in finding.ask.zh
    assert {reading.outcome for reading in finding.readings} == {"eligible", "not_eligible"}
    assert finding.figures["years_met_from"] == date(2026, 9, 1)


def test_as_16_three_full_years_are_eligible_by_the_text(pack: Pack) -> None:
    finding = may_be_sent(DispatchFacts("practising_physician", CERTIFICATE, date(2026, 9, 1)), pack)

    assert (finding.outcome, finding.effect, finding.basis) == ("eligible", "allow", "text")
    assert "满三年" in finding.quote


def test_a_certificate_of_29_february_is_three_years_old_on_1_march(pack: Pack) -> None:
    certificate = date(2024, 2, 29)

    assert may_be_sent(DispatchFacts("practising_physician", certificate, date(2027, 2, 28)), pack).outcome is None
    assert may_be_sent(DispatchFacts("practising_physician", certificate, date(2027, 3, 1)), pack).outcome == "eligible"


def test_an_unknown_certificate_date_is_asked(pack: Pack) -> None:
    assert may_be_sent(DispatchFacts("practising_physician", None, date(2027, 3, 1)), pack).effect == "ask"


@pytest.mark.parametrize("profession", ["nurse", "technician", "pharmacist"])
def test_cor_21_other_professions_are_asked_and_not_refused(pack: Pack, profession: Profession) -> None:
    finding = may_be_sent(DispatchFacts(profession, CERTIFICATE, date(2027, 3, 1)), pack)

    assert finding.outcome is None
    assert "COR-21" in finding.defaults


def test_assistant_physicians_are_outside_by_our_default(pack: Pack) -> None:
    finding = may_be_sent(DispatchFacts("assistant_physician", CERTIFICATE, date(2027, 3, 1)), pack)

    assert (finding.outcome, finding.effect, finding.basis) == ("not_eligible", "warn", "default")


@pytest.mark.parametrize(
    ("title", "general", "earlier", "outcome"),
    [
        ("intermediate", False, 0, "eligible"),
        ("intermediate", False, 1, None),
        ("junior", False, 0, None),
        ("associate_senior", True, 0, "clinic_schedule"),
        ("full_senior", True, 0, "clinic_schedule"),
        ("full_senior", False, 0, None),
    ],
)
def test_intermediate_physicians_train_and_senior_ones_sit_clinics(
    pack: Pack, title: Title, earlier: int, outcome: str | None, *, general: bool
) -> None:
    facts = TraineeFacts("practising_physician", title, general, earlier)

    assert may_train(facts, pack).outcome == outcome


def test_training_lasts_the_six_months_of_the_pack(pack: Pack) -> None:
    finding = may_train(TraineeFacts("practising_physician", "intermediate"), pack)

    assert (finding.figures["term_months"], finding.basis) == (6, "text")


def test_clinics_are_for_senior_general_practitioners_only(pack: Pack) -> None:
    facts = TraineeFacts("practising_physician", "intermediate", general_practitioner=True)

    assert may_sit_clinics(facts, pack).outcome == "not_eligible"


def test_somebody_off_the_list_is_added_by_the_hospital_first(pack: Pack) -> None:
    assert is_listed(ListedFacts(on_list=False), pack).outcome == "not_listed"
    assert is_listed(ListedFacts(on_list=True), pack).outcome == "listed"


def _served(first: date, last: date) -> PromotionFacts:
    return PromotionFacts("associate_senior", (Served(first, last),))


def test_as_38_eleven_months_warn_and_do_not_stop(pack: Pack) -> None:
    finding = service_suffices(_served(date(2025, 1, 1), date(2025, 11, 30)), pack)

    assert (finding.outcome, finding.effect, finding.mark) == ("short", "warn", "PRINCIPLE")
    assert finding.figures["months_at_least"] == 11
    assert "原则上" in finding.quote


def test_a_year_is_reached_when_its_last_day_has_ended(pack: Pack) -> None:
    assert service_suffices(_served(date(2025, 1, 1), date(2025, 12, 30)), pack).outcome == "short"
    assert service_suffices(_served(date(2025, 1, 1), date(2025, 12, 31)), pack).outcome == "reached"


def test_cor_15_other_grassroots_service_is_asked(pack: Pack) -> None:
    short = (Served(date(2025, 1, 1), date(2025, 6, 30)),)

    assert service_suffices(PromotionFacts("associate_senior", short, other_service=True), pack).effect == "ask"


def test_odd_days_of_several_stretches_are_a_range_and_not_a_guess(pack: Pack) -> None:
    stretches = (Served(date(2025, 1, 1), date(2025, 6, 15)), Served(date(2025, 8, 1), date(2026, 2, 15)))

    finding = service_suffices(PromotionFacts("associate_senior", stretches), pack)

    assert (finding.outcome, finding.range) == (None, (11, 12))


def test_another_title_is_not_concerned(pack: Pack) -> None:
    assert service_suffices(PromotionFacts("full_senior", ()), pack).outcome == "not_concerned"
