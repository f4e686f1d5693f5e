"""What every item of the annual score table answers with: exact points, or a range while something is open (G-7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Number
from policies.engine.words import Words
from policies.talent.figures import amount


@dataclass(frozen=True)
class Band:
    """Points that a figure earns by two parameters of the pack: its line and its points ("" for none)."""

    line: str
    points: str = ""


def banded(figure: Number, bands: tuple[Band, ...], grounds: Grounds) -> Fraction | None:
    """The points of the first band whose line holds for a figure; None in a gap between the bands (G-7)."""
    for band in bands:
        if grounds[band.line].holds_for(figure):
            return grounds[band.points].number if band.points else Fraction(0)
    return None


def names_of(bands: tuple[Band, ...]) -> tuple[str, ...]:
    """The parameters that bands use."""
    return tuple(name for band in bands for name in (band.line, band.points) if name)


def earned(grounds: Grounds, points: Number, because: Words, figures: Mapping[str, Value] | None = None) -> Finding:
    """An item that is settled."""
    exact = Fraction(points)
    return grounds.met(f"points_{amount(exact)}", because, {**(figures or {}), **_between(exact, exact, exact)})


def left_open(
    grounds: Grounds,
    question: Words,
    because: Words,
    *,
    between: tuple[Number, Number],
    readings: tuple[Reading, ...] = (),
    figures: Mapping[str, Value] | None = None,
) -> Finding:
    """An item that people have to settle: no points, the range that they may take, and the readings."""
    least, most = Fraction(between[0]), Fraction(between[1])
    return grounds.asked(
        question,
        because,
        readings=readings or ends(least, most),
        between=(least, most),
        figures={**(figures or {}), **_between(None, least, most)},
    )


def refused(grounds: Grounds, outcome: str, because: Words, top: Number) -> Finding:
    """An entry that may not stand: no points, and all of them still possible."""
    return grounds.unmet(outcome, because, _between(None, Fraction(0), Fraction(top)))


def reads(text: Words, points: Number) -> Reading:
    """One reading of a gap, with the points that it gives."""
    return Reading(text.filled(points=amount(points)), f"points_{amount(points)}")


def ends(least: Number, most: Number) -> tuple[Reading, ...]:
    """The least and the most that an open item may get, where the text offers no reading of its own."""
    return reads(_LEAST, least), reads(_MOST, most)


def _between(points: Fraction | None, least: Fraction, most: Fraction) -> dict[str, Value]:
    return {"points": points, "least": least, "most": most}


_LEAST = Words("最低得{points}分", "{points} points at the least")
_MOST = Words("最高得{points}分", "{points} points at the most")
