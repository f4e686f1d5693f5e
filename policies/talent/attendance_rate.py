"""考核标准3 The attendance rate of an assessment year (OT-S3): attended of what was agreed, without force majeure.

It gives points and nothing else. It is never the working time of the contract (G-4), whose unit and window are others.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.talent.figures import percent, shown
from policies.talent.scoring import Band, banded, earned, left_open, names_of, reads

_BANDS = (
    Band("attendance_high_rate", "attendance_high_points"),
    Band("attendance_middle_rate", "attendance_middle_points"),
    Band("attendance_no_rate"),
)


@dataclass(frozen=True)
class AttendanceFacts:
    """Visits of one assessment year, from the visit records; None while nobody has given a figure.

    excused: agreed visits that confirmed force majeure took; claimed: those that are claimed and not confirmed.
    """

    agreed: Annotated[Decimal | None, Words("本考核年度约定到岗量", "visits agreed for the year")] = None
    attended: Annotated[Decimal | None, Words("出诊记录所载实际到岗量", "visits attended, by the records")] = None
    excused: Annotated[Decimal, Words("其中经确认的不可抗力影响量", "lost to confirmed force majeure")] = Decimal(0)
    claimed: Annotated[Decimal, Words("仅申报、未确认的不可抗力影响量", "claimed and not confirmed")] = Decimal(0)


@dataclass(frozen=True)
class AttendanceRate:
    """Percentages, exact: of all that was agreed, without confirmed force majeure, and were every claim confirmed.

    None where there is no figure, or nothing is left of what was agreed.
    """

    raw: Fraction | None
    adjusted: Fraction | None
    if_confirmed: Fraction | None


def attendance_rate(facts: AttendanceFacts) -> AttendanceRate:
    """OT-S3 a = attended / (agreed - excused by force majeure), raw and adjusted."""
    if facts.agreed is None or facts.attended is None:
        return AttendanceRate(None, None, None)
    left = facts.agreed - facts.excused
    return AttendanceRate(
        percent(facts.attended, facts.agreed),
        percent(facts.attended, left),
        percent(facts.attended, left - facts.claimed),
    )


def attendance_earns(facts: AttendanceFacts, pack: Pack) -> Finding:
    """OT-S3 90 % and more 10 points, 80 % and more 5, up to 70 % none; between 70 and 80 it is asked (G-6, G-7).

    Confirmed force majeure is left out by the text; where a claim could still change the points, they stay open.
    """
    grounds = Grounds(pack, "OT-S3", facts, names_of(_BANDS))
    rate = attendance_rate(facts)
    top = grounds[_BANDS[0].points].number
    figures: dict[str, Value] = {
        "raw_percent": rate.raw,
        "adjusted_percent": rate.adjusted,
        "if_confirmed_percent": rate.if_confirmed,
    }
    if rate.adjusted is None:
        return left_open(grounds, _ASK_FIGURES, _NO_FIGURES, between=(0, top), figures=figures)
    because = (_RATE_ADJUSTED if facts.excused else _RATE).filled(raw=shown(rate.raw), adjusted=shown(rate.adjusted))
    least, most = _range(rate.adjusted, grounds)
    if facts.claimed:
        # Where the claims would take all that is left, there would be no rate at all.
        between = (
            (least, _range(rate.if_confirmed, grounds)[1]) if rate.if_confirmed is not None else (Fraction(0), top)
        )
        if between[1] > between[0]:
            readings = (reads(_CLAIM_OUT, between[0]), reads(_CLAIM_IN, between[1]))
            return left_open(grounds, _ASK_CLAIM, because, between=between, readings=readings, figures=figures)
    if least != most:
        readings = (reads(_AS_BELOW, least), reads(_AS_ABOVE, most))
        return left_open(grounds, _ASK_GAP, because, between=(least, most), readings=readings, figures=figures)
    return earned(grounds, least, because, figures)


def _range(rate: Fraction, grounds: Grounds) -> tuple[Fraction, Fraction]:
    points = banded(rate, _BANDS, grounds)
    return (Fraction(0), grounds[_BANDS[1].points].number) if points is None else (points, points)


_RATE = Words("到岗率{adjusted}%", "attendance rate {adjusted} %")
_RATE_ADJUSTED = Words(
    "到岗率{adjusted}%(已排除经确认的不可抗力;未排除为{raw}%)",
    "attendance rate {adjusted} % without confirmed force majeure ({raw} % with it)",
)
_NO_FIGURES = Words(
    "没有约定到岗量或出诊记录,或约定量均受不可抗力影响,无法计算到岗率",
    "nothing was agreed, no visit records are there, or force majeure took all of it",
)
_ASK_FIGURES = Words(
    "到岗率如何计算?请补充数据或由旗卫健委解释", "what is the rate? (give the figures, or the commission)"
)
_ASK_GAP = Words(
    "高于70%、低于80%的到岗率如何计分?请旗卫健委解释",
    "how many points between 70 % and 80 %? (the commission interprets)",
)
_AS_BELOW = Words("未达80%,得{points}分", "80 % are not reached: {points} points")
_AS_ABOVE = Words("已超过70%,最高得{points}分", "more than 70 %: up to {points} points")
_ASK_CLAIM = Words(
    "尚有不可抗力申报未确认,会影响得分,请旗卫健委先行确认",
    "claimed force majeure would change the points: the commission settles it first",
)
_CLAIM_OUT = Words("不予确认的,最低得{points}分", "not confirmed: {points} points at the least")
_CLAIM_IN = Words("予以确认的,最高得{points}分", "confirmed: {points} points at the most")
