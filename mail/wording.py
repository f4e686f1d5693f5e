"""From a letter's facts to its words: subject, text and html from three files, in the addressee's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

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
    return _environment(language).get_template(name)


@lru_cache(maxsize=8)
def _environment(language: str) -> Environment:
    words: Translator = translator(language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["language"] = language
    _install(environment, words.gettext, words.ngettext)
    return environment


def _install(environment: Environment, gettext: Callable[[str], str], ngettext: Callable[[str, str, int], str]) -> None:
    # The extension adds this method to the environment when it is loaded, which its type does not show.
    install = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(gettext, ngettext, newstyle=True)
