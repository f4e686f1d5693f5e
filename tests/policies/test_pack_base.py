"""A pack that extends another: what it says otherwise, what it keeps, and that it is whole without its base."""

import tomllib
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from db.engine.pack_files import read_pack, read_packs
from policies.engine.pack import Pack, PackError, parse_pack
from policies.engine.pack_base import laid_over, written
from tests.policies.test_pack import SMALL

OTHER = """
[pack]
id = "other"
extends = "small"
programme = "another"
title = { zh = '另', en = 'Another' }

[stages]
training = { zh = '进修中', en = 'In training' }

[parameters.share]
value = 30

[tasks.review]
steps = [{ name = "approve", role = "R-04", at = "sending", choices = ["agree"] }]
"""
BASES = {"small": SMALL}


@pytest.fixture
def other() -> Pack:
    return parse_pack(OTHER, file="other.toml", bases=BASES)


def test_what_it_says_stands_and_what_it_does_not_say_is_the_bases(other: Pack) -> None:
    assert (other.id, other.programme, other.version, other.base) == ("other", "another", "1", "small 1")
    assert (other.parameters["share"].value, other.parameters["share"].comparison) == (30, "<=")
    assert [step.role for step in other.tasks["review"].steps] == ["R-04"]
    assert other.tasks["review"].title.zh == "审核"
    assert [stage.name for stage in other.stages] == ["open", "training", "archived"]


def test_its_text_is_whole_and_hashed_as_it_is_kept(other: Pack) -> None:
    again = parse_pack(other.text, file="stored")
    assert again == other
    assert other.sha256 == sha256(other.text.encode()).hexdigest()


def test_a_change_of_the_base_is_a_change_of_what_extends_it(other: Pack) -> None:
    changed = {"small": SMALL.replace("value = 5", "value = 6")}
    assert parse_pack(OTHER, file="other.toml", bases=changed).sha256 != other.sha256


def test_a_base_that_is_not_there_or_extends_another_is_refused() -> None:
    third = OTHER.replace('id = "other"', 'id = "third"').replace('"small"', '"other"')
    for text, bases in ((OTHER, {}), (third, BASES | {"other": OTHER})):
        with pytest.raises(PackError) as refused:
            parse_pack(text, file="broken.toml", bases=bases)
        assert [fault.code for fault in refused.value.faults] == ["unknown_base"]


def test_a_fault_of_what_it_says_is_named_as_in_any_pack() -> None:
    with pytest.raises(PackError) as refused:
        parse_pack(OTHER.replace('role = "R-04"', 'role = "R-99"'), file="other.toml", bases=BASES)
    assert [(fault.code, fault.key) for fault in refused.value.faults] == [
        ("unknown_role", "tasks.review.steps[1].role")
    ]


def test_words_are_replaced_as_a_whole() -> None:
    base = {"tasks": {"ask": {"zh": "旧", "en": "old"}, "days": 1}}
    assert laid_over(base, {"tasks": {"ask": {"zh": "新"}}}) == {"tasks": {"ask": {"zh": "新"}, "days": 1}}


def test_what_is_written_is_read_again_as_it_was() -> None:
    words = {"zh": "中", "en": "e"}
    plain = {"n": 1, "d": Decimal("0.20"), "b": True, "t": '引"号\\\n', "l": ["x", "y"], "w": words}
    content = {"a": plain | {"R-01": {"s": [{"k": "v", "c": ["p"]}]}, "x.y": {"z": 2}}}
    assert tomllib.loads(written(content), parse_float=Decimal) == content


def test_the_packs_that_come_with_the_product_are_two_programmes_of_one_document_and_one_of_another() -> None:
    folder = Path(__file__).parents[2] / "policies" / "packs"
    sent_down, trained, talent = read_packs(folder)
    assert (talent.base, talent.programme) == ("", "flexible_talent_contract")
    assert not set(talent.clauses) & set(sent_down.clauses)
    assert (sent_down.base, trained.base) == ("", f"dq-a {sent_down.version}")
    assert sent_down.clauses == trained.clauses
    assert (trained.version, trained.programme) == (sent_down.version, "township_managed_county_trained")
    assert read_pack(folder / "dq-b.toml") == trained
