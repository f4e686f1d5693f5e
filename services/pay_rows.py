"""The working of a pay total, line by line, for pages and for the printed sheet (DQ-3.4.2b)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from policies.engine.pack import Pack
from policies.pay import TotalFacts, pay_total, to_the_fen
from services.headcounts import MONTHS


def rows_of(facts: TotalFacts, names: Mapping[str, str], pack: Pack) -> list[dict[str, object]]:
    """The working of a total, line by line: months, average, pay per head, product."""
    parts = cast("Mapping[str, Any]", pay_total(facts, pack).figures.get("parts_yuan", {}))
    return [
        {
            "name": names.get(one.institution, one.institution),
            "months": one.months,
            "average": sum(one.months, Decimal(0)) / len(MONTHS),
            "half_release": one.half_release,
            "per_capita": one.per_capita_yuan,
            "final": one.per_capita_is_final,
            "estimated": one.months_estimated,
            "product": to_the_fen(parts[one.institution]),
        }
        for one in facts.senders
    ]
