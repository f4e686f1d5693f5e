"""One row of the sheet of running flexible-talent contracts, judged: what was stated of each (COR-17)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Institution, Person
from db.talent_openings import TalentOpening
from policies.engine.pack import Pack
from policies.talent.figures import amount
from policies.talent.force_majeure import Loss
from policies.talent.nomination import FormFacts, form_is_open
from policies.talent.quarters import checkpoints
from policies.talent.working_time import LINE, Due, Unit, WorkingTimeFacts, agreed_until, contradicts, measured
from services.county_words import code_of
from services.field_problems import FieldProblem
from services.forms.talent_sheets import BASES, CLASSES, FORMS_OF_WORK, MODES, UNITS
from services.import_template import workbook
from services.sheets import Heading, SheetRow, written_day
from services.talent_contracts import COMMISSION, EMPLOYER, others_wrong
from services.talent_sheet import number_of

HEADINGS = (
    Heading("person", "专家人员编号", needed=True),
    Heading("employer", "用人单位代码", needed=True),
    Heading("with_others", "共同签约单位代码"),
    Heading("department", "引进科室", needed=True),
    Heading("talent_class", "人才类别", needed=True),
    Heading("form", "引进形式", needed=True),
    Heading("mode", "引进方式", needed=True),
    Heading("filing_number", "备案文号", needed=True),
    Heading("filed_on", "备案日期", is_day=True, needed=True),
    Heading("number", "合同书编号", needed=True),
    Heading("signed_on", "签订日期", is_day=True, needed=True),
    Heading("first_day", "合同第一天", is_day=True, needed=True),
    Heading("last_day", "合同最后一天", is_day=True, needed=True),
    Heading("unit", "工作时间单位", needed=True),
    Heading("agreed", "约定工作时间总量", needed=True),
    Heading("periods", "工作时间安排"),
    Heading("fund_yuan", "支持资金额度（元）", needed=True),
    Heading("as_of", "期初截止日", is_day=True, needed=True),
    Heading("worked", "截至该日已完成工作时间", needed=True),
    Heading("worked_before", "其中签订日期之前完成量"),
    Heading("excused", "签订后截至该日已确认不可抗力影响量"),
    Heading("learned", "得知低于70%的日期"),
    Heading("consent_service", "专家是否在职"),
    Heading("consented_on", "派出单位同意函日期", is_day=True),
    Heading("consent_basis", "不需要同意函的依据"),
    Heading("authority_basis", "执业依据"),
    Heading("authority_number", "执业依据编号"),
    Heading("authority_from", "执业依据起始日期", is_day=True),
    Heading("past_results", "以往年度考核结果"),
    Heading("paid_yuan", "此前已拨付资金（元）"),
    Heading("words", "备注"),
)
FREE_CLINIC = "义诊"
SERVICE: Mapping[str, str] = {"in_service": "在职", "not_in_service": "已退休或无派出单位"}
LISTS: Mapping[str, Mapping[str, str]] = {
    "talent_class": CLASSES,
    "form": {name: name for name in FORMS_OF_WORK if name != FREE_CLINIC},
    "mode": MODES,
    "unit": UNITS,
    "consent_service": SERVICE,
    "authority_basis": BASES,
}
NEEDED = tuple(heading.field for heading in HEADINGS if heading.needed)
LONGEST: Mapping[str, int] = {
    "department": 60,
    "filing_number": 100,
    "number": 100,
    "consent_basis": 200,
    "authority_number": 200,
    "past_results": 500,
    "words": 500,
}
# The largest that each number may be: working time in the contract's unit, money in yuan.
TIME, MONEY = Decimal(100_000), Decimal(10_000_000)
NUMBERS: Mapping[str, Decimal] = {
    **dict.fromkeys(("agreed", "worked", "worked_before", "excused"), TIME),
    **dict.fromkeys(("fund_yuan", "paid_yuan"), MONEY),
}
# How much of a unit a calendar day can hold; how many sessions it can is not known.
PER_DAY: Mapping[str, int] = {"hours": 24, "days": 1, "half_days": 2}
# What stands in place of a day where the employer had not learned that it is below the line.
NOT_LEARNED = "尚未得知"
NO_CLINICAL_WORK, IN_SERVICE = "no_clinical_work", "in_service"
CONSENT, AUTHORITY = ("consented_on", "consent_basis"), ("authority_number", "authority_from")
# A period as it is written: from, to, how much; between them a semicolon or a new line.
_DAY = r"(\d{4}\D\d{1,2}\D\d{1,2}日?)"
PERIOD = re.compile(rf"{_DAY}\s*(?:至|到|~|～|—)\s*{_DAY}\s*[:：,，\s]\s*(\d{{1,6}}(?:\.\d{{1,2}})?)", re.ASCII)
BETWEEN, MOST_PERIODS = "；;\n", 60


@dataclass(frozen=True)
class StatedContract:
    """A row in order: ids, codes and words by field, local days, exact numbers, the schedule as a draft keeps it.

    learned_on: since when the employer knows that it is below 70 %, None where it does not or is not. question: what
    the text then leaves open, as a termination has it.
    """

    pack: Pack
    commission: str
    texts: Mapping[str, str]
    days: Mapping[str, date]
    numbers: Mapping[str, Decimal]
    with_others: tuple[str, ...]
    periods: tuple[Mapping[str, str], ...]
    learned_on: date | None = None
    question: str = ""

    def text(self, name: str) -> str:
        """What stands in a column, "" for nothing."""
        return self.texts.get(name, "")


async def stated_contract(
    session: AsyncSession, row: SheetRow, pack: Pack, *, today: date, reach: frozenset[str], by: str
) -> tuple[StatedContract | None, tuple[FieldProblem, ...]]:
    """The row as facts, or what is wrong with it, every fault at once. reach: where `by` may import; nobody imports a
    contract of their own (DEF-12).
    """
    texts = {name: code_of(LISTS[name], text) if name in LISTS else text for name, text in row.texts.items()}
    numbers, problems = _numbers(texts)
    periods, period_faults = _periods(texts.get("periods", ""))
    problems = [*row.faults, *_plain_faults(row, texts), *problems, *period_faults, *_form_faults(texts, pack)]
    problems += _gate_faults(texts, row.days)
    commission, others, place_faults = await _of_places(session, texts, reach=reach, by=by)
    problems += place_faults
    if not problems:
        problems += _of_days(row.days, today=today) or _of_signature(row.days, numbers)
    if problems or commission is None:
        return None, tuple(dict.fromkeys(problems))
    facts = _working_time(texts["unit"], row.days, numbers, periods)
    learned_on = written_day(texts.get("learned", "").removesuffix(" 00:00:00"))
    problems = _of_time(facts, numbers, texts.get("words", "")) or _of_line(
        facts, pack, texts.get("learned", ""), learned_on, today=today
    )
    if problems:
        return None, tuple(problems)
    question = "force_majeure" if learned_on and _saved(facts, pack) else ""
    days = learned_on, question
    return StatedContract(pack, commission, texts, row.days, numbers, others, periods, *days), ()


def _plain_faults(row: SheetRow, texts: Mapping[str, str]) -> list[FieldProblem]:
    wrong = {fault.field for fault in row.faults}
    absent = [name for name in NEEDED if name not in texts and name not in row.days and name not in wrong]
    problems = [FieldProblem(name, "missing") for name in absent]
    problems += [
        FieldProblem(name, "choice_unknown", (("choices", "、".join(words.values())),))
        for name, words in LISTS.items()
        if name in texts and texts[name] not in words and not _is_free_clinic(name, texts)
    ]
    return problems + [
        FieldProblem(name, "too_long", (("limit", str(most)),))
        for name, most in LONGEST.items()
        if len(texts.get(name, "")) > most
    ]


def _is_free_clinic(name: str, texts: Mapping[str, str]) -> bool:
    return name == "form" and FREE_CLINIC in texts["form"]


def _form_faults(texts: Mapping[str, str], pack: Pack) -> list[FieldProblem]:
    """A free clinic is none of the forms (OT-2.1b)."""
    form = texts.get("form", "")
    blocked = form and form_is_open(FormFacts(form), pack).effect == "block"
    return [FieldProblem("form", "free_clinic")] if blocked or FREE_CLINIC in form else []


def _numbers(texts: Mapping[str, str]) -> tuple[dict[str, Decimal], list[FieldProblem]]:
    """Up to two decimals; what is not stated is not there."""
    numbers, problems = {}, []
    for name, most in NUMBERS.items():
        if name not in texts:
            continue
        number = number_of(texts[name])
        if number is None or not 0 <= number <= most or number != number.quantize(Decimal("0.01")):
            problems.append(FieldProblem(name, "opening_amount", (("most", str(most)),)))
        elif name == "agreed" and not number:
            problems.append(FieldProblem(name, "working_time_missing"))
        else:
            numbers[name] = number
    return numbers, problems


def _periods(text: str) -> tuple[tuple[Mapping[str, str], ...], list[FieldProblem]]:
    """Each period of the schedule; none for an empty cell: what is due is then pro-rated and says so (G-2)."""
    found = [PERIOD.fullmatch(one.strip()) for one in re.split(f"[{BETWEEN}]", text) if one.strip()]
    read = [(written_day(one[1]), written_day(one[2]), one[3]) for one in found if one]
    if len(read) != len(found) or len(found) > MOST_PERIODS or any(not (first and last) for first, last, _ in read):
        return (), [FieldProblem("periods", "opening_periods")]
    return tuple(
        {"first_day": first.isoformat(), "last_day": last.isoformat(), "agreed": amount}
        for first, last, amount in read
        if first and last
    ), []


def _gate_faults(texts: Mapping[str, str], days: Mapping[str, date]) -> list[FieldProblem]:
    """A gate is stated as its form asks for it, or not at all: then it is asked after the import (COR-08)."""
    given = {name for name in (*CONSENT, *AUTHORITY) if name in texts or name in days}
    problems = []
    if "consent_service" in texts:
        needed = "consented_on" if texts["consent_service"] == IN_SERVICE else "consent_basis"
        problems += [] if needed in given else [FieldProblem(needed, "missing")]
    else:
        problems += [FieldProblem("consent_service", "opening_gate") for name in CONSENT if name in given][:1]
    if "authority_basis" in texts:
        treats = texts["authority_basis"] != NO_CLINICAL_WORK
        problems += [FieldProblem(name, "missing") for name in AUTHORITY if treats and name not in given]
    else:
        problems += [FieldProblem("authority_basis", "opening_gate") for name in AUTHORITY if name in given][:1]
    return problems


async def _of_places(
    session: AsyncSession, texts: Mapping[str, str], *, reach: frozenset[str], by: str
) -> tuple[str | None, tuple[str, ...], list[FieldProblem]]:
    """(commission, further hospitals) of a public hospital in reach, and of an expert from another unit."""
    person = await session.get(Person, texts["person"]) if "person" in texts else None
    problems = [FieldProblem("person", "person_unknown")] if "person" in texts and person is None else []
    if person and person.id == by:
        problems.append(FieldProblem("person", "opening_own"))
    employer = await session.get(Institution, texts["employer"]) if "employer" in texts else None
    if employer is None or employer.kind != EMPLOYER or employer.code not in reach:
        return None, (), problems + ([FieldProblem("employer", "institution_unknown")] if "employer" in texts else [])
    commission = await session.get(Institution, employer.parent) if employer.parent else None
    if commission is None or commission.kind != COMMISSION:
        problems.append(FieldProblem("employer", "no_commission_above"))
    if person and person.institution == employer.code:
        problems.append(FieldProblem("person", "own_staff"))
    others = tuple(one for one in re.split(r"[、,，;；\s]+", texts.get("with_others", "")) if one)
    problems += await others_wrong(session, employer.code, others, commission)
    return commission.code if commission else None, others, problems


def _of_days(days: Mapping[str, date], *, today: date) -> list[FieldProblem]:
    """Both ends of what is summed up lie in the term, and what was stated lies behind.

    A contract whose last day is summed up too has no checkpoint left: its last stretch is delivered here, so that the
    final figure is judged (G-2).
    """
    problems = [FieldProblem(name, "date_future") for name in ("signed_on", "filed_on") if days[name] > today]
    if days["last_day"] < days["first_day"]:
        return [*problems, FieldProblem("last_day", "service_order")]
    if not days["first_day"] <= days["as_of"] < days["last_day"] or days["as_of"] >= today:
        problems.append(FieldProblem("as_of", "opening_as_of"))
    return problems


def _of_signature(days: Mapping[str, date], numbers: Mapping[str, Decimal]) -> list[FieldProblem]:
    """Where the term began before the signature, how much of the work lies before it: the commission is asked what that
    time means (OT-2.1d), and then nothing is guessed.
    """
    if days["signed_on"] > days["as_of"]:
        return [FieldProblem("as_of", "opening_signed")]
    if days["signed_on"] <= days["first_day"]:
        return [FieldProblem("worked_before", "opening_not_before")] if "worked_before" in numbers else []
    if "worked_before" not in numbers:
        return [FieldProblem("worked_before", "opening_before")]
    return [FieldProblem("worked_before", "opening_before")] if numbers["worked_before"] > numbers["worked"] else []


def _working_time(
    unit: str, days: Mapping[str, date], numbers: Mapping[str, Decimal], periods: tuple[Mapping[str, str], ...]
) -> WorkingTimeFacts:
    """What was stated, as the rule about working time takes it on the day up to which it is summed up."""
    excused = numbers.get("excused")
    since = max(days["first_day"], days["signed_on"])
    return WorkingTimeFacts(
        cast("Unit", unit),
        days["first_day"],
        days["last_day"],
        numbers["agreed"],
        days["as_of"],
        schedule=tuple(
            Due(date.fromisoformat(one["first_day"]), date.fromisoformat(one["last_day"]), Decimal(one["agreed"]))
            for one in periods
        ),
        losses=(Loss(since, days["as_of"], excused, "confirmed"),) if excused else (),
        imported=numbers["worked"],
    )


def _of_time(facts: WorkingTimeFacts, numbers: Mapping[str, Decimal], reason: str) -> list[FieldProblem]:
    """The schedule fits term and total (OT-2.1d), and no more was lost than was agreed by then."""
    if facts.schedule and sum(one.agreed for one in facts.schedule) != facts.agreed:
        return [FieldProblem("periods", "schedule_differs")]
    if contradicts(facts):
        return [FieldProblem("periods", "schedule_outside")]
    if numbers.get("excused", Decimal(0)) > agreed_until(facts, facts.until)[0]:
        return [FieldProblem("excused", "opening_excused")]
    return _of_worked(facts, reason)


def _of_worked(facts: WorkingTimeFacts, reason: str) -> list[FieldProblem]:
    """No more was worked than the days up to then can hold; above what was agreed by then it is said why in writing."""
    most = PER_DAY.get(facts.unit)
    days = (facts.until - facts.first_day).days + 1
    if most is not None and facts.imported > most * days:
        return [FieldProblem("worked", "opening_days", (("days", str(days)), ("most", str(most * days))))]
    agreed = agreed_until(facts, facts.until)[0]
    if facts.imported > agreed and not reason:
        return [FieldProblem("worked", "opening_above", (("agreed", amount(agreed)),))]
    return []


def _of_line(
    facts: WorkingTimeFacts, pack: Pack, written: str, learned_on: date | None, *, today: date
) -> list[FieldProblem]:
    """OT-6.3k: the three months run from the employer's learning, also where that was before the import.

    Where the figures are below the line and were judged on paper before, whether and when the employer learned of it is
    stated: neither is guessed. Before a full quarter it is no ground (G-2).
    """
    raw = measured(facts, pack).raw
    points = checkpoints(facts.first_day, facts.last_day, pack)
    judged = any(one.after_full_quarter and one.day <= facts.until for one in points)
    if not judged or raw is None or not pack.parameters[LINE].holds_for(raw):
        return [FieldProblem("learned", "opening_not_below")] if written else []
    if written == NOT_LEARNED:
        return []
    if learned_on is None:
        return [FieldProblem("learned", "opening_learned", (("unknown", NOT_LEARNED),))]
    return [] if facts.first_day <= learned_on <= today else [FieldProblem("learned", "opening_learned_day")]


def _saved(facts: WorkingTimeFacts, pack: Pack) -> bool:
    """Whether confirmed force majeure lifts it above the line again: then the commission is asked (G-5)."""
    adjusted = measured(facts, pack).adjusted
    return adjusted is None or not pack.parameters[LINE].holds_for(adjusted)


def words_of_opening(opening: TalentOpening) -> dict[str, str]:
    """The codes of what was stated, in the words of the sheet."""
    return {name: words.get(getattr(opening, name), "") for name, words in LISTS.items()}


def contracts_template() -> bytes:
    """An empty sheet of flexible-talent contracts that are running (.xlsx)."""
    return workbook(HEADINGS, "在履合同", (), lists=LISTS)
