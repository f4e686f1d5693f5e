"""One row of the sheet of opening balances, judged: what was stated of a term that is under way (COR-17)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from sqlalchemy.ext.asyncio import AsyncSession

from db.opening_terms import COMPLETED, IN_SERVICE, ONBOARDING, known_opening
from policies.engine.pack import Pack
from services.county_words import PROGRAMMES, code_of
from services.field_problems import FieldProblem
from services.office_words import GRADES, MODES
from services.opening_checks import of_mentor, of_person, of_places, of_programme
from services.sheets import Heading, SheetRow

STAGES: Mapping[str, str] = {ONBOARDING: "到岗准备", IN_SERVICE: "服务中", COMPLETED: "服务期满待评价"}
HEADINGS = (
    Heading("person", "人员编号", needed=True),
    Heading("programme", "项目", needed=True),
    Heading("sending", "派出单位代码", needed=True),
    Heading("receiving", "接收单位代码", needed=True),
    Heading("specialty", "岗位专业", needed=True),
    Heading("mode", "脱产方式", needed=True),
    Heading("started_on", "服务起始日期", is_day=True, needed=True),
    Heading("filing_number", "备案文号", needed=True),
    Heading("stage", "所处阶段", needed=True),
    Heading("completed_on", "服务期满日期", is_day=True),
    Heading("paused_days", "已暂停计时天数"),
    Heading("half_days", "已累计半天数"),
    Heading("absence_times", "已确认缺勤次数"),
    Heading("absence_days", "已确认缺勤工作日数"),
    Heading("mentor", "带教老师编号"),
    Heading("targets", "培养指标"),
    Heading("past_grade", "以往等次"),
    Heading("words", "备注"),
)
LISTS: Mapping[str, Mapping[str, str]] = {
    "programme": PROGRAMMES,
    "mode": MODES,
    "stage": STAGES,
    "past_grade": GRADES,
}
NEEDED = tuple(heading.field for heading in HEADINGS if heading.needed)
COUNTS = ("paused_days", "half_days", "absence_times")
LONGEST: Mapping[str, int] = {"specialty": 60, "filing_number": 100, "words": 500}
HALF, MOST = Decimal("0.5"), Decimal(2000)
# A target as it is written: what, how many, of which unit; between them a semicolon or a new line.
TARGET, BETWEEN, MOST_TARGETS = re.compile(r"(.{1,200}?)\s*(\d{1,9}(?:\.\d{1,2})?)\s*([^\d\s]{1,20})"), "；;\n", 30


@dataclass(frozen=True)
class Stated:
    """A row in order. Local days; absence_days to the half; "" for a past grade or a mentor that was not stated.

    targets: name, number and unit of each, as the hospital's form keeps them.
    """

    pack: Pack
    person: str
    sending: str
    receiving: str
    group: str
    bureau: str
    specialty: str
    mode: str
    started_on: date
    completed_on: date | None
    stage: str
    filing_number: str
    paused_days: int
    half_days: int
    absence_times: int
    absence_days: Decimal
    mentor: str
    targets: tuple[Mapping[str, str], ...]
    past_grade: str
    words: str


async def stated(
    session: AsyncSession, row: SheetRow, packs: Mapping[str, Pack], *, today: date, reach: frozenset[str]
) -> tuple[Stated | None, tuple[FieldProblem, ...]]:
    """The row as facts, or what is wrong with it, every fault at once. packs: by programme; reach: the groups for which
    one may import.
    """
    texts = {name: code_of(LISTS[name], text) if name in LISTS else text for name, text in row.texts.items()}
    programme = texts.get("programme", "")
    # Contracts that run already have a sheet of their own.
    pack = packs.get(programme) if programme in PROGRAMMES else None
    group, place_faults = await of_places(session, texts, reach=reach)
    numbers, number_faults = _numbers(texts)
    targets, target_faults = _targets(texts.get("targets", ""))
    problems = [*row.faults, *_plain_faults(row, texts), *await of_person(session, texts), *place_faults]
    problems += [*number_faults, *target_faults]
    if pack:
        case = await _begun(session, pack, texts, row.days)
        problems += [*of_programme(texts, pack), *await of_mentor(session, texts, pack, case=case)]
    if not problems:
        problems += _of_stage(texts["stage"], row.days, numbers, today=today)
    if problems or pack is None or group is None:
        return None, tuple(dict.fromkeys(problems))
    return _built(texts, row.days, numbers, group=group, targets=targets, pack=pack), ()


async def _begun(session: AsyncSession, pack: Pack, texts: Mapping[str, str], days: Mapping[str, date]) -> str:
    """The term that the same row has begun before; "" for none."""
    if "person" not in texts or "started_on" not in days:
        return ""
    _, case = await known_opening(session, pack.id, texts["person"], days["started_on"])
    return case


def _plain_faults(row: SheetRow, texts: Mapping[str, str]) -> list[FieldProblem]:
    wrong = {fault.field for fault in row.faults}
    absent = [name for name in NEEDED if name not in texts and name not in row.days and name not in wrong]
    problems = [FieldProblem(name, "missing") for name in absent]
    problems += [
        FieldProblem(name, "choice_unknown", (("choices", "、".join(words.values())),))
        for name, words in LISTS.items()
        if name in texts and texts[name] not in words
    ]
    return problems + [
        FieldProblem(name, "too_long", (("limit", str(most)),))
        for name, most in LONGEST.items()
        if len(texts.get(name, "")) > most
    ]


def _numbers(texts: Mapping[str, str]) -> tuple[dict[str, Decimal], list[FieldProblem]]:
    """Whole numbers, absence days to the half; a blank is none."""
    numbers, problems = {}, []
    for name in (*COUNTS, "absence_days"):
        step = HALF if name == "absence_days" else Decimal(1)
        try:
            number = Decimal(texts.get(name, "0"))
            fits = number.is_finite() and 0 <= number <= MOST and number % step == 0
        except InvalidOperation:
            fits = False
        if not fits:
            problems.append(FieldProblem(name, "opening_number"))
            continue
        numbers[name] = number
    times, days = numbers.get("absence_times"), numbers.get("absence_days")
    if times is not None and days is not None and ((times == 0) != (days == 0) or times > days * 2):
        problems.append(FieldProblem("absence_days", "opening_absences"))
    return numbers, problems


def _targets(text: str) -> tuple[tuple[Mapping[str, str], ...], list[FieldProblem]]:
    """Each target with its number and unit; none for an empty cell."""
    written = [one.strip() for one in re.split(f"[{BETWEEN}]", text) if one.strip()]
    found = [TARGET.fullmatch(one) for one in written]
    if len(found) > MOST_TARGETS or any(one is None or not Decimal(one[2]) for one in found):
        return (), [FieldProblem("targets", "opening_targets")]
    return tuple({"name": one[1], "number": one[2], "unit": one[3]} for one in found if one), []


def _of_stage(
    stage: str, days: Mapping[str, date], numbers: Mapping[str, Decimal], *, today: date
) -> list[FieldProblem]:
    """What fits the stage: a service that is still to begin has nothing behind it, one that is over has its end."""
    started, completed = days["started_on"], days.get("completed_on")
    if stage == ONBOARDING:
        problems = [] if started > today else [FieldProblem("started_on", "opening_not_begun")]
        return problems + [FieldProblem(name, "opening_none_yet") for name, number in numbers.items() if number]
    if started > today:
        return [FieldProblem("started_on", "opening_begun")]
    if stage == COMPLETED and (completed is None or not started <= completed < today):
        return [FieldProblem("completed_on", "opening_completed")]
    if stage == IN_SERVICE and completed is not None:
        return [FieldProblem("completed_on", "opening_running")]
    last = completed or today
    served = (last - started + timedelta(days=1)).days
    return [FieldProblem(name, "opening_too_many") for name in COUNTS[:1] if numbers[name] > served]


def _built(
    texts: Mapping[str, str],
    days: Mapping[str, date],
    numbers: Mapping[str, Decimal],
    *,
    group: tuple[str, str],
    targets: tuple[Mapping[str, str], ...],
    pack: Pack,
) -> Stated:
    return Stated(
        pack=pack,
        person=texts["person"],
        sending=texts["sending"],
        receiving=texts["receiving"],
        group=group[0],
        bureau=group[1],
        specialty=texts["specialty"],
        mode=texts["mode"],
        started_on=days["started_on"],
        completed_on=days.get("completed_on"),
        stage=texts["stage"],
        filing_number=texts["filing_number"],
        paused_days=int(numbers["paused_days"]),
        half_days=int(numbers["half_days"]),
        absence_times=int(numbers["absence_times"]),
        absence_days=numbers["absence_days"],
        mentor=texts.get("mentor", ""),
        targets=targets,
        past_grade=texts.get("past_grade", ""),
        words=texts.get("words", ""),
    )
