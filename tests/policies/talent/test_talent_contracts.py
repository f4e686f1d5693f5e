"""The contract of an expert: its form, term, elements, signatures and parties; what stands before its first session."""

from datetime import date
from decimal import Decimal

import pytest

from policies.engine.pack import Pack
from policies.talent.contracts import (
    ContractFacts,
    ContractTermFacts,
    PartiesFacts,
    RelationsFacts,
    Signature,
    SignedFacts,
    Stretch,
    contract_is_complete,
    contract_is_signed,
    contract_term_is_usual,
    parties_of,
    relations_stay,
)
from policies.talent.first_session import FirstSessionFacts, first_session_is_open
from policies.talent.nomination import (
    AdvisoryFacts,
    EmployersFacts,
    FormFacts,
    NeedFacts,
    PairedFacts,
    PlatformFacts,
    RehireFacts,
    form_is_open,
    joint_employers_are_led,
    need_is_named,
    paired_support_is_agreed,
    platform_is_named,
    rehire_is_voluntary,
    sessions_are_named,
)

ELEMENTS = ("责任义务", "考核方式", "支持资金额度", "违约责任", "诊疗频次", "学科建设", "人才培养", "预期工作效益")
START = date(2026, 3, 1)
SIGNED = SignedFacts("1", date(2026, 2, 20), START, True, (Signature("医院", True), Signature("专家", True)), True)


@pytest.mark.parametrize(
    ("form", "outcome", "effect"),
    [
        ("名医工作室", "named_form", "allow"),
        ("联合实验室", "other_form", "allow"),
        ("义诊", "excluded_form", "block"),
        (" 义诊 ", "excluded_form", "block"),
        ("周末义诊", None, "ask"),
        ("", "form_missing", "block"),
    ],
)
def test_as_79_a_free_clinic_is_refused_and_other_forms_are_open(
    talent: Pack, form: str, outcome: str | None, effect: str
) -> None:
    found = form_is_open(FormFacts(form), talent)
    assert (found.outcome, found.effect) == (outcome, effect)
    assert "义诊除外" in found.quote


def test_all_six_forms_of_the_text_are_named(talent: Pack) -> None:
    forms = talent.parameters["contract_forms"].listed
    assert len(forms) == 6
    assert {form_is_open(FormFacts(each), talent).outcome for each in forms} == {"named_form"}


def test_a_nomination_names_the_gap_and_the_key_direction(talent: Pack) -> None:
    assert need_is_named(NeedFacts("内镜治疗", "消化内科"), talent).outcome == "named"
    found = [need_is_named(each, talent) for each in (NeedFacts(" ", "消化内科"), NeedFacts("内镜治疗", ""))]
    assert [(each.outcome, each.effect) for each in found] == [("gap_missing", "block"), ("direction_missing", "block")]


@pytest.mark.parametrize(
    ("employers", "lead", "outcome"),
    [
        (("甲",), "", "alone"),
        (("甲", "乙"), "", "lead_missing"),
        (("甲", "乙"), "丙", "lead_missing"),
        (("甲", "乙"), "乙", "led"),
        (("甲", "甲"), "甲", "employer_twice"),
        ((), "", "employer_missing"),
    ],
)
def test_joint_employers_have_one_of_them_as_lead(
    talent: Pack, employers: tuple[str, ...], lead: str, outcome: str
) -> None:
    found = joint_employers_are_led(EmployersFacts(employers, lead), talent)
    assert found.outcome == outcome
    assert (found.effect == "allow") == (outcome in {"alone", "led"})
    assert ("PD" in found.defaults) == (outcome in {"led", "lead_missing"})


