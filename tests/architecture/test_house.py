"""The house's own rules: sizes, names, clocks, clauses, settings."""

import ast
import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from db.engine.pack_files import read_packs
from settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "policies", "vault", "i18n", "db", "mail", "activities", "workflows", "services", "api", "console", "stack", "cli",
    "rehearsal",
)  # fmt: skip
ENTRIES = ("worker.py", "web.py", "settings.py")
LONGEST_FUNCTION, LONGEST_MODULE = 40, 300
RULE_ID = re.compile(r"\b(?:DQ-\d|OT-[\dNSE])[\w.]*\b")
DATABASE_CLOCK = re.compile(
    r"func\.(now|current_\w+|localtimestamp)\b|CURRENT_TIMESTAMP|(?<![.\w])now\(\)", re.IGNORECASE
)


def sources() -> list[Path]:
    found = [ROOT / entry for entry in ENTRIES]
    for package in PACKAGES:
        found += sorted((ROOT / package).rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def code_lines(text: str, node: ast.AST | None = None) -> int:
    """Lines that are no blank, no comment and no docstring."""
    tree = node or ast.parse(text)
    lines = text.splitlines()
    documented: set[int] = set()
    for one in ast.walk(tree):
        if isinstance(one, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and one.body:
            first = one.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                documented |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    begin, end = (node.lineno, node.end_lineno or node.lineno) if isinstance(node, ast.stmt) else (1, len(lines))
    return sum(
        1
        for number in range(begin, end + 1)
        if number not in documented and lines[number - 1].strip() and not lines[number - 1].strip().startswith("#")
    )


def test_no_function_is_longer_than_forty_lines_and_no_module_than_three_hundred() -> None:
    too_long: list[str] = []
    for path in sources():
        text = path.read_text()
        if code_lines(text) > LONGEST_MODULE:
            too_long.append(f"{path.relative_to(ROOT)}: {code_lines(text)}")
        too_long += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {code_lines(text, node)}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and code_lines(text, node) > LONGEST_FUNCTION
        ]
    assert too_long == []


@pytest.mark.parametrize("name", [*PACKAGES, "settings", "worker", "web"])
def test_no_installed_distribution_claims_one_of_our_names(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"pinyong"}


def test_no_business_value_comes_from_the_databases_clock() -> None:
    found = [str(path.relative_to(ROOT)) for path in sources() if DATABASE_CLOCK.search(path.read_text())]
    assert found == []


def test_every_rule_id_in_the_code_is_a_clause_of_a_pack() -> None:
    known = {clause for pack in read_packs(ROOT / "policies" / "packs") for clause in pack.clauses}
    cited = {
        (rule.rstrip("."), str(path.relative_to(ROOT)))
        for path in sources()
        for rule in RULE_ID.findall(path.read_text())
    }
    assert {one for one in cited if not any(rule.startswith(one[0]) for rule in known)} == set()


def test_every_setting_stands_in_the_operators_list() -> None:
    listed = (ROOT / "docs" / "settings.md").read_text()
    assert [name for name in Settings.model_fields if f"`{PREFIX}{name.upper()}`" not in listed] == []


def test_the_engine_names_no_lifecycle_and_no_programme() -> None:
    lifecycles = {path.stem for path in (ROOT / "workflows").glob("*.py")} - {"__init__", "courier", "caretaker"}
    words = re.compile(
        rf"\b({'|'.join(sorted(lifecycles))}|dq-a|county_hired_township_used|ot-a|flexible_talent_contract)\b"
    )
    engine = [path for path in sources() if "engine" in path.parts]
    assert engine
    found = {f"{path.relative_to(ROOT)}: {hit}" for path in engine for hit in words.findall(path.read_text())}
    assert found == set()


def test_chinese_on_the_command_line_has_chinese_punctuation() -> None:
    """What an official reads in a terminal is written as on a page; a seal's number:code is typed as it stands."""
    chinese = "\u4e00-\u9fff）"
    half = re.compile(rf"(?<=[{chinese}])[,;:!?(]|[,;:!?)](?=[{chinese}])")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted((ROOT / "cli").glob("*.py"))
        for line in path.read_text().splitlines()
        if half.search(line.replace("封签号:校验码", ""))
    ]
    assert found == []
