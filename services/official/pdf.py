"""A document as PDF: set by typst, whose compiler is in its wheel; the Chinese fonts are the machine's."""

import asyncio
import json
from dataclasses import asdict
from datetime import datetime
from functools import cached_property
from pathlib import Path

import typst

from policies.engine.refusals import Refusal
from services.official.model import Document

LAYOUT = Path(__file__).parents[2] / "templates" / "documents" / "official.typ"
# Simplified forms by name: the family of another region would draw some characters otherwise.
FAMILIES = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "FangSong",
    "FangSong_GB2312",
    "SimSun",
    "Songti SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)


class FontsMissing(Refusal):
    """The machine of the web process has no font for simplified Chinese: a PDF would be blank."""


class Press:
    """Sets documents; looks for fonts when the first is asked for."""

    def __init__(self, folder: Path | None = None, *, system_fonts: bool = True) -> None:
        """Fonts of the machine, and those in a folder."""
        self._folder, self._system_fonts = folder, system_fonts

    async def pdf(self, document: Document, *, at: datetime) -> bytes:
        """The PDF of a document, dated with an aware instant. Raises FontsMissing."""
        return await asyncio.to_thread(self._set, document, at)

    @cached_property
    def _fonts(self) -> typst.Fonts:
        folders = [self._folder] if self._folder else []
        return typst.Fonts(self._system_fonts, include_embedded_fonts=False, font_paths=folders)

    @cached_property
    def _families(self) -> list[str]:
        there = set(self._fonts.families())
        return [family for family in FAMILIES if family in there]

    def _set(self, document: Document, at: datetime) -> bytes:
        if not self._families:
            raise FontsMissing
        given = {
            "document": json.dumps(asdict(document), ensure_ascii=False),
            "fonts": json.dumps(self._families, ensure_ascii=False),
        }
        compiler = typst.Compiler(LAYOUT, font_paths=self._fonts, sys_inputs=given)
        content = compiler.compile(format="pdf", timestamp=at.replace(microsecond=0))
        if not isinstance(content, bytes):
            raise TypeError(type(content).__name__)
        return content