def test_each_of_the_four_modes_asks_for_its_own(talent: Pack) -> None:
    assert sessions_are_named(AdvisoryFacts(("定期坐诊",), on_rest_days=True), talent).outcome == "named"
    assert sessions_are_named(AdvisoryFacts(("定期坐诊", "远程阅片")), talent).effect == "warn"
    assert sessions_are_named(AdvisoryFacts(()), talent).effect == "block"
    assert rehire_is_voluntary(RehireFacts(True, True), talent).outcome == "voluntary"
    assert rehire_is_voluntary(RehireFacts(True, False), talent).effect == "block"
    assert rehire_is_voluntary(RehireFacts(None, True), talent).effect == "ask"
    assert platform_is_named(PlatformFacts("", "名医工作室"), talent).effect == "block"
    assert platform_is_named(PlatformFacts("甲室", "名医工作室"), talent).outcome == "named"
    assert platform_is_named(PlatformFacts("甲室", "联合体"), talent).effect == "warn"


def test_the_target_people_of_a_platform_are_in_no_class_until_the_commission_says_so(talent: Pack) -> None:
    assert platform_is_named(PlatformFacts("甲室", "名医工作室", True), talent).effect == "ask"
    assert platform_is_named(PlatformFacts("甲室", "名医工作室", True, "class_2"), talent).outcome == "named"


def test_whose_attendance_counts_where_people_come_in_turn_is_asked(talent: Pack) -> None:
    asked = paired_support_is_agreed(PairedFacts("某医院", True), talent)
    assert (asked.outcome, {each.outcome for each in asked.readings}) == (None, {"post", "person"})
    assert paired_support_is_agreed(PairedFacts("某医院", True, True, "post"), talent).outcome == "agreed"
    assert paired_support_is_agreed(PairedFacts("某医院", True, False), talent).outcome == "agreed"
    assert paired_support_is_agreed(PairedFacts("某医院", False), talent).effect == "block"
    assert paired_support_is_agreed(PairedFacts(" ", True), talent).effect == "block"


def test_the_relations_with_the_home_unit_stay(talent: Pack) -> None:
    assert relations_stay(RelationsFacts(), talent).outcome == "unchanged"
    broken = (
        RelationsFacts(("户籍",)),
        RelationsFacts(regular_employee=True),
        RelationsFacts(clause_in_contract=False),
    )
    found = [relations_stay(each, talent) for each in broken]
    assert [each.outcome for each in found] == ["changed", "regular_employee", "clause_missing"]
    assert {each.effect for each in found} == {"block"}


@pytest.mark.parametrize(
    ("last_day", "outcome", "effect"),
    [
        (date(2026, 8, 30), "below_minimum", "warn"),
        (date(2026, 8, 31), "usual", "allow"),
        (date(2029, 2, 28), "usual", "allow"),
        (date(2029, 3, 1), "above_maximum", "warn"),
        (START, "below_minimum", "warn"),
        (date(2026, 2, 28), None, "ask"),
    ],
)
def test_as_67_as_68_six_months_and_three_years_are_both_included(
    talent: Pack, last_day: date, outcome: str | None, effect: str
) -> None:
    found = contract_term_is_usual(ContractTermFacts(START, last_day), talent)
    assert (found.outcome, found.effect) == (outcome, effect)


def test_a_renewal_is_judged_alone_and_the_sum_is_shown(talent: Pack) -> None:
    earlier = (Stretch(date(2023, 3, 1), date(2026, 2, 28)), Stretch(date(2022, 9, 1), date(2022, 12, 15)))
    found = contract_term_is_usual(ContractTermFacts(START, date(2027, 2, 28), earlier), talent)
    assert found.outcome == "usual"
    assert (found.figures["contracts"], found.figures["sum_months"], found.figures["sum_days"]) == (3, 51, 15)
    assert found.figures["reason_given"] is False


def test_a_contract_states_eight_elements_and_its_working_time(talent: Pack) -> None:
    short = contract_is_complete(ContractFacts(ELEMENTS[1:], "hours", Decimal(480), Decimal(480)), talent)
    assert (short.outcome, short.effect, short.basis) == ("incomplete", "block", "text")
    assert short.figures["missing"] == ("责任义务",)
    whole = ContractFacts(ELEMENTS, "hours", Decimal("480.5"), Decimal("480.50"))
    assert contract_is_complete(whole, talent).outcome == "complete"


