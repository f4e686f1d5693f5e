"""The command of a rehearsal says what it cannot rehearse; the year itself is proved in tests/rehearsal."""

from typer.testing import CliRunner

from cli.rehearse import app
from rehearsal.plays import PROGRAMMES


def test_a_programme_without_a_script_is_refused_with_those_that_have_one() -> None:
    ended = CliRunner().invoke(app, ["cq-a"])
    assert ended.exit_code == 2
    assert all(programme in ended.stderr for programme in PROGRAMMES)


def test_a_programme_is_known_however_it_is_written() -> None:
    ended = CliRunner().invoke(app, ["OT-A", "--people", "1"])
    assert ended.exit_code == 2
    assert "--people" in ended.stderr


def test_less_than_two_people_are_no_year() -> None:
    assert CliRunner().invoke(app, ["dq-a", "--people", "1"]).exit_code == 2
