"""Opening the matters that may end a flexible-talent contract, and the days of a termination (OT-6.2b, OT-6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.lines import day_of_answer, day_recorded
from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from db.contract_ends import END_KIND, ContractEndKind
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, next_serial, open_cases
from db.talent_contracts import TalentContract
from policies.engine.pack import Pack
from policies.talent.application import (
    DAY_OF_RECEIPT,
    ApplicationFacts,
    Clock,
    Counts,
    application_is_in_time,
    clock_of,
)

TERMINATION, RESCISSION, CANNOT_CONTINUE = "ContractTermination", "ContractRescission", "ContractCannotContinue"
TASKS: Mapping[str, tuple[str, ...]] = {
    TERMINATION: (
        "confirm_ground",
        "force_majeure_ground",
        "expired_ground",
        "hold_payments",
        "recommend_termination",
        "expert_recommendation",
        "termination_application",
        "application_day",
        "application_without_ground",
        "cured_question",
        "cured_review",
        "termination_review",
        "termination_revision",
    ),
    RESCISSION: (
        "open_inquiry",
        "verify_cause",
        "hold_payments",
        "expert_reply",
        "decide_rescission",
        "stop_benefits",
        "pursue_liability",
        "ended_report",
        "ended_filing",
    ),
    CANNOT_CONTINUE: ("confirm_cannot_continue", "ended_report", "ended_filing"),
}
# What the ids of their cases begin with.
SCOPES: Mapping[str, str] = {
    TERMINATION: "termination",
    RESCISSION: "rescission",
    CANNOT_CONTINUE: "cannot_continue",
}
# Grounds by the last letter of their rule: 六(3) 1 to 4 to terminate, the six of L34 to rescind.
WORKING_TIME, GROUNDS, CAUSES = "g", ("g", "h", "i", "j"), ("a", "b", "c", "d", "e", "f")
UNQUALIFIED_YEAR = "e"
# What ground 4 to terminate names; the list of the text is open.
KINDS = ("mid_term_unqualified", "acceptance_unqualified", "medical_accident", "other")
STOPS = ("death", "illness", "force_majeure", "licence_lost", "employer_reasons")
AFTER_EXPIRY = "after_expiry"
# Which day of an application on paper counts, by the commission's answer; "" before it was asked.
DAYS: Mapping[str, Counts] = {"": "", "stated_day_counts": "stated", "recorded_day_counts": "recorded"}
# Facts of a contract that a matter beside it carries on.
CARRIED = ("person", "employer", "commission", "finance", "signatories")


@dataclass(frozen=True)
class Matter:
    """A matter that may end a contract, before it is a case.

    ground: the letter of the rule, "" for a contract that cannot go on. learned_on: the day from which the three months
    of a termination run, as far as is known; ended_on: of a contract that cannot go on. as_of and figure: of what was
    judged. question: what the text leaves open, for the commission. kind: of ground j, or why it cannot go on, which
    may be a matter of health and is kept apart from the facts. by: who raised it, "" for the contract itself.
    """

    lifecycle: str
    ground: str = ""
    learned_on: date | None = None
    ended_on: date | None = None
    as_of: str = ""
    figure: str = ""
    question: str = ""
    kind: str = ""
    by: str = ""

    def facts(self) -> dict[str, str]:
        """As the case carries them."""
        days = {"learned_on": self.learned_on, "ended_on": self.ended_on}
        kind = "" if self.lifecycle == CANNOT_CONTINUE else self.kind
        codes = {"ground": self.ground, "as_of": self.as_of, "figure": self.figure, "kind": kind, "by": self.by}
        return codes | {name: day.isoformat() for name, day in days.items() if day}


async def under_way(session: AsyncSession, contract: str, matter: Matter) -> str:
    """The open case of the same matter, "" for none."""
    query = select(CaseFile.id).where(CaseFile.open_key == _open_key(contract, matter), CaseFile.state != "closed")
    return await session.scalar(query) or ""


async def termination_under_way(session: AsyncSession, contract: str, ground: str) -> str:
    """The open termination of a contract on a ground, "" for none."""
    return await under_way(session, contract, Matter(TERMINATION, ground))


async def matter_case(
    session: AsyncSession, contract: CaseFile, matter: Matter, *, pack: Pack, today: date, key: str = ""
) -> NewCase:
    """The case of a matter. key: the request that raised it, so that a second click is the first."""
    scope = f"{SCOPES[matter.lifecycle]}.{contract.id.removeprefix('talent.')}"
    facts = {name: contract.facts[name] for name in CARRIED if contract.facts.get(name)}
    question = matter.question or await _expired(session, contract, matter, today=today)
    return NewCase(
        id=f"{scope}.{await next_serial(session, scope)}",
        lifecycle=matter.lifecycle,
        pack=pack,
        tasks=TASKS[matter.lifecycle],
        facts={**facts, "contract": contract.id, **matter.facts(), "question": question},
        key=f"{scope}.{key}" if key else "",
        open_key=_open_key(contract.id, matter),
        institution=contract.facts["employer"],
        subject=contract.facts["person"],
        started_by=matter.by,
    )


async def open_termination(scene: Scene, refs: Mapping[str, str]) -> str:
    """A contract has found a ground: the id of the termination, or of the one that is open for the same ground.

    The refs are ground, learned_on and as_of (ISO local days), figure and question.
    """
    matter = Matter(
        TERMINATION,
        refs["ground"],
        learned_on=date.fromisoformat(refs["learned_on"]),
        as_of=refs.get("as_of", ""),
        figure=refs.get("figure", ""),
        question=refs.get("question", ""),
        kind=refs.get("kind", ""),
    )
    return await _opened(scene, matter)


async def ask_rescission(scene: Scene, refs: Mapping[str, str]) -> str:
    """An unqualified year asks the employer whether it opens an inquiry (OT-6.3e); the id of the case that asks.

    No other ground to rescind comes from the system, and never a ratio (G-3, AS-52). The ref as_of is the assessed
    year's last day.
    """
    return await _opened(scene, Matter(RESCISSION, UNQUALIFIED_YEAR, as_of=refs.get("as_of", "")))


async def _opened(scene: Scene, matter: Matter) -> str:
    await scene.alone_with(f"ends.{scene.case.id}")
    if known := await under_way(scene.session, scene.case.id, matter):
        return known
    today = scene.calendar.local_day(scene.at)
    case = await matter_case(scene.session, scene.case, matter, pack=scene.pack, today=today)
    await open_cases(scene.session, [case], at=scene.at)
    scene.starts.append(case.id)
    return case.id


async def application_clock(scene: Scene, refs: Mapping[str, str]) -> str:
    """The last day of the three months and the instant (UTC) from which an application is late (OT-6.3k, COR-16)."""
    clock = _clock(scene, refs)
    return f"{clock.last_day.isoformat()} {scene.calendar.end_of(clock.late_after).isoformat()}"


async def judge_application(scene: Scene, refs: Mapping[str, str]) -> str:
    """in_time, late, to_confirm, or days_differ (AS-48, COR-04, COR-16).

    To confirm is what came between a last day that is a rest day and the next working day. The days of one on paper
    differ where the one on it is in time and the one of the record is not. The ref `counts` is the commission's answer.
    """
    clock, day = _clock(scene, refs), await day_of_answer(scene, refs["request"])
    facts = ApplicationFacts(
        clock.learned_on,
        day,
        clock.recommended_latest,
        clock.late_after,
        received_on=day,
        recorded_on=await day_recorded(scene, refs["request"]),
        counts=DAYS[refs.get("counts", "")],
    )
    finding = application_is_in_time(facts, scene.pack)
    keep_finding(scene, finding, person=scene.case.facts["person"])
    if finding.figures.get("question") == DAY_OF_RECEIPT:
        return "days_differ"
    return finding.outcome or "to_confirm"


async def name_end_kind(scene: Scene, refs: Mapping[str, str]) -> str:
    """The file proves why a contract cannot go on without saying it."""
    if row := await scene.session.get(ContractEndKind, scene.case.id):
        scene.name_row(END_KIND, END_KIND.content_of(row))
    return ""


async def day_of_end(scene: Scene, refs: Mapping[str, str]) -> str:
    """The local day of the answer that ended a matter; on a sheet, the day on it."""
    return (await day_of_answer(scene, refs["request"])).isoformat()


def _clock(scene: Scene, refs: Mapping[str, str]) -> Clock:
    return clock_of(date.fromisoformat(refs["learned_on"]), scene.calendar, scene.pack)


async def _expired(session: AsyncSession, contract: CaseFile, matter: Matter, *, today: date) -> str:
    """OT-6.3j: an acceptance after the term has nothing left to terminate; the commission says what becomes of it."""
    if matter.kind != "acceptance_unqualified":
        return ""
    row = await session.get(TalentContract, contract.id)
    return AFTER_EXPIRY if row and row.last_day and row.last_day < today else ""


def _open_key(contract: str, matter: Matter) -> str:
    return f"{SCOPES[matter.lifecycle]}.{contract}.{matter.ground}"


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one
    for one in (
        open_termination,
        ask_rescission,
        application_clock,
        judge_application,
        day_of_end,
        name_end_kind,
    )
}
