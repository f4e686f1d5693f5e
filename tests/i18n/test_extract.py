"""Every word that people see exists in English."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from i18n.extract import ROOT, faults, messages, read_catalogue, update, write_catalogue
from i18n.words import CATALOGUE


@pytest.fixture
def product(tmp_path: Path) -> Path:
    (tmp_path / "console").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "console" / "page.py").write_text(
        'a = words.gettext("待办")\nb = _("已办")\nc = N_("逾期")\n'
        'd = ngettext("%(n)d件", "%(n)d件", n)\ne = other("不提取")\n',
        encoding="utf-8",
    )
    (tmp_path / "templates" / "page.html").write_text(
        '<h1>{{ _("事项") }}</h1>\n{% trans trimmed %}\n  两行\n  文字\n{% endtrans %}', encoding="utf-8"
    )
    (tmp_path / "tests" / "test_page.py").write_text('_("测试")', encoding="utf-8")
    return tmp_path


def an_english_catalogue(**strings: str) -> Catalog:
    catalogue = Catalog(locale="en")
    for message, string in strings.items():
        catalogue.add(message, string)
    return catalogue


def test_the_product_speaks_english_everywhere() -> None:
    assert faults(ROOT, read_catalogue(CATALOGUE)) == []


def test_messages_are_found_in_python_and_templates_but_not_in_tests(product: Path) -> None:
    assert messages(product) == {"待办", "已办", "逾期", ("%(n)d件", "%(n)d件"), "事项", "两行 文字"}


def test_missing_untranslated_and_stale_words_are_named(product: Path) -> None:
    found = faults(product, an_english_catalogue(待办="To do", 已办="", 旧词="Old word"))
    assert "not in the catalogue: 逾期" in found
    assert "not in the catalogue: %(n)d件" in found
    assert "not translated: 已办" in found
    assert "no longer said: 旧词" in found
    assert not [fault for fault in found if "待办" in fault]


def test_a_fuzzy_translation_counts_as_a_fault(product: Path) -> None:
    catalogue = an_english_catalogue()
    catalogue.add("待办", "To do", flags=["fuzzy"])
    assert "fuzzy: 待办" in faults(product, catalogue)


def test_a_translation_with_other_places_to_fill_is_a_fault(product: Path) -> None:
    catalogue = an_english_catalogue()
    catalogue.add(("%(n)d件", "%(n)d件"), ("one matter", "%(number)d matters"))
    assert "other places to fill: %(n)d件" in faults(product, catalogue)


def test_an_update_adds_what_is_missing_and_drops_what_is_stale(product: Path, tmp_path: Path) -> None:
    catalogue = an_english_catalogue(待办="To do", 旧词="Old word")
    update(product, catalogue)
    path = tmp_path / "messages.po"
    write_catalogue(path, catalogue)
    kept = read_catalogue(path)
    assert kept["待办"].string == "To do"
    assert {message.id if isinstance(message.id, str) else tuple(message.id) for message in kept if message.id} == (
        messages(product)
    )


def test_writing_the_catalogue_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "messages.po"
    write_catalogue(path, read_catalogue(CATALOGUE))
    assert path.read_bytes() == CATALOGUE.read_bytes()
