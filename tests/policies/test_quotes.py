"""Every quote of the pack is copied from the document character for character.

The documents may lie beside the project. Where they do not, the committed list of hashes stands for them; it is proved
against the documents wherever they are, so that neither list nor pack can drift.
"""

from hashlib import sha256
from pathlib import Path

import pytest

from db.engine.pack_files import read_packs
from policies.engine.pack import Pack

HASHES = Path(__file__).with_name("quote_hashes.txt")
SHELF = [one for one in read_packs(Path(__file__).parents[2] / "policies" / "packs") if not one.base]
DOCUMENTS = Path(__file__).parents[3] / "shared" / "seeds"
DOCUMENT_OF = {"dq-a": "000_7406c56a2158de81.txt", "ot-a": "004_f542756649a048c1.txt"}
RULES_OF_THE_TEXT = {"dq-a": 57, "ot-a": 73}
EACH_PACK = pytest.mark.parametrize("each", SHELF, ids=lambda pack: pack.id)


def _quoted(pack: Pack) -> list[tuple[str, int, str]]:
    return [
        (clause.rule, line, quote)
        for clause in pack.clauses.values()
        for line, quote in zip(clause.lines, clause.quotes, strict=True)
    ]


def test_every_quote_has_stood_the_comparison_with_its_document() -> None:
    listed = [
        f"{rule} {line} {sha256(quote.encode()).hexdigest()}" for pack in SHELF for rule, line, quote in _quoted(pack)
    ]
    assert listed == HASHES.read_text(encoding="utf-8").splitlines()


@EACH_PACK
def test_every_quote_is_the_documents(each: Pack) -> None:
    document = DOCUMENTS / DOCUMENT_OF[each.id]
    if document.exists():
        lines = document.read_text(encoding="utf-8").split("\n")
        assert [rule for rule, line, quote in _quoted(each) if quote not in lines[line - 1]] == []


@EACH_PACK
def test_every_rule_of_the_document_is_in_the_pack(each: Pack) -> None:
    assert len(each.clauses) == RULES_OF_THE_TEXT[each.id]


@EACH_PACK
def test_every_parameter_from_the_text_is_quoted_from_its_clause(each: Pack) -> None:
    quoted = [parameter for parameter in each.parameters.values() if parameter.basis == "text"]

    assert quoted
    for parameter in quoted:
        clause = each.clauses[parameter.rule]
        assert any(parameter.quote in quote for quote in clause.quotes), parameter.name
        assert parameter.line == clause.line_of(parameter.quote), parameter.name


@pytest.mark.parametrize(
    ("name", "value", "comparison"),
    [
        ("qualified_years", 3, ">="),
        ("promotion_service_years", 1, ">="),
        ("trainee_months", 6, "="),
        ("site_months", 6, ">="),
        ("absences_allowed", 3, ">"),
        ("excellent_share", 20, "<="),
        ("mentors_per_trainee", 1, "="),
        ("bed_occupancy_target", 70, ">="),
    ],
)
def test_the_numbers_of_the_document_stand_as_printed(pack: Pack, name: str, value: int, comparison: str) -> None:
    parameter = pack.parameters[name]

    assert (parameter.value, parameter.comparison, parameter.basis) == (value, comparison, "text")
