"""DQ-3.2.1b, DEF-22: half-days of accumulated service, each once."""

from collections.abc import Sequence

import pytest

from policies.accumulated import OTHER, Part, clash_of, forms_of, half_days_of
from policies.engine.pack import Pack


@pytest.mark.parametrize(("part", "half_days"), [("morning", 1), ("afternoon", 1), ("night", 1), ("day", 2)])
def test_a_whole_day_is_two_half_days(part: Part, half_days: int) -> None:
    assert half_days_of(part) == half_days


@pytest.mark.parametrize(
    ("part", "others", "clash"),
    [
        ("morning", [], ""),
        ("morning", ["afternoon"], ""),
        ("night", ["afternoon"], ""),
        ("morning", ["morning"], "taken"),
        ("morning", ["day"], "taken"),
        ("day", ["afternoon"], "taken"),
        ("night", ["day"], "too_many"),
        ("night", ["morning", "afternoon"], "too_many"),
    ],
)
def test_no_half_day_is_credited_twice_and_no_day_gives_more_than_two(
    pack: Pack, part: Part, others: Sequence[Part], clash: str
) -> None:
    assert clash_of(part, others, pack) == clash


def test_the_forms_of_the_text_and_one_for_what_it_leaves_open(pack: Pack) -> None:
    assert forms_of(pack) == ("巡回医疗", "义诊", "教学", "帮扶", "院前急救服务", "突发事件应急处置", OTHER)
