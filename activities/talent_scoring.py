"""The facts of one annual assessment as the rules of the score table take them, from what people have answered.

Nobody types points that a rule works out: counts, figures of two years and visit records are asked for, and the rules
make points or a range of them (OT-E2, G-7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from policies.talent.attendance_rate import AttendanceFacts
from policies.talent.growth_items import GrowthFacts, Months
from policies.talent.judged_items import CapacityFacts, StaffFacts
from policies.talent.mentoring_item import MentoringFacts, Rater, Rating
from policies.talent.research_items import Answer, Kind, PaperFacts, ResearchFacts, Work
from policies.talent.score_table import ITEMS, Item, Ruling, TableFacts
from policies.talent.technique_items import Established, IntroductionFacts, SpecialtyFacts, TechniqueFacts
from policies.talent.veto import Conduct, ConductFacts, VetoFacts

MENTEES, HEAD, OWN = "mentees_rating", "department_rating", "self_rating"
CAPACITY, PANEL = "capacity_score", "assessment_panel"
MEDICAL, MEDIATION, STATED = "veto_medical", "veto_mediation", "veto_mediation_stated"
# Of the last two one is asked: the committee itself, or the commission what it has from a committee that is not here.
MATERIALS = (MEDICAL, MEDIATION, STATED)
# The entry of the panel's form that names the proof of an item, by the item.
PROOFS: Mapping[Item, str] = {
    "S1": "visits_proof",
    "S2": "income_proof",
    "S3": "attendance_proof",
    "S5": "techniques_proof",
    "S6": "introduction_proof",
    "S7": "specialty_proof",
    "S8": "papers_proof",
    "S9": "research_proof",
    "S10": "staff_proof",
}


@dataclass(frozen=True)
class Given:
    """One answer: its form, its words, and whose it is."""

    form: Mapping[str, Any]
    words: str = ""
    person: str = ""
    request: str = ""


@dataclass(frozen=True)
class Settled:
    """The commission's answer to a gap of one item."""

    item: Item
    given: Given


@dataclass(frozen=True)
class Answers:
    """The newest answer to each question of an assessment by the question's name, and the gaps that are settled."""

    given: Mapping[str, Given] = field(default_factory=dict)
    settled: tuple[Settled, ...] = ()

    def form(self, task: str) -> Mapping[str, Any]:
        """The form of an answer; nothing in it while nobody has answered."""
        return self.given[task].form if task in self.given else {}


def table_facts(answers: Answers) -> TableFacts:
    """OT-E2 All that is known of the year, item by item."""
    panel = answers.form(PANEL)
    return TableFacts(
        visits=_growth(panel, "visits"),
        income=_growth(panel, "income"),
        attendance=_attendance(panel),
        mentoring=mentoring_facts(answers),
        techniques=TechniqueFacts(_count(panel, "techniques"), _count(panel, "techniques_higher") or 0),
        introduction=IntroductionFacts(_said(panel.get("introduced")), _said(panel.get("pilot"))),
        specialty=SpecialtyFacts(
            cast("Established", panel.get("established") or "unknown"), _said(panel.get("assisted"))
        ),
        papers=PaperFacts(_count(panel, "papers"), _count(panel, "papers_unsettled") or 0),
        research=ResearchFacts(_works(panel)),
        staff=StaffFacts(_amount(panel, "staff_percent"), *(_count(panel, name) for name in _SAMPLE)),
        capacity=_capacity(answers),
        evidence=tuple(item for item in ITEMS if panel.get(PROOFS.get(item, ""))),
        rulings=tuple(ruling_of(each.item, each.given) for each in answers.settled),
    )


_SAMPLE = ("asked_leaders", "asked_middle", "asked_staff")


def ruling_of(item: Item, given: Given) -> Ruling:
    """What the commission says of a gap."""
    return Ruling(item, Decimal(given.form["points"]), "commission", given.words)