@pytest.mark.parametrize(
    ("unit", "total", "scheduled", "missing"),
    [
        ("", 480, 480, ("工作时间单位",)),
        ("hours", None, 480, ("工作时间总量",)),
        ("hours", 0, 480, ("工作时间总量",)),
        ("hours", 480, None, ("工作时间安排",)),
        ("", None, None, ("工作时间单位", "工作时间总量", "工作时间安排")),
    ],
)
def test_without_unit_total_and_schedule_nobody_signs(
    talent: Pack, unit: str, total: int | None, scheduled: int | None, missing: tuple[str, ...]
) -> None:
    amounts = [None if each is None else Decimal(each) for each in (total, scheduled)]
    found = contract_is_complete(ContractFacts(ELEMENTS, unit, *amounts), talent)  # type: ignore[arg-type]
    assert (found.outcome, found.effect, found.figures["missing"]) == ("working_time_missing", "block", missing)
    assert found.basis == "default"


def test_a_schedule_adds_up_to_the_total(talent: Pack) -> None:
    found = contract_is_complete(ContractFacts(ELEMENTS, "sessions", Decimal(48), Decimal(47)), talent)
    assert (found.outcome, found.effect) == ("schedule_differs", "block")


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "signed"),
        ({"number": ""}, "record_incomplete"),
        ({"signed_on": None}, "record_incomplete"),
        ({"scan": False}, "record_incomplete"),
        ({"duties_acknowledged": False}, "duties_open"),
        ({"signatures": ()}, "unsigned"),
        ({"signatures": (Signature("医院", True), Signature("专家", False))}, "unsigned"),
        ({"signed_on": START}, "signed"),
        ({"signed_on": date(2026, 3, 2)}, None),
    ],
)
def test_a_contract_is_signed_on_paper_by_every_party(
    talent: Pack, changed: dict[str, object], outcome: str | None
) -> None:
    facts = SignedFacts(**(vars(SIGNED) | changed))
    found = contract_is_signed(facts, talent)
    assert found.outcome == outcome
    assert found.effect == {"signed": "allow", None: "ask"}.get(outcome, "block")
    assert "COR-08" in found.defaults


def test_g_15_each_party_is_every_employer_and_the_expert_or_the_institution(talent: Pack) -> None:
    team = parties_of(PartiesFacts(("甲", "乙"), expert="领衔人", members=4), talent)
    assert team.figures["parties"] == ("甲", "乙", "领衔人"), "members are no parties"
    assert (team.outcome, team.defaults) == ("named", ("PD",))
    assert parties_of(PartiesFacts(("甲",), partner="某医院"), talent).figures["parties"] == ("甲", "某医院")
    assert parties_of(PartiesFacts(("甲",)), talent).effect == "block"
    assert parties_of(PartiesFacts((), expert="某人"), talent).effect == "block"
    assert parties_of(PartiesFacts(("甲",), "某人", "某医院"), talent).effect == "ask"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (FirstSessionFacts(None, True, "invitation", True), None),
        (FirstSessionFacts(True, False, "invitation", True), "home_consent_missing"),
        (FirstSessionFacts(True, True, "", True), "practice_missing"),
        (FirstSessionFacts(True, True, "invitation", False), "practice_unproved"),
        (FirstSessionFacts(True, True, "invitation", True), "open"),
        (FirstSessionFacts(False, False, "practice_filing", True), "open"),
        (FirstSessionFacts(False, False, "cross_province", True), "open"),
        (FirstSessionFacts(False, False, "no_clinical_work", False), "no_clinical_work"),
    ],
)
def test_cor_08_two_gates_stand_before_the_first_clinical_session(
    talent: Pack, facts: FirstSessionFacts, outcome: str | None
) -> None:
    found = first_session_is_open(facts, talent)
    assert found.outcome == outcome
    assert found.effect == {"open": "allow", None: "ask"}.get(outcome, "block")


def test_cor_08_a_lecture_needs_no_authority_to_practise(talent: Pack) -> None:
    assert first_session_is_open(FirstSessionFacts(None, clinical=False), talent).outcome == "not_clinical"
