"""二(一) The contract: its term, its elements, its parties and signatures (OT-2.1a, c, d, OT-6.3.0, COR-08)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from policies.engine.dates import days_beyond_months, term_last_day, term_last_day_in_years, whole_months
from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

WorkingTimeUnit = Literal["", "days", "half_days", "hours", "sessions"]


@dataclass(frozen=True)
class RelationsFacts:
    """What a contract does to the relations with the home unit."""

    changed: Annotated[tuple[str, ...], Words("有变动的关系", "relations that would change")] = ()
    regular_employee: Annotated[bool, Words("是否办理正式入职", "whether hired as a regular employee")] = False
    clause_in_contract: Annotated[bool, Words("合同是否写明关系不变", "whether the contract says so")] = True


@dataclass(frozen=True)
class Stretch:
    """Two local days, both counted."""

    first_day: Annotated[date, Words("第一天", "first day")]
    last_day: Annotated[date, Words("最后一天", "last day")]


@dataclass(frozen=True)
class ContractTermFacts:
    """The term of a contract, and those of the same people with the same employer before it."""

    first_day: Annotated[date, Words("合同第一天", "first day of the contract")]
    last_day: Annotated[date, Words("合同最后一天", "last day of the contract")]
    earlier: Annotated[tuple[Stretch, ...], Words("以前的合同期", "terms of earlier contracts")] = ()
    reason: Annotated[str, Words("期限超出一般范围的理由", "reason for an unusual term")] = ""


@dataclass(frozen=True)
class ContractFacts:
    """What a contract says. The scheduled amount is the sum of its schedule, in its own unit."""

    elements: Annotated[tuple[str, ...], Words("已写明的内容", "elements that it states")]
    unit: Annotated[WorkingTimeUnit, Words("工作时间单位", "unit of working time")] = ""
    total: Annotated[Decimal | None, Words("工作时间总量", "total working time")] = None
    scheduled: Annotated[Decimal | None, Words("安排合计", "sum of the schedule")] = None


@dataclass(frozen=True)
class Signature:
    """One party of a contract, and whether it has signed and sealed."""

    party: Annotated[str, Words("签约方", "party")]
    signed: Annotated[bool, Words("是否已签章", "whether it has signed")]


@dataclass(frozen=True)
class SignedFacts:
    """The signed contract as it is on record."""

    number: Annotated[str, Words("合同编号", "number of the contract")]
    signed_on: Annotated[date | None, Words("签订日期", "day of the signature")]
    first_day: Annotated[date | None, Words("合同第一天", "first day of the contract")]
    scan: Annotated[bool, Words("签章扫描件是否上传", "whether the scan is on record")]
    signatures: Annotated[tuple[Signature, ...], Words("各方签章", "signatures")]
    duties_acknowledged: Annotated[bool, Words("本人是否确认遵守规定", "whether the duties are acknowledged")] = False
    before_settled: Annotated[bool, Words("签订前的时间是否已明确", "whether the time before it is settled")] = False


@dataclass(frozen=True)
class PartiesFacts:
    """Who stands in a contract: employers, and an expert, a team's leader or an institution that supports."""

    employers: Annotated[tuple[str, ...], Words("签约用人单位", "employers that sign")]
    expert: Annotated[str, Words("专家或团队领衔人", "expert or leader of the team")] = ""
    partner: Annotated[str, Words("支援单位", "institution that supports")] = ""
    members: Annotated[int, Words("团队核心成员数", "core members of the team")] = 0


def relations_stay(facts: RelationsFacts, pack: Pack) -> Finding:
    """OT-2.1a Personnel, file, household and insurance stay; nobody is hired as a regular employee by this."""
    grounds = Grounds(pack, "OT-2.1a", facts, ("relations",))
    if facts.changed:
        return grounds.unmet("changed", _CHANGED.filled(which="、".join(facts.changed)))
    if facts.regular_employee:
        return grounds.unmet("regular_employee", _REGULAR)
    if not facts.clause_in_contract:
        return grounds.unmet("clause_missing", _NO_CLAUSE)
    return grounds.met("unchanged", _UNCHANGED)


