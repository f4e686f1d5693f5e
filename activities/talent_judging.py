"""What the rules find of a nomination and of a draft contract, from the forms that people hand in (OT-2, OT-3)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from db.engine.cases import CaseFile
from db.engine.people import Institution
from db.talent_contracts import TalentContract
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.talent.classes import (
    HonourFacts,
    ReferenceFacts,
    SeniorFacts,
    class_one_fits,
    class_three_fits,
    class_two_fits,
    reference_is_open,
)
from policies.talent.contracts import (
    ContractFacts,
    ContractTermFacts,
    RelationsFacts,
    Stretch,
    contract_is_complete,
    contract_term_is_usual,
    relations_stay,
)
from policies.talent.nomination import FormFacts, form_is_open
from policies.talent.reviews import DuplicateFacts, OtherProject, person_is_nominated_once
from policies.talent.teams import (
    Member,
    TeamFacts,
    ages_are_mixed,
    core_titles_suffice,
    masters_suffice,
    team_is_complete,
)

Form = Mapping[str, Any]
OTHER, YES = "其他", "yes"
ASK, FINE = "ask", "fine"
OF_TEAM = (team_is_complete, core_titles_suffice, masters_suffice, ages_are_mixed)


def form_facts(form: Form) -> FormFacts:
    """The form of work of a nomination; another one in its own words."""
    return FormFacts(str(form["other_form"] if form["form"] == OTHER else form["form"]))


def term_facts(form: Form, earlier: tuple[Stretch, ...] = ()) -> ContractTermFacts:
    """The term of a draft, with the reason for an unusual one, and the terms that it comes after."""
    first_day, last_day = date.fromisoformat(form["first_day"]), date.fromisoformat(form["last_day"])
    return ContractTermFacts(first_day, last_day, earlier, reason=str(form.get("term_reason", "")))


async def terms_before(session: AsyncSession, renews: str) -> tuple[Stretch, ...]:
    """The terms of the contracts before one that renews, the newest first."""
    found: list[Stretch] = []
    while renews:
        row = await session.get_one(TalentContract, renews)
        found.append(Stretch(cast("date", row.first_day), cast("date", row.last_day)))
        renews = (await session.get_one(CaseFile, renews)).facts.get("renews", "")
    return tuple(found)


def complete_facts(form: Form) -> ContractFacts:
    """The elements and the working time of a draft."""
    elements = tuple(element for name, element in ELEMENTS.items() if str(form.get(name, "")).strip())
    scheduled = sum((Decimal(one["agreed"]) for one in form["periods"]), Decimal(0))
    return ContractFacts(elements, form["unit"], Decimal(form["agreed"]), scheduled)


# Each element by the entry in which it is written down.
ELEMENTS = {
    "duties": "责任义务",
    "assessment": "考核方式",
    "fund_yuan": "支持资金额度",
    "breach": "违约责任",
    "visits": "诊疗频次",
    "discipline": "学科建设",
    "training": "人才培养",
    "benefit": "预期工作效益",
}


async def judge_nomination(scene: Scene, refs: Mapping[str, str]) -> str:
    """Keep what is found of a nomination; it stands before the leader and the commission."""
    form, person = await scene.form_of(refs["request"]), scene.case.facts["person"]
    team = team_facts(form)
    found = [
        form_is_open(form_facts(form), scene.pack),
        class_found(form, scene.calendar.local_day(scene.at), scene.pack),
    ]
    if team.core:
        found += [rule(team, scene.pack) for rule in OF_TEAM]
    found.append(person_is_nominated_once(await duplicate_facts(scene, form), scene.pack))
    for finding in found:
        keep_finding(scene, finding, person=person)
    return FINE


def class_found(form: Form, today: date, pack: Pack) -> Finding:
    """What the rule of the class that was named finds of the grounds on a local day."""
    if form["class"] == "by_reference":
        return reference_is_open(ReferenceFacts(form["own_city"] == YES), pack)
    if form["class"] == "senior":
        since = date.fromisoformat(form["title_since"]) if form["title_since"] else None
        return class_three_fits(SeniorFacts(form["home"], form["title"], since, today), pack)
    vice_chair = {"yes": True, "no": False}.get(form["vice_chair"])
    facts = HonourFacts(form["ground"], form["level"], bool(form.get("attachment")), vice_chair)
    return (class_one_fits if form["class"] == "provincial" else class_two_fits)(facts, pack)


def team_facts(form: Form) -> TeamFacts:
    """The team of a nomination; no core member where one person is nominated."""
    core = tuple(_member(one) for one in form["members"])
    leader = {"title": form["title"], "graduate": form["leader_graduate"], "masters": form["leader_masters"]}
    return TeamFacts((_member(leader),), core)


def _member(row: Form) -> Member:
    age = int(Decimal(row["age"])) if row.get("age") else None
    return Member(row["title"], _said(row["graduate"]), _said(row["masters"]), age)


def _said(answer: str) -> bool | None:
    return {"yes": True, "no": False}.get(answer)


async def duplicate_facts(scene: Scene, form: Form) -> DuplicateFacts:
    """The nomination beside the others of the same person in the banner that are under way (OT-N2)."""
    query = select(TalentContract, Institution.name).join(Institution, Institution.code == TalentContract.employer)
    query = query.where(TalentContract.person == scene.case.facts["person"], TalentContract.state != "ended")
    rows = (await scene.session.execute(query.where(TalentContract.case_id != scene.case.id))).all()
    others = tuple(OtherProject(name, row.first_day, row.last_day) for row, name in rows)
    own = date.fromisoformat(form["first_day"]), date.fromisoformat(form["last_day"])
    return DuplicateFacts(scene.case.facts["employer"], *own, others)


async def judge_contract(scene: Scene, refs: Mapping[str, str]) -> str:
    """Keep what is found of a draft; "ask" where its term is for the commission to accept (OT-2.1c)."""
    form, person = await scene.form_of(refs["request"]), scene.case.facts["person"]
    earlier = await terms_before(scene.session, scene.case.facts.get("renews", ""))
    usual = contract_term_is_usual(term_facts(form, earlier), scene.pack)
    complete = contract_is_complete(complete_facts(form), scene.pack)
    relations = relations_stay(RelationsFacts(clause_in_contract=form["relations"] == "yes"), scene.pack)
    for finding in (usual, complete, relations):
        keep_finding(scene, finding, person=person)
    return FINE if usual.effect == "allow" else ASK


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (judge_nomination, judge_contract)}
