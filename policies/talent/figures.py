"""Exact shares and how they are written: computed as fractions, shown with two decimals (DEF-03)."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from policies.engine.pack_parts import Number

_HUNDRED = 100
_CENT = Decimal("0.01")


def percent(part: Number, whole: Number) -> Fraction | None:
    """The exact percentage; None where there is nothing to compare with."""
    return Fraction(part) * _HUNDRED / Fraction(whole) if Fraction(whole) > 0 else None


def shown(figure: Fraction | None) -> str:
    """Two decimals for reading only; a dash for no figure.

    A figure that is not whole never looks whole: 69.996 is written 69.99 and 15.001 is written 15.01, because every
    line of the text is a whole number and nobody should read a figure on the wrong side of it.
    """
    if figure is None:
        return "—"
    written = (Decimal(figure.numerator) / Decimal(figure.denominator)).quantize(_CENT, ROUND_HALF_UP)
    if figure.denominator != 1 and written == written.to_integral_value():
        return str(written - _CENT if written > figure else written + _CENT)
    return str(written)


def amount(figure: Number) -> str:
    """An amount of working time or a number of points: whole numbers without decimals."""
    exact = Fraction(figure)
    return str(exact.numerator) if exact.denominator == 1 else shown(exact)
