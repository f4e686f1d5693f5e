"""Facts from JSON: every problem names its field and what is expected, in zh and en."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import pytest

from policies.engine.facts import FactsRejected, notes_of, read_facts
from policies.engine.words import Words


@dataclass(frozen=True)
class Part:
    days: Annotated[Decimal, Words("天数", "days")]


@dataclass(frozen=True)
class Facts:
    day: Annotated[date, Words("日期", "day")]
    kind: Annotated[Literal["full", "half"], Words("方式", "kind")] = "full"
    people: Annotated[int, Words("人数", "people")] = 0
    sure: Annotated[bool | None, Words("是否确定", "whether sure")] = None
    name: Annotated[str, Words("名称", "name")] = ""
    parts: Annotated[tuple[Part, ...], Words("部分", "parts")] = ()


def _problems(raw: object) -> dict[str, str]:
    with pytest.raises(FactsRejected) as refused:
        read_facts(Facts, raw)
    return {each.field: each.problem.en for each in refused.value.problems}


def test_facts_of_every_kind_are_read_exactly() -> None:
    raw = {"day": "2026-03-01", "kind": "half", "people": 3, "sure": True, "name": "x", "parts": [{"days": "0.5"}]}

    assert read_facts(Facts, raw) == Facts(
        date(2026, 3, 1), "half", 3, sure=True, name="x", parts=(Part(Decimal("0.5")),)
    )


def test_null_is_read_where_it_is_allowed() -> None:
    assert read_facts(Facts, {"day": "2026-03-01", "sure": None}).sure is None


@pytest.mark.parametrize(
    ("extra", "field", "expected"),
    [
        ({"day": "2026-02-30"}, "day", "a date"),
        ({"day": "20260301"}, "day", "a date"),
        ({"day": "01/03/2026"}, "day", "a date"),
        ({"day": 20260301}, "day", "a date"),
        ({"day": None}, "day", "a date"),
        ({"kind": "third"}, "kind", "one of: full | half"),
        ({"kind": ["full"]}, "kind", "one of"),
        ({"people": "3"}, "people", "a whole number"),
        ({"people": True}, "people", "a whole number"),
        ({"people": -1}, "people", "at least 0"),
        ({"sure": 1}, "sure", "true or false"),
        ({"name": 1}, "name", "a text"),
        ({"parts": [{"days": 1}, {"days": 0.5}]}, "parts[1].days", "decimals as text"),
        ({"parts": [{"days": "NaN"}]}, "parts[0].days", "a number"),
        ({"parts": [{"days": "-1"}]}, "parts[0].days", "at least 0"),
        ({"parts": [{}]}, "parts[0].days", "is missing"),
        ({"parts": {"days": 1}}, "parts", "a list"),
        ({"parts": [3]}, "parts[0].", "a JSON object"),
        ({"colour": 1}, "colour", "no such field"),
    ],
)
def test_a_wrong_fact_names_its_field_and_what_is_expected(extra: dict[str, object], field: str, expected: str) -> None:
    assert expected in _problems({"day": "2026-03-01"} | extra)[field]


def test_a_missing_field_is_named() -> None:
    assert _problems({}) == {"day": 'is missing; expected a date such as "2026-03-01"'}


def test_facts_that_are_no_object_are_refused() -> None:
    assert _problems([1]) == {"$": "expected a JSON object"}


def test_all_problems_are_named_at_once_in_both_languages() -> None:
    with pytest.raises(FactsRejected) as refused:
        read_facts(Facts, {"day": "x", "people": "y"})

    assert refused.value.said_in("zh").splitlines() == [
        "day: 应为日期,如 \"2026-03-01\",收到 'x'",
        "people: 应为不小于 0 的整数,收到 'y'",
    ]
    assert len(refused.value.said_in("en").splitlines()) == 2


def test_every_field_is_documented() -> None:
    notes = notes_of(Facts)

    assert [(each.name, each.required) for each in notes][:2] == [("day", True), ("kind", False)]
    assert all(each.meaning.zh and each.meaning.en for each in notes)
