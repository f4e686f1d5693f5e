"""Opening the matters that may end a flexible-talent contract, and the days of a termination (OT-6.3g to OT-6.3k)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.lines import day_of_answer
from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, next_serial, open_cases
from db.talent_contracts import TalentContract
from policies.engine.pack import Pack
from policies.talent.application import ApplicationFacts, Clock, application_is_in_time, clock_of

TERMINATION = "ContractTermination"
TERMINATION_TASKS = (
    "confirm_ground",
    "force_majeure_ground",
    "expired_ground",
    "hold_payments",
    "recommend_termination",
    "expert_recommendation",
    "termination_application",
    "cured_question",
    "cured_review",
    "termination_review",
    "termination_revision",
)
# 六(3) 1 to 4, by the last letter of the rule.
WORKING_TIME, GROUNDS = "g", ("g", "h", "i", "j")
# What ground 4 names; the list of the text is open.
KINDS = ("mid_term_unqualified", "acceptance_unqualified", "medical_accident", "other")
AFTER_EXPIRY = "after_expiry"
# Facts of a contract that a matter beside it carries on.
CARRIED = ("person", "employer", "commission", "finance", "signatories")


@dataclass(frozen=True)
class Ground:
    """One ground to terminate. ground: g to j. learned_on: the day from which the three months run, as far as is known.

    as_of and figure: of what was judged, "" for none. question: what the text leaves open, for the commission.
    kind: of ground j. by: who raised it, "" for the contract itself.
    """

    ground: str
    learned_on: date
    as_of: str = ""
    figure: str = ""
    question: str = ""
    kind: str = ""
    by: str = ""


async def termination_under_way(session: AsyncSession, contract: str, ground: str) -> str:
    """The open termination of a contract on a ground, "" for none."""
    query = select(CaseFile.id).where(CaseFile.open_key == _open_key(contract, ground), CaseFile.state != "closed")
    return await session.scalar(query) or ""


async def termination_case(
    session: AsyncSession, contract: CaseFile, ground: Ground, *, pack: Pack, today: date, key: str = ""
) -> NewCase:
    """The case of a ground. key: the request that raised it, so that a second click is the first."""
    scope = f"termination.{contract.id.removeprefix('talent.')}"
    facts = {name: contract.facts[name] for name in CARRIED if contract.facts.get(name)}
    facts |= {
        "contract": contract.id,
        "ground": ground.ground,
        "learned_on": ground.learned_on.isoformat(),
        "as_of": ground.as_of,
        "figure": ground.figure,
        "question": ground.question or await _expired(session, contract, ground, today=today),
        "kind": ground.kind,
        "by": ground.by,
    }
    return NewCase(
        id=f"{scope}.{await next_serial(session, scope)}",
        lifecycle=TERMINATION,
        pack=pack,
        tasks=TERMINATION_TASKS,
        facts=facts,
        key=f"{scope}.{key}" if key else "",
        open_key=_open_key(contract.id, ground.ground),
        institution=contract.facts["employer"],
        subject=contract.facts["person"],
        started_by=ground.by,
    )


async def open_termination(scene: Scene, refs: Mapping[str, str]) -> str:
    """A contract has found a ground: the id of the termination, or of the one that is open for the same ground.

    The refs are ground, learned_on and as_of (ISO local days), figure and question.
    """
    await scene.alone_with(f"ends.{scene.case.id}")
    if known := await termination_under_way(scene.session, scene.case.id, refs["ground"]):
        return known
    ground = Ground(
        refs["ground"],
        date.fromisoformat(refs["learned_on"]),
        refs.get("as_of", ""),
        refs.get("figure", ""),
        refs.get("question", ""),
        refs.get("kind", ""),
    )
    today = scene.calendar.local_day(scene.at)
    case = await termination_case(scene.session, scene.case, ground, pack=scene.pack, today=today)
    await open_cases(scene.session, [case], at=scene.at)
    scene.starts.append(case.id)
    return case.id


async def application_clock(scene: Scene, refs: Mapping[str, str]) -> str:
    """The last day of the three months and the instant (UTC) from which an application is late (OT-6.3k, COR-16)."""
    clock = _clock(scene, refs)
    return f"{clock.last_day.isoformat()} {scene.calendar.end_of(clock.late_after).isoformat()}"


async def judge_application(scene: Scene, refs: Mapping[str, str]) -> str:
    """in_time, late, or to_confirm: between a last day that is a rest day and the next working day (AS-48, COR-16)."""
    clock, day = _clock(scene, refs), await day_of_answer(scene, refs["request"])
    facts = ApplicationFacts(clock.learned_on, day, clock.recommended_latest, clock.late_after, received_on=day)
    finding = application_is_in_time(facts, scene.pack)
    keep_finding(scene, finding, person=scene.case.facts["person"])
    return finding.outcome or "to_confirm"


async def day_of_end(scene: Scene, refs: Mapping[str, str]) -> str:
    """The local day of the answer that ended a matter; on a sheet, the day on it."""
    return (await day_of_answer(scene, refs["request"])).isoformat()


def _clock(scene: Scene, refs: Mapping[str, str]) -> Clock:
    return clock_of(date.fromisoformat(refs["learned_on"]), scene.calendar, scene.pack)


async def _expired(session: AsyncSession, contract: CaseFile, ground: Ground, *, today: date) -> str:
    """OT-6.3j: an acceptance after the term has nothing left to terminate; the commission says what becomes of it."""
    if ground.kind != "acceptance_unqualified":
        return ""
    row = await session.get(TalentContract, contract.id)
    return AFTER_EXPIRY if row and row.last_day and row.last_day < today else ""


def _open_key(contract: str, ground: str) -> str:
    return f"termination.{contract}.{ground}"


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one for one in (open_termination, application_clock, judge_application, day_of_end)
}
