"""Nothing is said by its code, and the vendored assets are what was published."""

import re
import tomllib

import pytest

import api.errors
import web
from console import pages, wording
from console.faults import status_of
from i18n import extract
from policies.engine.refusals import Refusal
from tools import vendor

PLACE = re.compile(r"%\(\w+\)s|%%")
LISTED = tomllib.loads(vendor.LIST.read_text(encoding="utf-8"))["asset"]
MEANT_FOR_PROGRAMS = (
    "api.",
    "cli.",
    "services.engine.keys",
    "services.engine.idempotency",
    "services.facts",
    "services.invitations",
    "services.sheets",
)
# Importing them brings every refusal that there is.
ENTRIES = (web, api.errors)


def test_every_refusal_that_a_page_may_meet_has_its_words() -> None:
    assert len(ENTRIES) == 2
    kinds = [kind for kind in Refusal.kinds() if not kind.__module__.startswith((*MEANT_FOR_PROGRAMS, "tests."))]
    assert [f"{kind.__module__}.{kind.__name__}" for kind in kinds if kind.__name__ not in wording.REFUSALS] == []


def test_a_refusal_without_a_status_of_its_own_is_a_conflict() -> None:
    assert status_of(Refusal()) == 409


@pytest.mark.parametrize("asset", LISTED, ids=lambda asset: asset["package"])
def test_vendored_files_are_the_published_ones(asset: dict[str, dict[str, dict[str, str]]]) -> None:
    folder = vendor.folder_of(str(asset["package"]), str(asset["version"]))
    found = {name: vendor.digest(folder / name) for name in asset["files"]}
    assert found == {name: file["sha256"] for name, file in asset["files"].items()}
    assert sorted(path.name for path in folder.iterdir()) == sorted(asset["files"])


def test_every_vendored_folder_is_on_the_list() -> None:
    folders = {vendor.folder_of(asset["package"], asset["version"]).name for asset in LISTED}
    assert {path.name for path in (vendor.STATIC / "vendor").iterdir()} == folders


def test_whose_term_ended_is_not_told_that_somebody_else_was_found() -> None:
    """A task may stand without anybody after a term has ended."""
    letter = (pages.TEMPLATES.parent / "email" / "seat_ended").glob("*")
    told = [wording.REFUSALS["RoleEnded"], *(part.read_text(encoding="utf-8") for part in letter)]
    assert ["不再由您办理" in words for words in told] == [True] * 4
    assert not any("他人" in words for words in told)


def test_a_per_cent_sign_of_a_page_is_no_place_to_fill() -> None:
    """In a template a message is always filled: a sign of its own is doubled, or the page breaks when it is opened."""
    templates = [path for path in extract.sources(extract.ROOT) if path.is_relative_to(extract.ROOT / "templates")]
    said = [one for path in templates for one in extract.messages_of(path) if isinstance(one, str)]
    assert len(said) > 500
    assert [one for one in said if "%" in PLACE.sub("", one)] == []