def contract_term_is_usual(facts: ContractTermFacts, pack: Pack) -> Finding:
    """OT-2.1c Six months to three years, both included, counted as terms (DEF-04); outside needs a reason.

    Each contract is judged alone; the sum with earlier ones is shown.
    """
    grounds = Grounds(pack, "OT-2.1c", facts, ("contract_min_months", "contract_max_years"), ("DEF-04", "PD"))
    if facts.last_day < facts.first_day:
        return grounds.asked(_ASK_DAYS, _BACKWARDS)
    shortest = term_last_day(facts.first_day, grounds["contract_min_months"].whole)
    longest = term_last_day_in_years(facts.first_day, grounds["contract_max_years"].whole)
    figures = _lengths(facts) | {"shortest_ends": shortest, "longest_ends": longest}
    figures["reason_given"] = bool(facts.reason.strip())
    if facts.last_day < shortest:
        return grounds.unmet("below_minimum", _SHORT.filled(least=shortest), figures)
    if facts.last_day > longest:
        return grounds.unmet("above_maximum", _LONG.filled(most=longest), figures)
    return grounds.met("usual", _USUAL.filled(months=figures["months"], days=figures["days"]), figures)


def contract_is_complete(facts: ContractFacts, pack: Pack) -> Finding:
    """OT-2.1d Eight elements, and working time with unit, total and schedule (PD): the 70 % rests on them."""
    grounds = Grounds(pack, "OT-2.1d", facts, ("contract_elements",))
    missing = tuple(each for each in grounds["contract_elements"].listed if each not in facts.elements)
    if missing:
        return grounds.unmet("incomplete", _INCOMPLETE.filled(which="、".join(missing)), {"missing": missing})
    grounds = Grounds(pack, "OT-2.1d", facts, ("contract_elements", "working_time_elements"))
    stated = (facts.unit, facts.total, facts.scheduled)
    absent = tuple(
        name for name, value in zip(grounds["working_time_elements"].listed, stated, strict=True) if not value
    )
    if absent:
        return grounds.unmet(
            "working_time_missing", _NO_WORKING_TIME.filled(which="、".join(absent)), {"missing": absent}
        )
    if facts.scheduled != facts.total:
        figures: dict[str, Value] = {"total": facts.total, "scheduled": facts.scheduled}
        return grounds.unmet("schedule_differs", _SCHEDULE_DIFFERS.filled(**figures), figures)
    return grounds.met("complete", _COMPLETE)


def contract_is_signed(facts: SignedFacts, pack: Pack) -> Finding:
    """OT-2.1d, COR-08 The contract is signed on paper: number, days, scan and every party's signature are on record."""
    grounds = Grounds(pack, "OT-2.1d", facts, defaults=("COR-08",), also=("OT-6.3.0",))
    unsigned = tuple(each.party for each in facts.signatures if not each.signed)
    if unsigned or not facts.signatures:
        return grounds.unmet("unsigned", _UNSIGNED.filled(who="、".join(unsigned) or "—"), {"unsigned": unsigned})
    if not facts.duties_acknowledged:
        return grounds.unmet("duties_open", _DUTIES_OPEN)
    if not facts.number.strip() or facts.signed_on is None or facts.first_day is None or not facts.scan:
        return grounds.unmet("record_incomplete", _RECORD_INCOMPLETE)
    if facts.first_day < facts.signed_on and not facts.before_settled:
        return grounds.asked(_ASK_BACKDATED, _BACKDATED.filled(signed=facts.signed_on, start=facts.first_day))
    return grounds.met("signed", _SIGNED)


