"""DQ-3.2.2d, e: unauthorised absence."""

from dataclasses import replace
from decimal import Decimal

import pytest

from policies.absence import AbsenceFacts, Incident, IncidentFacts, service_counts, times_of
from policies.engine.pack import Pack
from policies.engine.pack_parts import Parameter
from policies.vocabulary import SENT_DOWN, TRAINEE, Programme


def _term(*incidents: Incident, programme: Programme = SENT_DOWN, appeal_open: bool = False) -> AbsenceFacts:
    return AbsenceFacts(programme, incidents, appeal_open)


def _one_day(number: int) -> Incident:
    return Incident(f"A{number}", Decimal(1), "confirmed")


def _confirmed(times: int) -> tuple[Incident, ...]:
    return tuple(_one_day(number) for number in range(times))


def test_as_01_three_absences_count_with_a_warning(pack: Pack) -> None:
    finding = service_counts(_term(*_confirmed(3)), pack)

    assert (finding.outcome, finding.effect, finding.figures["times"]) == ("counts", "warn", 3)
    assert finding.rule_ids == ("DQ-3.2.2e",)
    assert "旷工超过3次" in finding.quote
    assert finding.basis == "text"


@pytest.mark.parametrize(("times", "effect"), [(0, "allow"), (1, "allow"), (2, "warn"), (3, "warn"), (4, "block")])
def test_each_number_of_absences_has_its_effect(pack: Pack, times: int, effect: str) -> None:
    assert service_counts(_term(*_confirmed(times)), pack).effect == effect


def test_as_02_the_fourth_absence_voids_the_term_pending_the_group(pack: Pack) -> None:
    finding = service_counts(_term(*_confirmed(4)), pack)

    assert (finding.outcome, finding.basis) == ("void_pending", "text")


def test_as_03_an_absence_dismissed_on_appeal_is_not_counted(pack: Pack) -> None:
    dismissed = replace(_one_day(4), state="dismissed")

    finding = service_counts(_term(*_confirmed(3), dismissed), pack)

    assert (finding.outcome, finding.figures["times"]) == ("counts", 3)


def test_an_open_appeal_leaves_the_consequence_pending(pack: Pack) -> None:
    finding = service_counts(_term(*_confirmed(4), appeal_open=True), pack)

    assert (finding.outcome, finding.effect, finding.defaults) == ("pending_appeal", "warn", ("DEF-16",))


def test_an_absence_that_is_only_recorded_is_not_counted(pack: Pack) -> None:
    recorded = replace(_one_day(4), state="recorded")

    assert service_counts(_term(*_confirmed(3), recorded), pack).outcome == "counts"


def test_as_06_one_absence_of_three_days_is_asked_and_counts_nothing_yet(pack: Pack) -> None:
    finding = times_of(IncidentFacts(Decimal(3), leave_papers=False), pack)

    assert finding.outcome is None
    assert finding.effect == "ask"
    assert finding.ask is not None
    assert "集团" in finding.ask.zh
    assert finding.figures == {"days": Decimal(3), "times": 0}
    assert finding.range == (1, 3)
    assert [reading.outcome for reading in finding.readings] == ["times_1", "times_3"]
    assert "COR-14" in finding.defaults


def test_as_06_the_term_counts_nothing_of_it_until_the_group_answers(pack: Pack) -> None:
    longer = Incident("A9", Decimal(3), "confirmed")

    asked = service_counts(_term(_one_day(1), longer), pack)
    settled = service_counts(_term(_one_day(1), replace(longer, times=3)), pack)

    assert (asked.outcome, asked.range, asked.figures["times"]) == (None, (2, 4), 1)
    assert (settled.outcome, settled.figures["times"]) == ("void_pending", 4)


def test_four_settled_absences_void_the_term_whatever_the_open_one_becomes(pack: Pack) -> None:
    longer = Incident("A9", Decimal(3), "confirmed")

    assert service_counts(_term(*_confirmed(4), longer), pack).outcome == "void_pending"


@pytest.mark.parametrize(
    ("days", "outcome"), [("0.5", "one_time"), ("1", "one_time"), ("1.5", None), ("0", "no_incident")]
)
def test_up_to_one_day_is_one_time_and_more_is_asked(pack: Pack, days: str, outcome: str | None) -> None:
    assert times_of(IncidentFacts(Decimal(days), leave_papers=False), pack).outcome == outcome


def test_absence_with_leave_papers_is_no_incident(pack: Pack) -> None:
    assert times_of(IncidentFacts(Decimal(3), leave_papers=True), pack).outcome == "no_incident"


def test_as_08_four_absences_void_a_trainees_experience(pack: Pack) -> None:
    finding = service_counts(_term(*_confirmed(4), programme=TRAINEE), pack)

    assert (finding.outcome, finding.effect) == ("void_pending", "block")
    assert "进修轮训经历" in finding.explanation.zh


@pytest.mark.parametrize(
    ("days", "alerted"), [((14,), False), ((15,), True), ((10, 10, 9), False), ((10, 10, 10), True)]
)
def test_the_employer_is_alerted_at_15_running_or_30_days_in_all(
    pack: Pack, days: tuple[int, ...], *, alerted: bool
) -> None:
    incidents = (Incident(f"A{day}{at}", Decimal(day), "confirmed", 1) for at, day in enumerate(days))

    assert service_counts(_term(*incidents), pack).figures["alert_employer"] is alerted


def test_the_number_of_the_pack_decides_and_not_a_number_of_ours(pack: Pack) -> None:
    stricter: dict[str, Parameter] = pack.parameters | {
        "absences_allowed": replace(pack.parameters["absences_allowed"], value=2)
    }

    assert service_counts(_term(*_confirmed(3)), replace(pack, parameters=stricter)).outcome == "void_pending"
