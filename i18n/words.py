"""gettext with Chinese message ids: what a page or letter says in the reader's language."""

from __future__ import annotations

import io
from functools import lru_cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Protocol

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "zh-CN"
ENGLISH = "en"
LANGUAGES = (SOURCE_LANGUAGE, ENGLISH)
CATALOGUE = Path(__file__).parent / "en" / "LC_MESSAGES" / "messages.po"


class LanguageUnknown(LookupError):
    """The product speaks zh-CN and en."""


class Translator(Protocol):
    """Gives the words of one language for the Chinese words of the source."""

    def gettext(self, message: str, /) -> str:
        """The message in this language; {}- and %()-places are left for the caller to fill."""
        ...

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str:
        """The form for a number; Chinese has one, so both message ids are usually the same."""
        ...


class SourceWords:
    """Chinese: every message is its own translation, and a number does not change it."""

    def gettext(self, message: str, /) -> str:
        """The message itself."""
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str:
        """The one form that Chinese has."""
        return msgid1


def N_(message: str) -> str:  # noqa: N802  gettext's own name for words that are translated later
    """Mark words that stand in a table and are translated where they are shown."""
    return message


def translator(language: str) -> Translator:
    """The words of a language, compiled in memory from its catalogue; LanguageUnknown for others than zh-CN and en."""
    if language == SOURCE_LANGUAGE:
        return SourceWords()
    if language == ENGLISH:
        return _compiled(CATALOGUE)
    raise LanguageUnknown(language)


def chosen_language(*wishes: str | None) -> str:
    """The first wish that is ours, in the forms of cookies and of Accept-Language (RFC 9110 12.5.4); else zh-CN."""
    for wish in wishes:
        for tag in (wish or "").split(","):
            primary = tag.split(";")[0].strip().lower().replace("_", "-").split("-")[0]
            if primary in ("zh", "en"):
                return SOURCE_LANGUAGE if primary == "zh" else ENGLISH
    return SOURCE_LANGUAGE


@lru_cache(maxsize=2)
def _compiled(path: Path) -> GNUTranslations:
    with path.open(encoding="utf-8") as text:
        catalogue = read_po(text, locale="en")
    binary = io.BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return GNUTranslations(binary)
