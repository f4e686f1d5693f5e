"""What a flexible-talent contract asks for, held against its rules: nothing is kept that the text forbids."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_facts import working_time_of
from activities.talent_judged_time import ruled_time_of
from activities.talent_judging import (
    OF_TEAM,
    class_found,
    complete_facts,
    form_facts,
    team_facts,
    term_facts,
    terms_before,
)
from activities.talent_scoring import MATERIALS
from db.engine.cases import FindingRow
from db.engine.people import Institution, Person
from db.talent_contracts import TalentContract, TalentExcuse, TalentTrained
from policies.engine.pack import Pack
from policies.talent.claims import agreed_in
from policies.talent.contracts import contract_is_complete, contract_term_is_usual
from policies.talent.figures import amount
from policies.talent.force_majeure import Event, EventFacts, event_excuses
from policies.talent.nomination import form_is_open
from policies.talent.working_time import Due, WorkingTimeFacts, contradicts, working_time_suffices
from services.contract_numbers import contract_with_number
from services.engine.attachments import ATTACHMENT
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.entries import Content, check_of, shown_of
from services.forms.parsing import ensure
from services.forms.talent_sheets import SHEETS

NOMINATION = ("talent_need", "talent_nomination", "qualification_review", "comprehensive_evaluation")
CONTRACT = ("contract_draft",)
ACCEPTANCE = ("acceptance_report",)
OF_CLASS: Mapping[str, tuple[str, ...]] = {
    "provincial": ("ground", "level"),
    "city": ("ground", "level"),
    "senior": ("home",),
    "by_reference": (),
}
# What a mode asks for beside the form (OT-2.1.3, OT-2.1.4).
OF_MODE: Mapping[str, tuple[str, ...]] = {"paired": ("partner",), "platform": ("platform",)}


async def _nomination(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """A free clinic is none of the forms (OT-2.1b); a mode names its own (OT-2.1.3, 2.1.4); the days come in order."""
    problems = [FieldProblem(name, "missing") for name in OF_MODE.get(content["mode"], ()) if not content[name].strip()]
    if form_is_open(form_facts(content), asked.pack).effect == "block":
        problems.append(FieldProblem("form", "free_clinic"))
    if content["form"] == "其他" and not content["other_form"]:
        problems.append(FieldProblem("other_form", "missing"))
    if content["last_day"] < content["first_day"]:
        problems.append(FieldProblem("last_day", "service_order"))
    of_class = OF_CLASS[content["class"]]
    of_team = ("leader_graduate", "leader_masters") if content["members"] else ()
    missing = [FieldProblem(name, "missing") for name in (*of_class, *of_team) if not content[name]]
    found = None if missing else class_found(content, asked.today, asked.pack)
    if found and found.effect == "block":
        problems.append(FieldProblem("class", "class_unfit", (("rule", found.rule_ids[0]),)))
    if content["members"] and not missing and not content["reason"] and _warned(content, asked.pack):
        problems.append(FieldProblem("reason", "team_reason_missing"))
    return problems + missing


def _warned(content: Content, pack: Pack) -> bool:
    """Whether the team departs from what is usual; then a written reason goes with it (DEF-09)."""
    team = team_facts(content)
    return any(rule(team, pack).effect == "warn" for rule in OF_TEAM)


async def _draft(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """Eight elements, unit, total and schedule; an unusual term has its reason (OT-2.1c, d)."""
    problems = []
    if content["last_day"] < content["first_day"]:
        return [FieldProblem("last_day", "service_order")]
    earlier = await terms_before(session, asked.case.facts.get("renews", ""))
    if any(content["first_day"] <= one.last_day.isoformat() for one in earlier):
        problems.append(FieldProblem("first_day", "renewal_overlaps"))
    usual = contract_term_is_usual(term_facts(content), asked.pack)
    if usual.effect != "allow" and not content["term_reason"]:
        problems.append(FieldProblem("term_reason", "term_reason_missing"))
    complete = contract_is_complete(complete_facts(content), asked.pack).outcome
    if complete == "schedule_differs":
        problems.append(FieldProblem("periods", "schedule_differs"))
    elif complete != "complete":
        problems.append(FieldProblem("agreed", "working_time_missing"))
    elif contradicts(schedule_facts(content)):
        problems.append(FieldProblem("periods", "schedule_outside"))
    return problems


async def _paper(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """A number names one contract of an employer (COR-10)."""
    facts = asked.case.facts
    known = await contract_with_number(session, facts["employer"], content["number"], person=facts["person"])
    return [FieldProblem("number", "contract_number_used", (("case", known),))] if known else []


async def _consent(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """A letter for who is in service elsewhere, a ground for who is not (COR-08)."""
    if content["service"] == "in_service":
        proof = [] if content[ATTACHMENT] else [FieldProblem(ATTACHMENT, "evidence_missing")]
        return proof if content["consented_on"] else [*proof, FieldProblem("consented_on", "missing")]
    return [] if content["basis"] else [FieldProblem("basis", "missing")]


async def _authority(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """Whoever treats patients has proof of the authority to do so (COR-08)."""
    if content["basis"] == "no_clinical_work":
        return []
    proof = [] if content[ATTACHMENT] else [FieldProblem(ATTACHMENT, "evidence_missing")]
    return proof if content["valid_from"] else [*proof, FieldProblem("valid_from", "missing")]


async def _held(session: AsyncSession, asked: Asked, content: Content) -> Sequence[FieldProblem]:
    """Nothing is assessed on a day that is still to come, or before the contract began."""
    contract = await session.get_one(TalentContract, asked.case.id)
    begun = contract.first_day.isoformat() if contract.first_day else ""
    return [] if begun <= content["held_on"] <= asked.today.isoformat() else [FieldProblem("held_on", "held_outside")]


def schedule_facts(content: Content) -> WorkingTimeFacts:
    """The schedule of a draft as the rule about working time will take it."""
    periods = tuple(
        Due(date.fromisoformat(one["first_day"]), date.fromisoformat(one["last_day"]), Decimal(one["agreed"]))
        for one in content["periods"]
    )
    first_day, last_day = date.fromisoformat(content["first_day"]), date.fromisoformat(content["last_day"])
    return WorkingTimeFacts(
        content["unit"], first_day, last_day, Decimal(content["agreed"]), until=last_day, schedule=periods
    )


def with_talent(reader: FormReader) -> FormReader:
    """What a form shows, and above it whom the case is about and what the rules have found."""

    async def shown(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
        return {**await reader(session, asked), "talent": await _talent(session, asked)}

    return shown


async def _talent(session: AsyncSession, asked: Asked) -> Mapping[str, Any]:
    person = await session.get_one(Person, asked.case.facts["person"])
    unit = await session.get_one(Institution, person.institution)
    query = select(FindingRow.finding).where(FindingRow.case_id == asked.case.id).order_by(FindingRow.id.desc())
    newest: dict[str, Any] = {}
    for finding in await session.scalars(query):
        newest.setdefault(finding["rule_ids"][0], finding)
    noted = [one for one in newest.values() if one["effect"] != "allow"]
    facts = asked.case.facts
    return {
        "name": person.name,
        "unit": unit.name,
        "title": person.professional_title,
        "findings": noted[::-1],
        # Who only supplies materials does not read the contract.
        "contract": "" if asked.task.name in MATERIALS else facts.get("contract", asked.case.id),
        "period": (facts["first_day"], facts["last_day"]) if "contract" in facts else None,
    }


async def _check_in(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """The working time to the end of the quarter, beside the form."""
    until = date.fromisoformat(asked.task.refs["quarter"])
    finding = working_time_suffices(await ruled_time_of(session, asked.case.id, asked.pack, until=until), asked.pack)
    form = await shown_of(SHEETS, "talent_check_in")(session, asked)
    return {**form, "working_time": finding.as_json(), "quarter": until}


async def _midterm(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """The contract, and its working time to the end of yesterday: read, never turned into a conclusion (G-1)."""
    until = asked.today - timedelta(days=1)
    finding = working_time_suffices(await ruled_time_of(session, asked.case.id, asked.pack, until=until), asked.pack)
    form = await shown_of(SHEETS, "midterm", *CONTRACT)(session, asked)
    return {**form, "working_time": finding.as_json(), "quarter": until}


async def _before_signature(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """The contract, its days, and what was worked before the signature."""
    contract = await session.get_one(TalentContract, asked.case.id)
    facts = await working_time_of(session, asked.case.id, until=asked.today)
    said = {"signed_on": contract.signed_on, "first_day": contract.first_day, "unit": contract.unit}
    worked = [{"kind": one.kind, "amount": one.amount} for one in facts.worked_before]
    return {**await shown_of(SHEETS, "", *CONTRACT)(session, asked), "before_signature": {**said, "worked": worked}}


async def _trained(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """The physician whom the leader confirms."""
    row = await session.get_one(TalentTrained, asked.task.refs["trained"])
    return {"entries": (), "said": [], "trained": {"name": row.name, "day": row.day, "words": row.words}}


async def _excuse(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """The claim that the commission settles."""
    claim = await session.get_one(TalentExcuse, asked.task.refs["excuse"])
    days = {"first_day": claim.first_day, "last_day": claim.last_day}
    facts = await working_time_of(session, asked.case.id, until=claim.last_day)
    agreed = amount(agreed_in(facts, **days))
    said = {"kind": claim.kind, **days, "units": claim.units, "unit": facts.unit, "agreed": agreed}
    return {"entries": (), "said": [], "claim": {**said, "words": claim.words or "", "evidence": claim.evidence}}


async def _settled(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Force majeure is confirmed only with its proof (G-13, AS-46)."""
    claim = await session.get_one(TalentExcuse, asked.task.refs["excuse"])
    if answer.choice == "confirm_excuse":
        proofs, days = 1 if claim.evidence else 0, (claim.first_day, claim.last_day)
        facts = EventFacts(cast("Event", claim.kind), *days, proofs, "confirmed", "commission")
        if event_excuses(facts, asked.pack).outcome != "confirmed":
            ensure([FieldProblem("words", "excuse_unproved")])
    return Form()


