"""Every quote of the pack is copied from the document character for character.

The documents may lie beside the project. Where they do not, the committed list of hashes stands for them; it is proved
against the documents wherever they are, so that neither list nor pack can drift.
"""

from hashlib import sha256
from pathlib import Path

import pytest

from policies.engine.pack import Pack

HASHES = Path(__file__).with_name("quote_hashes.txt")
DOCUMENT = Path(__file__).parents[3] / "shared" / "seeds" / "000_7406c56a2158de81.txt"
RULES_OF_THE_TEXT = 57


def _listed(pack: Pack) -> list[str]:
    return [
        f"{clause.rule} {clause.line} {sha256(quote.encode()).hexdigest()}"
        for clause in pack.clauses.values()
        for quote in clause.quotes
    ]


def test_every_quote_is_the_documents(pack: Pack) -> None:
    assert _listed(pack) == HASHES.read_text(encoding="utf-8").splitlines()
    if DOCUMENT.exists():
        lines = DOCUMENT.read_text(encoding="utf-8").split("\n")
        for clause in pack.clauses.values():
            for quote in clause.quotes:
                assert quote in lines[clause.line - 1], clause.rule


def test_every_rule_of_the_document_is_in_the_pack(pack: Pack) -> None:
    assert len(pack.clauses) == RULES_OF_THE_TEXT


def test_every_parameter_from_the_text_is_quoted_from_its_clause(pack: Pack) -> None:
    quoted = [each for each in pack.parameters.values() if each.basis == "text"]

    assert quoted
    for parameter in quoted:
        assert any(parameter.quote in quote for quote in pack.clauses[parameter.rule].quotes), parameter.name
        assert parameter.line == pack.clauses[parameter.rule].line


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