def parties_of(facts: PartiesFacts, pack: Pack) -> Finding:
    """OT-6.3k, G-15 Each employer that signs is a party, and the expert, the leader or the institution."""
    grounds = Grounds(pack, "OT-6.3k", facts, defaults=("PD",))
    others = tuple(each for each in (facts.expert, facts.partner) if each.strip())
    if not facts.employers or not others:
        return grounds.unmet("party_missing", _PARTY_MISSING)
    if len(others) > 1:
        return grounds.asked(_ASK_PARTY, _TWO_OTHERS, figures={"parties": (*facts.employers, *others)})
    parties = (*facts.employers, *others)
    because = _PARTIES_OF_TEAM if facts.members else _PARTIES
    return grounds.met("named", because.filled(who="、".join(parties)), {"parties": parties})


def _lengths(facts: ContractTermFacts) -> dict[str, Value]:
    """The contract's own length, and the sum of all of them: whole months and days beyond, each contract by itself."""
    terms = [(each.first_day, each.last_day) for each in facts.earlier] + [(facts.first_day, facts.last_day)]
    return {
        "months": whole_months(*terms[-1]),
        "days": days_beyond_months(*terms[-1]),
        "contracts": len(terms),
        "sum_months": sum(whole_months(*each) for each in terms),
        "sum_days": sum(days_beyond_months(*each) for each in terms),
    }


_CHANGED = Words("不得变动:{which}", "these may not change: {which}")
_REGULAR = Words("柔性引才不得办理正式入职", "nobody is hired as a regular employee by this")
_NO_CLAUSE = Words("合同须写明原有人事、档案、户籍、社保等关系不变", "the contract must say that these relations stay")
_UNCHANGED = Words("原有关系不变", "the relations stay")
_BACKWARDS = Words("合同最后一天早于第一天", "the contract ends before it begins")
_ASK_DAYS = Words("请核对合同起止日期", "which are the days of the contract?")
_SHORT = Words(
    "合同期不足6个月(6个月应至{least}),须说明理由并报旗卫生健康委",
    "shorter than six months, which end on {least}; it needs a reason and goes to the commission",
)
_LONG = Words(
    "合同期超过3年(3年至{most}止),须说明理由并报旗卫生健康委",
    "longer than three years, which end on {most}; it needs a reason and goes to the commission",
)
_USUAL = Words(
    "合同期{months}个月零{days}天,在6个月至3年以内",
    "{months} months and {days} days, within six months and three years",
)
_INCOMPLETE = Words("合同尚未写明:{which}", "the contract does not state: {which}")
_NO_WORKING_TIME = Words(
    "合同尚未约定:{which};没有约定无法计算70%", "not agreed: {which}; without it no 70 % can be computed"
)
_SCHEDULE_DIFFERS = Words(
    "工作时间安排合计{scheduled}与总量{total}不一致", "the schedule adds up to {scheduled}, the total is {total}"
)
_COMPLETE = Words("八项内容和工作时间均已写明", "the eight elements and the working time are stated")
_UNSIGNED = Words("尚未签章:{who}", "not signed yet: {who}")
_DUTIES_OPEN = Words("本人尚未确认遵守管理规定和合同约定", "the expert has not acknowledged the duties")
_RECORD_INCOMPLETE = Words(
    "须登记合同编号、签订日期、起始日期并上传签章扫描件", "number, days and the sealed scan are needed"
)
_BACKDATED = Words(
    "合同自{start}起,签订于{signed},早于签订日期", "it begins on {start} and was signed on {signed}, later"
)
_ASK_BACKDATED = Words("签订前的时间是否计入合同期?", "does the time before the signature belong to the term?")
_SIGNED = Words("各方已签章,合同已登记", "all parties have signed and the contract is on record")
_PARTY_MISSING = Words(
    "须有用人单位,以及专家、领衔人或支援单位", "an employer and an expert, leader or institution are needed"
)
_TWO_OTHERS = Words("同时填写了专家和支援单位", "both an expert and an institution are named")
_ASK_PARTY = Words("另一方是专家本人还是支援单位?", "is the other party the expert or the institution?")
_PARTIES = Words("合同各方:{who}", "the parties: {who}")
_PARTIES_OF_TEAM = Words("合同各方:{who};团队成员由领衔人代表", "the parties: {who}; the leader stands for the team")
