"""Every Otog scenario of policy.md 7.2 and every gap of its 2.5.2 has a test that is named after it."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
# The ids as policy.md prints them; there are none between.
WRITTEN = "40 41 42 44 46 48 50 51 52 53 54 56 57 58 59 60 61 62 64 65 66 67 68 69 70 72 74 75 77 78 79 81"
SCENARIOS = frozenset(int(each) for each in WRITTEN.split())
GAPS = frozenset(range(1, 16))


def named(sign: str) -> frozenset[int]:
    """The numbers of the ids that names of tests hold, as in test_as_40_as_41_g_2 or test_as40."""
    names = re.compile(r"def (test_\w+)\(")
    said = [name for file in TESTS.rglob("test_*.py") for name in names.findall(file.read_text(encoding="utf-8"))]
    return frozenset(int(each) for name in said for each in re.findall(rf"_{sign}_?(\d+)(?=_)", name))


def test_every_scenario_has_its_test() -> None:
    assert named("as") >= SCENARIOS


def test_every_gap_has_its_test() -> None:
    assert named("g") >= GAPS