FORMS: Mapping[str, FormCheck] = {
    **{name: check_of(sheet) for name, sheet in SHEETS.items()},
    "talent_nomination": check_of(SHEETS["talent_nomination"], _nomination),
    "contract_draft": check_of(SHEETS["contract_draft"], _draft),
    "settle_excuse": _settled,
    "midterm_assessment": check_of(SHEETS["midterm"], _held),
    "contract_paper": check_of(SHEETS["contract_paper"], _paper),
    "home_unit_consent": check_of(SHEETS["home_unit_consent"], _consent),
    "practice_authority": check_of(SHEETS["practice_authority"], _authority),
}
_AFTER_DRAFT = ("contract_paper", "home_unit_consent", "practice_authority")
READERS: Mapping[str, FormReader] = {
    name: with_talent(reader)
    for name, reader in {
        "talent_need": shown_of(SHEETS, "talent_need", "talent_need"),
        "talent_need_read": shown_of(SHEETS, "", "talent_need"),
        "talent_nomination": shown_of(SHEETS, "talent_nomination", "talent_need"),
        "talent_nomination_read": shown_of(SHEETS, "", *NOMINATION),
        "talent_review": shown_of(SHEETS, "talent_review", *NOMINATION[:2]),
        "talent_evaluation": shown_of(SHEETS, "talent_evaluation", *NOMINATION[:3]),
        "contract_draft": shown_of(SHEETS, "contract_draft", "talent_nomination", "contract_draft"),
        "talent_read": shown_of(SHEETS, "", *CONTRACT),
        "contract_read": shown_of(SHEETS, "", *CONTRACT),
        **{name: shown_of(SHEETS, name, *CONTRACT) for name in _AFTER_DRAFT},
        "talent_check_in": _check_in,
        "settle_excuse": _excuse,
        "confirm_trained": _trained,
        "midterm": _midterm,
        "before_signature": _before_signature,
        "acceptance_report": shown_of(SHEETS, "acceptance_report", *CONTRACT),
        "acceptance_read": shown_of(SHEETS, "", *CONTRACT, *ACCEPTANCE),
        "next_year": shown_of(SHEETS, "next_year", *ACCEPTANCE),
        "end_report": shown_of(SHEETS, "end_report", *CONTRACT, *ACCEPTANCE),
        "end_report_read": shown_of(SHEETS, "", *CONTRACT, *ACCEPTANCE, "end_report"),
    }.items()
}