def mentoring_facts(answers: Answers, names: Mapping[str, str] | None = None) -> MentoringFacts:
    """OT-S4 The three ratings and the panel's points. names: of the people who answered, by their ids, where it is
    looked at who is who; a finding that is kept knows mentees by their number only.
    """
    panel = answers.form(PANEL)
    members = tuple(one for one in str(panel.get("panel", "")).replace(",", "、").split("、") if one.strip())
    return MentoringFacts(
        ratings=tuple(_rated(answers, names)),
        panel=tuple(one.strip() for one in members) if names is not None else (),
        points=_amount(panel, "mentoring_points"),
        reason=str(panel.get("mentoring_reason", "")),
        same_name=str(panel.get("same_name", "")),
    )


def ratings_of(answers: Answers) -> Sequence[tuple[Rater, Decimal, str]]:
    """Rater, points and request of every rating, the mentees' first."""
    requests = {"mentee": MENTEES, "department_head": HEAD, "expert": OWN}
    rated = _rated(answers, None)
    return [(one.rater, one.points, answers.given[requests[one.rater]].request) for one in rated]


def veto_facts(answers: Answers) -> VetoFacts:
    """OT-S12 What was measured, and what the two bodies have brought forward."""
    panel = answers.form(PANEL)
    conduct = tuple(
        ConductFacts(cast("Conduct", one["matter"]), one["serious"], one["consequences"])
        for task in MATERIALS
        for one in answers.form(task).get("conduct", ())
    )
    return VetoFacts(_amount(panel, "staff_percent"), _amount(panel, "patient_percent"), conduct)


def _rated(answers: Answers, names: Mapping[str, str] | None) -> list[Rating]:
    """Mentees are known by the name that was written down, the others by who has answered."""
    mentees = answers.form(MENTEES).get("mentees", ())
    rated = [
        Rating("mentee", str(one["name"]) if names is not None else f"mentee {at}", Decimal(one["points"]))
        for at, one in enumerate(mentees, start=1)
    ]
    own: tuple[tuple[Rater, str], ...] = (("department_head", HEAD), ("expert", OWN))
    for rater, task in own:
        if task in answers.given:
            given = answers.given[task]
            by = (names or {}).get(given.person, given.person)
            rated.append(Rating(rater, by, Decimal(given.form["points"]), given.person))
    return rated


def _growth(panel: Mapping[str, Any], name: str) -> GrowthFacts:
    return GrowthFacts(
        _amount(panel, f"{name}_this"),
        _amount(panel, f"{name}_last"),
        cast("Months", panel.get(f"{name}_months") or "year"),
        experts=_count(panel, "experts") or 1,
    )


def _attendance(panel: Mapping[str, Any]) -> AttendanceFacts:
    zero = Decimal(0)
    excused, claimed = _amount(panel, "excused") or zero, _amount(panel, "claimed") or zero
    return AttendanceFacts(_amount(panel, "agreed"), _amount(panel, "attended"), excused, claimed)


def _works(panel: Mapping[str, Any]) -> tuple[Work, ...] | None:
    if "works" not in panel:
        return None
    return tuple(
        Work(
            cast("Kind", one["kind"]),
            cast("Answer", one["fits"]),
            cast("Answer", one["employer_first"]),
            used_in_item_8=one["used"] == "yes",
        )
        for one in panel["works"]
    )


def _capacity(answers: Answers) -> CapacityFacts:
    """OT-S11 The question goes to the commission alone, so whoever has answered it is the commission."""
    if CAPACITY not in answers.given:
        return CapacityFacts()
    given = answers.given[CAPACITY]
    return CapacityFacts(Decimal(given.form["points"]), "commission", given.words)


def _amount(form: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(form[name]) if form.get(name) else None


def _count(form: Mapping[str, Any], name: str) -> int | None:
    return int(Decimal(form[name])) if form.get(name) else None


def _said(answer: object) -> bool | None:
    return {"yes": True, "no": False}.get(str(answer))
