"""Hold the sources and the English catalogue together: `python -m i18n.extract` checks, `--update` adds and removes.

A message is a literal given to `_`, `gettext`, `ngettext` or `N_` in Python, or in a template also to {% trans %}.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from i18n.words import CATALOGUE

ROOT = Path(__file__).parent.parent
NOT_SHOWN = frozenset({"tests", "bench", "docs", "scripts", "build", "dist"})
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
PLACE = re.compile(r"%\((\w+)\)|\{(\w*)\}")

HEADER = b"""msgid ""
msgstr ""
"Project-Id-Version: pinyong\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

MessageId = str | tuple[str, ...]


def messages(root: Path) -> set[MessageId]:
    """Every message in the product's Python files and templates; a plural one is a pair."""
    found: set[MessageId] = set()
    for path in sources(root):
        found.update(messages_of(path))
    return found


def sources(root: Path) -> Iterator[Path]:
    """The files whose words people see, in a stable order."""
    parts = [part for part in sorted(root.iterdir()) if part.is_dir() and not part.name.startswith(".")]
    yield from sorted(root.glob("*.py"))
    for part in parts:
        if part.name == "templates":
            yield from (path for path in sorted(part.rglob("*")) if path.is_file() and path.suffix in (".html", ".txt"))
        elif part.name not in NOT_SHOWN:
            yield from sorted(part.rglob("*.py"))


def faults(root: Path, catalogue: Catalog) -> list[str]:
    """What a reader of English would meet: words missing, doubtful, unused, or with other places to fill."""
    said = messages(root)
    kept = {_id(message): message for message in catalogue if message.id}
    missing = [f"not in the catalogue: {_shown(each)}" for each in said - kept.keys()]
    stale = [f"no longer said: {_shown(each)}" for each in kept.keys() - said]
    return sorted(missing) + sorted(stale) + sorted(_doubts(kept[each] for each in kept.keys() & said))


def update(root: Path, catalogue: Catalog) -> None:
    """Add what is missing, untranslated, and drop what is no longer said."""
    said = messages(root)
    for message in [message for message in catalogue if message.id]:
        if _id(message) not in said:
            catalogue.delete(message.id)
    for each in said:
        if (each if isinstance(each, str) else each[0]) not in catalogue:
            catalogue.add(each)


def read_catalogue(path: Path) -> Catalog:
    """The English catalogue as it stands."""
    with path.open(encoding="utf-8") as text:
        return read_po(text, locale="en")


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """Sorted by message, without places and dates, so that a change of the words is all that a diff shows."""
    with path.open("wb") as text:
        text.write(HEADER)
        write_po(text, catalogue, no_location=True, sort_output=True, ignore_obsolete=True, width=0, omit_header=True)


def main(arguments: list[str]) -> int:
    """Check (exit code 1 and one line for each fault), or with --update bring the catalogue's list up to date first."""
    catalogue = read_catalogue(CATALOGUE)
    if "--update" in arguments:
        update(ROOT, catalogue)
        write_catalogue(CATALOGUE, catalogue)
    found = faults(ROOT, catalogue)
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


def messages_of(path: Path) -> Iterator[MessageId]:
    """Every message of one file."""
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    options = {} if path.suffix == ".py" else {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
    with path.open("rb") as text:
        for _line, message, _comments, _context in extract(method, text, keywords=KEYWORDS, options=options):
            yield message


def _id(message: Message) -> MessageId:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _doubts(pairs: Iterable[Message]) -> Iterator[str]:
    for message in pairs:
        shown = _shown(_id(message))
        said = [message.string] if isinstance(message.string, str) else list(message.string or ("",))
        if message.fuzzy:
            yield f"fuzzy: {shown}"
        if not all(said):
            yield f"not translated: {shown}"
        elif any(_places(text) != _places(shown) for text in said):
            yield f"other places to fill: {shown}"


def _places(text: str) -> set[tuple[str, ...]]:
    return set(PLACE.findall(text))


def _shown(message: MessageId) -> str:
    return message if isinstance(message, str) else message[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
