"""Codes of the file in words: a reader of the timeline never meets one."""

import pytest

from policies.engine.pack import Pack
from services.engine import said


@pytest.mark.parametrize(
    ("rung", "zh", "en"),
    [
        ("before_3", "到期前3个工作日", "3 working days before"),
        ("due", "到期当日", "on the due day"),
        ("overdue_5", "逾期5个工作日", "5 working days overdue"),
        ("weekly_2", "逾期每周", "weekly while overdue"),
    ],
)
def test_a_rung_is_said_by_its_day(dq_a: Pack, rung: str, zh: str, en: str) -> None:
    words = said.coded(dq_a, "rung", rung)
    assert words is not None
    assert (words.zh, words.en) == (zh, en)


def test_a_side_is_said_by_the_title_of_its_task(dq_a: Pack) -> None:
    assert said.coded(dq_a, "side", "receiving_review") == dq_a.tasks["receiving_review"].title


def test_what_the_pack_does_not_name_is_left_to_the_places(dq_a: Pack) -> None:
    assert said.coded(dq_a, "place", "dq-t01") is None
