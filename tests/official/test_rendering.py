"""A document's model as PDF and as Word: everything in it, nothing taken for markup, Chinese throughout (COR-10)."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from services.official.model import (
    Box,
    Boxes,
    Clause,
    Column,
    Document,
    Fact,
    Facts,
    Passage,
    Table,
    numbered,
)
from services.official.pdf import FAMILIES, FontsMissing, Press
from services.official.word import word
from tests.official.printed import in_pdf, in_word

AT = datetime(2026, 3, 8, 2, 0, 0, 120, tzinfo=UTC)
# What would be a heading, a link, code or a field if anybody read it as markup.
CURIOUS = '#set *黑* _斜_ $x$ @a [b](c) {{ d }} <e>&amp; \\f "g" = h'
DOCUMENT = Document(
    "报备回执",
    "德清县卫生健康局",
    (Fact("文号", "德卫健〔2026〕12号"), Fact("签发人"), Fact("印发日期"), Fact("来文文号")),
    (
        Facts((Fact("批次", "第1批"), Fact("年度", "2026"), Fact("备注", CURIOUS)), "批次情况"),
        Clause("DQ-3.1.3c", "三(一)3", "报县卫健局审核报备", "必须", "征求意见稿"),
        Passage("请示事项", "请逐人提出意见。"),
        Table("逐人意见", (Column("序号", 1), Column("姓名")), numbered([("凌远航",), ("郁思齐",)])),
        Table("没有列入的单位", (Column("单位"),), (), empty="全部列入"),
        Boxes(
            (
                Box("县卫生健康局\n经办人", "同意\n拟予报备", "沈国平", "2026年3月6日", ("方式：纸质代录",)),
                Box("县卫生健康局\n分管领导"),
            ),
            "审核意见",
        ),
    ),
    ("系统编号：batch.1/filing_receipt（不是文号）",),
)
SAID = (
    *("德清县卫生健康局", "报备回执", "文号德卫健〔2026〕12号", "批次情况", "第1批", "「报县卫健局审核报备」"),
    *("DQ-3.1.3c·三(一)3·必须", "请示事项请逐人提出意见。", "序号姓名1凌远航2郁思齐", "没有列入的单位全部列入"),
    *("意见：同意拟予报备", "签字：（沈国平）", "盖章：2026年3月6日", "方式：纸质代录", "年月日", "不是文号"),
    "".join(CURIOUS.split()),
)


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


async def test_the_pdf_says_all_of_the_document(press: Press) -> None:
    text = in_pdf(await press.pdf(DOCUMENT, at=AT))
    assert [words for words in SAID if words not in text] == []
    assert (text.count("签字："), text.count("盖章："), text.count("意见：")) == (2, 2, 2)


async def test_the_pdf_is_chinese_with_a_font_of_simplified_forms_inside(press: Press) -> None:
    reader = PdfReader(BytesIO(await press.pdf(DOCUMENT, at=AT)))
    assert str(reader.root_object["/Lang"]) == "zh-CN"
    resources = reader.pages[0]["/Resources"].get_object()
    assert isinstance(resources, DictionaryObject)
    fonts = resources["/Font"].get_object()
    assert isinstance(fonts, DictionaryObject)
    inside = {str(font.get_object()["/BaseFont"]).partition("+")[2].casefold() for font in fonts.values()}
    wanted = tuple(family.replace(" ", "").casefold() for family in FAMILIES)
    assert [name for name in inside if not name.startswith(wanted)] == []
    assert inside


async def test_a_long_list_repeats_its_head_on_each_page(press: Press) -> None:
    rows = numbered((f"人员{number}",) for number in range(120))
    long = replace(DOCUMENT, parts=(Table("名单", (Column("序号", 1), Column("姓名全称")), rows),))
    pages = PdfReader(BytesIO(await press.pdf(long, at=AT))).pages
    assert len(pages) > 2
    assert all("姓名全称" in page.extract_text() for page in pages)


async def test_without_a_chinese_font_there_is_no_blank_pdf() -> None:
    with pytest.raises(FontsMissing):
        await Press(system_fonts=False).pdf(DOCUMENT, at=AT)


def test_the_word_file_says_all_of_the_document() -> None:
    text = in_word(word(DOCUMENT, at=AT))
    assert [words for words in SAID if words not in text] == []
    assert (text.count("签字："), text.count("盖章："), text.count("意见：")) == (2, 2, 2)


def test_the_word_file_is_chinese_and_names_nobody_as_its_author() -> None:
    parts = ZipFile(BytesIO(word(DOCUMENT, at=AT)))
    styles, properties = parts.read("word/styles.xml").decode(), parts.read("docProps/core.xml").decode()
    assert 'w:eastAsia="zh-CN"' in styles
    assert 'w:eastAsia="宋体"' in styles
    assert "python-docx" not in properties
    assert "2026-03-08T02:00:00Z" in properties
    assert "<dc:creator></dc:creator>" in properties or "<dc:creator/>" in properties
