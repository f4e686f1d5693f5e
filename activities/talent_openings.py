"""What a contract that was running brings with it: its rows, with the gates that were stated (COR-17).

On the day of an import nothing is judged, however low its figures are. G-2 judges at quarter ends, year ends and the
last day, and is a warning in between; the day of learning of OT-6.3k is that of a notice to the employer or the one
that the employer records. The next checkpoint is cumulative, so that nothing escapes it, and an employer that learned
of it before states since when: then the termination is open at once, from that day (decision 0021).
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import delete

from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from activities.talent_over import tell_matters
from db.opening_terms import TAKEN_BACK
from db.talent_contracts import CONTRACT, TalentContract, TalentPeriod
from db.talent_openings import TALENT_OPENING, TalentOpening
from policies.talent.contracts import ContractTermFacts, contract_term_is_usual

NO_CLINICAL_WORK = "no_clinical_work"


async def enter_contract_opening(scene: Scene, refs: Mapping[str, str]) -> str:
    """The contract as it was stated, in force from here; answers its last day.

    The file names what was imported and the contract, so that nobody alters either beside it.
    """
    opening = await scene.session.get_one(TalentOpening, scene.case.id)
    opening.in_file = True
    scene.name_row(TALENT_OPENING, TALENT_OPENING.content_of(opening))
    row = _contract(scene, opening)
    scene.session.add(row)
    for one in opening.periods:
        days = {name: date.fromisoformat(one[name]) for name in ("first_day", "last_day")}
        scene.session.add(TalentPeriod(case_id=opening.case_id, agreed=Decimal(one["agreed"]), **days))
    scene.name_row(CONTRACT, CONTRACT.content_of(row))
    term = ContractTermFacts(opening.first_day, opening.last_day)
    keep_finding(scene, contract_term_is_usual(term, scene.pack), person=opening.person)
    return opening.last_day.isoformat()


def _contract(scene: Scene, opening: TalentOpening) -> TalentContract:
    return TalentContract(
        case_id=opening.case_id,
        employer=opening.employer,
        commission=scene.case.facts["commission"],
        person=opening.person,
        department=opening.department,
        number=opening.number,
        first_day=opening.first_day,
        last_day=opening.last_day,
        unit=opening.unit,
        agreed=opening.agreed,
        fund_yuan=opening.fund_yuan,
        signed_on=opening.signed_on,
        filed_on=opening.filed_on,
        no_clinic_before=_no_clinic_before(opening),
        state="signed",
        settled_by=None,
    )


def _no_clinic_before(opening: TalentOpening) -> date | None:
    """Where both gates were stated, the day on which both papers hold (COR-08); None while one of them is asked."""
    treats = opening.authority_basis and opening.authority_basis != NO_CLINICAL_WORK
    if not opening.consent_service or not treats:
        return None
    return max(day for day in (opening.consented_on, opening.authority_from) if day)


async def take_back_contract_opening(scene: Scene, refs: Mapping[str, str]) -> str:
    """What was wrongly imported is no contract any more, for sessions, figures, funds or counts.

    What was stated stays in the record beside its file.
    """
    row = await scene.session.get(TalentContract, scene.case.id)
    if row is None:
        return ""
    row.state, row.number, row.unit = "ended", "", ""
    row.first_day = row.last_day = row.signed_on = row.filed_on = row.no_clinic_before = None
    row.agreed = row.fund_yuan = None
    await scene.session.execute(delete(TalentPeriod).where(TalentPeriod.case_id == scene.case.id))
    scene.name_row(CONTRACT, CONTRACT.content_of(row))
    await tell_matters(scene, TAKEN_BACK)
    return ""


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one for one in (enter_contract_opening, take_back_contract_opening)
}
