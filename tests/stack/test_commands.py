import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cli.up import urls
from settings import PREFIX, Settings, SettingsRefused, environment_of, read_settings
from stack.lock import FolderHeld, held
from stack.phrases import PHRASES
from stack.ports import free_port
from tests.stack.conftest import ROOT

PORTS = ("WEB", "POSTGRES", "TEMPORAL", "TEMPORAL_UI", "SMTP")


def free_ports() -> dict[str, str]:
    """Ports of its own for every part: a stack may be running on the usual ones."""
    return {f"{PREFIX}{part}_PORT": str(free_port()) for part in PORTS}


def pinyong(*words: str, answer: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    argv = [sys.executable, "-m", "cli.main", *words]
    environment = clean | variables
    return subprocess.run(argv, cwd=ROOT, env=environment, input=answer, capture_output=True, text=True, check=False)


def test_a_taken_port_gives_one_line_with_the_setting_and_starts_nothing(folder: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        said = free_ports() | {"PINYONG_LANGUAGE": "en"}
        refused = pinyong("up", "--data-dir", str(folder), "--temporal-port", port, **said)
    assert refused.returncode == 2
    (line,) = refused.stderr.splitlines()
    assert port in line
    assert "PINYONG_TEMPORAL_PORT" in line
    assert "--temporal-port" in line
    assert [path.name for path in folder.iterdir()] == ["up.pid"]


def test_two_parts_cannot_be_given_the_same_port(folder: Path) -> None:
    ports = free_ports()
    ports["PINYONG_SMTP_PORT"] = ports["PINYONG_WEB_PORT"]
    refused = pinyong("up", PINYONG_DATA_DIR=str(folder), **ports)
    assert refused.returncode == 2
    assert "PINYONG_SMTP_PORT" in refused.stderr


def test_a_folder_that_is_in_use_is_neither_started_nor_emptied(folder: Path) -> None:
    (folder / "postgres").mkdir()
    with held(folder):
        for words in (("up",), ("reset", "--yes")):
            refused = pinyong(*words, PINYONG_DATA_DIR=str(folder))
            assert refused.returncode == 2
            assert str(os.getpid()) in refused.stderr
        with pytest.raises(FolderHeld), held(folder):
            pass
    assert (folder / "postgres").exists()


@pytest.mark.parametrize(("answer", "left"), [("是\n", 0), ("yes\n", 0), ("no\n", 2), ("\n", 2)])
def test_reset_empties_the_folder_only_after_a_yes(folder: Path, answer: str, left: int) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").touch()
    assert pinyong("reset", answer=answer, PINYONG_DATA_DIR=str(folder)).returncode == 0
    assert len(list(folder.iterdir())) == left


def test_reset_refuses_a_folder_that_is_not_ours(folder: Path) -> None:
    (folder / "thesis.txt").touch()
    assert pinyong("reset", "--yes", PINYONG_DATA_DIR=str(folder)).returncode == 2
    assert (folder / "thesis.txt").exists()


def test_a_misspelt_variable_and_a_bad_value_are_named() -> None:
    misspelt = pinyong("up", PINYONG_WEB_PROT="1")
    assert misspelt.returncode == 2
    assert "PINYONG_WEB_PROT" in misspelt.stderr
    assert "PINYONG_WEB_PORT" in misspelt.stderr
    wrong = pinyong("up", PINYONG_WEB_PORT="many")
    assert wrong.returncode == 2
    (line,) = wrong.stderr.splitlines()
    assert line.startswith("PINYONG_WEB_PORT")


def test_another_process_reads_the_settings_it_was_handed(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    given = read_settings(data_dir=folder, demo=True, smtp_password="geheim", web_port=18001, database_url="x://y")
    for name, value in environment_of(given).items():
        monkeypatch.setenv(name, value)
    assert read_settings() == given
    assert "geheim" not in repr(given)


def test_flags_win_over_variables_and_defaults_follow_them(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PINYONG_WEB_PORT", "18002")
    settings = read_settings(data_dir=folder, web_port=18003)
    assert settings.base_url == "http://127.0.0.1:18003"
    assert settings.keys_file == folder / "keys.toml"
    with pytest.raises(SettingsRefused):
        read_settings(no_such_setting=1)


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_phrase_has_the_same_facts_in_both_languages() -> None:
    for chinese, english in PHRASES.values():
        facts = {part.split("}")[0].split(":")[0] for part in chinese.split("{")[1:]}
        english_facts = {part.split("}")[0].split(":")[0] for part in english.split("{")[1:]}
        assert {name.removesuffix("_zh") for name in facts} == {name.removesuffix("_en") for name in english_facts}


def test_the_mailbox_page_is_named_only_where_it_is_shown(folder: Path) -> None:
    named = {demo: [name for _, name, _ in urls(read_settings(data_dir=folder, demo=demo))] for demo in (True, False)}
    assert "mailbox" in named[True]
    assert "mailbox" not in named[False]
    assert "SMTP" in named[False]
