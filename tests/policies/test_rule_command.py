"""`pinyong rule list` and `pinyong rule try`, as an operator runs them."""

import json
from collections.abc import Mapping
from pathlib import Path

from typer.testing import CliRunner, Result

from cli.rules import app
from policies.catalogue import CATALOGUE, rule_of
from policies.engine.pack import Pack
from tests.policies.conftest import PACKS

COHORT = '{"sent_down_graded": 5, "sent_down_excellent": 2}'


def _run(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=stdin)


def test_a_rule_is_tried_on_facts_from_standard_input() -> None:
    result = _run("try", "DQ-3.3.3d", "--facts", "-", stdin=COHORT)

    finding = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (finding["outcome"], finding["effect"], finding["figures"]["share"]) == ("above_cap", "block", "2/5")
    assert finding["quote"] == "优秀等次比例不高于20%"
    assert finding["inputs"]["parameters"] == {"excellent_share": 20}
    assert finding["summary"] == finding["explanation"]["zh"]


def test_a_rule_is_tried_on_facts_from_a_file_and_said_in_english(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"days": 3.5, "leave_papers": false}', encoding="utf-8")

    finding = json.loads(_run("try", "DQ-3.2.2d", "--facts", str(facts), "--lang", "en").stdout)

    assert (finding["outcome"], finding["range"], finding["figures"]["days"]) == (None, [1, 4], "3.5")
    assert finding["summary"] == finding["ask"]["en"]


def test_the_list_names_every_clause_and_marks_what_can_be_tried(pack_of: Mapping[str, Pack]) -> None:
    printed = _run("list").stdout

    assert all(rule in printed for rule in pack_of)
    assert "* DQ-3.3.3d" in printed
    assert "  DQ-4.1" in printed


def test_every_example_of_the_list_can_be_tried(pack_of: Mapping[str, Pack]) -> None:
    entries = json.loads(_run("list", "--json").stdout)

    tried = [entry for entry in entries if entry["can_be_tried"]]
    assert len(tried) == len(CATALOGUE)
    for entry in tried:
        pack = pack_of[entry["rule_id"].partition("/")[0]]
        assert rule_of(entry["rule_id"], pack).judge(entry["example"], pack).rule_ids, entry["rule_id"]


def test_bad_input_is_refused_in_one_language_with_exit_code_2(tmp_path: Path) -> None:
    pack_file = tmp_path / "broken.toml"
    pack_file.write_text("[pack\n", encoding="utf-8")
    refused = {
        "没有编号为": _run("try", "DQ-9.9", "--facts", "-", stdin="{}"),
        "由人员办理": _run("try", "DQ-4.1", "--facts", "-", stdin="{}"),
        "编号为“DQ-3.3.3d”": _run("try", "DQ-3.3.3d", "--facts", "-", "--pack", str(PACKS / "ot-a.toml"), stdin=COHORT),
        "sent_down_graded: 缺少": _run("try", "DQ-3.3.3d", "--facts", "-", stdin="{}"),
        "不是有效的 JSON": _run("try", "DQ-3.3.3d", "--facts", "-", stdin="{"),
        "无法读取": _run("try", "DQ-3.3.3d", "--facts", str(tmp_path / "absent.json")),
        "第 1 行": _run("list", "--pack", str(pack_file)),
        "zh | en": _run("list", "--lang", "fr"),
    }

    for words, result in refused.items():
        assert (result.exit_code, result.stdout) == (2, ""), words
        assert words in result.stderr
