"""`pinyong rule`: list the rules of a pack and try one on facts, with no server."""

import json
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from db.engine.pack_files import read_pack, read_packs
from policies.catalogue import CATALOGUE, NothingToCompute, RuleUnknown, rule_of
from policies.engine.facts import FactsRejected
from policies.engine.finding import Finding, Json
from policies.engine.pack import Pack, PackError
from policies.engine.pack_parts import Clause
from policies.engine.rules import Rule
from policies.engine.words import Language, Words

REFUSED = 2

app = typer.Typer(help="规则查询与试算 / list the rules and try one", no_args_is_help=True)

_PackFile = Annotated[
    Path | None, typer.Option("--pack", help="规则文件（TOML），默认内置 / pack file, default built in")
]
_Lang = Annotated[str, typer.Option("--lang", help="zh | en")]


class FactsUnreadable(ValueError):
    """The facts file is absent or no JSON."""


@app.command("list")
def list_rules(
    pack_file: _PackFile = None,
    lang: _Lang = "zh",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """列出全部条款；可试算的附事实字段和示例 / list every clause, with fields and example where it can be tried."""
    language = _language(lang)
    clauses = [clause for pack in _packs(pack_file, language) for clause in pack.clauses.values()]
    if as_json:
        typer.echo(json.dumps(_listed(clauses), ensure_ascii=False, indent=2))
        return
    for clause in clauses:
        for rule_id in _ids_of(clause.rule):
            mark = "*" if rule_id in CATALOGUE else " "
            typer.echo(f"{mark} {rule_id:<22}{clause.mark:<10}{clause.meaning.said_in(language)}")
    typer.echo(_LEGEND.said_in(language))


@app.command("try")
def try_rule(
    rule_id: Annotated[str, typer.Argument(metavar="RULE-ID")],
    facts: Annotated[str, typer.Option("--facts", help="JSON 文件，- 为标准输入 / JSON file, - for standard input")],
    pack_file: _PackFile = None,
    *,
    lang: _Lang = "zh",
) -> None:
    """按事实试算一条规则，输出认定结果 / try a rule on facts and print the finding."""
    language = _language(lang)
    pack = _with_clause(rule_id, _packs(pack_file, language))
    try:
        finding = rule_of(rule_id, pack).judge(_read(facts, language), pack)
    except (FactsRejected, RuleUnknown, NothingToCompute) as refused:
        raise _refusal(refused.said_in(language)) from refused
    except FactsUnreadable as unreadable:
        raise _refusal(str(unreadable)) from unreadable
    typer.echo(json.dumps(_in_language(finding, language), ensure_ascii=False, indent=2))


def _listed(clauses: Iterable[Clause]) -> Json:
    return [_entry(rule_id, clause) for clause in clauses for rule_id in _ids_of(clause.rule)]


def _entry(rule_id: str, clause: Clause) -> dict[str, Json]:
    rule = CATALOGUE.get(rule_id)
    return {
        "rule_id": rule_id,
        "clause": clause.clause,
        "line": clause.line,
        "quote": clause.quote,
        "mark": clause.mark,
        "meaning": {"zh": clause.meaning.zh, "en": clause.meaning.en},
        "can_be_tried": rule is not None,
        "facts": [] if rule is None else _fields(rule),
        "example": None if rule is None else dict(rule.example),
    }


def _fields(rule: Rule) -> list[Json]:
    return [
        {
            "name": each.name,
            "required": each.required,
            "expected": {"zh": each.expected.zh, "en": each.expected.en},
            "meaning": {"zh": each.meaning.zh, "en": each.meaning.en},
        }
        for each in rule.fields
    ]


def _ids_of(clause: str) -> list[str]:
    return [rule.id for rule in CATALOGUE.values() if rule.clause == clause] or [clause]


def _in_language(finding: Finding, language: Language) -> Mapping[str, Json]:
    """The finding with its sentences in both languages, and the explanation once more in the language asked for."""
    sentence = finding.ask or finding.explanation
    return {"summary": sentence.said_in(language), **finding.as_json()}


def _read(source: str, language: Language) -> object:
    """JSON with exact decimals; "-" is standard input."""
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        return json.loads(text, parse_float=Decimal)
    except OSError as absent:
        raise FactsUnreadable(_NO_FILE.filled(file=source, why=absent.strerror).said_in(language)) from absent
    except ValueError as broken:
        raise FactsUnreadable(_NO_JSON.filled(file=source, why=broken).said_in(language)) from broken


def _with_clause(rule_id: str, packs: tuple[Pack, ...]) -> Pack:
    """The pack that has the rule's clause; the first, which then says that there is none."""
    clause = rule_id.partition("/")[0]
    return next((pack for pack in packs if clause in pack.clauses), packs[0])


def _packs(file: Path | None, language: Language) -> tuple[Pack, ...]:
    """The one that is named, else each that comes with the product and stands alone."""
    source = file or Path(str(files("policies"))) / "packs"
    try:
        return (read_pack(source),) if file else tuple(pack for pack in read_packs(source) if not pack.base)
    except PackError as faulty:
        raise _refusal(faulty.said_in(language)) from faulty
    except OSError as absent:
        raise _refusal(_NO_FILE.filled(file=source.name, why=absent.strerror).said_in(language)) from absent


def _language(lang: str) -> Language:
    if lang in ("zh", "en"):
        return "zh" if lang == "zh" else "en"
    raise _refusal("--lang: zh | en")


def _refusal(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(REFUSED)


_LEGEND = Words("* 可用 pinyong rule try 试算", "* can be tried with pinyong rule try")
_NO_FILE = Words("无法读取 {file}:{why}", "cannot read {file}: {why}")
_NO_JSON = Words("{file} 不是有效的 JSON:{why}", "{file} is no valid JSON: {why}")
