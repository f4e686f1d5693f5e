"""From a letter's facts to its words: subject, text and html from three files, in the addressee's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from i18n import Translator, date_words, day_words, moment_words, translator
from i18n.dates import OFFICE_TIME
from mail.facts import Letter

TEMPLATES = Path(__file__).parent.parent / "templates" / "email"

_INLINER = CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Words:
    """What the addressee reads: a subject in one line, the same letter as text and as html."""

    subject: str
    text: str
    html: str


def worded(letter: Letter) -> Words:
    """Render a letter; the text is complete without the html."""
    facts = _facts_said(letter)
    subject, text, html = (_template(letter.language, f"{letter.kind}/{name}") for name in _FILES)
    return Words(
        # A header is one line; a title with a line break in it must not make a second header.
        subject=" ".join(subject.render(facts).split()),
        text=text.render(facts).strip() + "\n",
        html=_INLINER.inline(html.render(facts)),
    )


_FILES = ("subject.txt", "body.txt", "body.html")


def _facts_said(letter: Letter) -> dict[str, object]:
    language = letter.language
    written_on = letter.written_at.astimezone(OFFICE_TIME).date()
    return {
        "letter": letter,
        "due": date_words(letter.due, language, today=written_on) if letter.due else None,
        "signed_on": day_words(written_on, language),
        "decided_on": day_words(letter.decided_on, language) if letter.decided_on else None,
        "valid_until": moment_words(letter.valid_until, language) if letter.valid_until else None,
    }


@lru_cache(maxsize=256)
def _template(language: str, name: str) -> Template:
    return _environment(language, html=name.endswith(".html")).get_template(name)


@lru_cache(maxsize=8)
def _environment(language: str, *, html: bool) -> Environment:
    words: Translator = translator(language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {"language": language, "_": _saying(words.gettext, Markup if html else str)}
    return environment


def _saying(gettext: Callable[[str], str], kind: type[str]) -> Callable[..., str]:
    """What stands behind `_` in a template: translated words with their blanks filled, escaped where `kind` is Markup.

    Jinja's own extension asks the template's context three times for each of forty words in a letter, and translates
    words without blanks anew each time: a fifth of what a letter takes to be written.
    """

    @cache
    def whole(words: str) -> str:
        return kind(gettext(words)) % {}

    def say(words: str, /, **blanks: object) -> str:
        return kind(gettext(words)) % blanks if blanks else whole(words)

    return say
