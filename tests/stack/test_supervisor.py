import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.console import Console
from cli.parts import Parts
from settings import read_settings
from stack.child import Child, Command, holds
from stack.echo import Echo
from stack.ports import free_port
from stack.supervisor import ALARM
from tests.stack.conftest import ROOT, is_alive, is_gone


class Run:
    """A supervisor in a process of its own."""

    def __init__(self, folder: Path, *, broken: str = "", deaf_to: str = "") -> None:
        self.folder = folder
        self.argv = [sys.executable, "-m", "tests.stack.stand_in", str(folder), *(str(free_port()) for _ in range(3))]
        self.argv += [broken] if broken else []
        # A shell passes on what it ignores; so does the one that starts a background job.
        self.argv = ["sh", "-c", f'trap "" {deaf_to}; exec "$@"', "sh", *self.argv] if deaf_to else self.argv
        self.heard = (folder / "heard").open("w+")
        self.process = subprocess.Popen(self.argv, cwd=ROOT, stdout=self.heard, stderr=subprocess.STDOUT)

    async def is_up(self) -> list[int]:
        return await pids_in(self.folder)

    def said(self) -> list[str]:
        return (self.folder / "heard").read_text(encoding="utf-8").splitlines()


async def pids_in(folder: Path) -> list[int]:
    noted = folder / "pids"

    async def written() -> bool:
        return noted.exists() and noted.stat().st_size > 0

    assert await holds(written, within=30)
    return [int(pid) for pid in json.loads(noted.read_text(encoding="utf-8"))]


@pytest.fixture
def run(folder: Path) -> Iterator[Run]:
    made = Run(folder)
    yield made
    made.process.kill()
    made.process.wait()
    made.heard.close()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_every_ending_signal_stops_every_child(run: Run, ending: signal.Signals) -> None:
    pids = await run.is_up()
    run.process.send_signal(ending)
    assert run.process.wait(timeout=15) == 0
    assert not [pid for pid in pids if is_alive(pid)]
    assert run.said()[-1] == "stopping"
    assert "database system is shut down" in (run.folder / "postgres.log").read_text(encoding="utf-8")


async def test_a_background_job_of_a_script_is_stopped_by_an_interrupt_too(folder: Path) -> None:
    run = Run(folder, deaf_to="INT")
    pids = await run.is_up()
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(timeout=15) == 0
    assert await is_gone(*pids)
    run.heard.close()


async def test_under_nohup_a_closed_terminal_is_survived(folder: Path) -> None:
    run = Run(folder, deaf_to="HUP")
    pids = await run.is_up()
    run.process.send_signal(signal.SIGHUP)
    os.kill(pids[1], signal.SIGKILL)

    async def again() -> bool:
        return "again first" in run.said()

    assert await holds(again, within=20), run.said()
    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(timeout=15) == 0
    run.heard.close()


async def test_a_kill_of_the_supervisor_leaves_no_child(run: Run) -> None:
    pids = await run.is_up()
    run.process.kill()
    assert await is_gone(*pids)


async def test_a_part_that_dies_is_started_again_and_named(run: Run) -> None:
    database, first, second = await run.is_up()
    for pid in (database, second):
        os.kill(pid, signal.SIGKILL)

    async def both_again() -> bool:
        return {"again postgres", "again second"} <= set(run.said())

    assert await holds(both_again, within=20), run.said()
    ended = [line.split()[:3] for line in run.said() if line.startswith("ended")]
    assert sorted(ended) == [["ended", "postgres", "-9"], ["ended", "second", "-9"]]
    assert is_alive(first)


@pytest.mark.parametrize("broken", ["first", "second"])
async def test_a_part_that_cannot_start_is_named_with_its_last_words_and_the_rest_is_stopped(
    folder: Path, broken: str
) -> None:
    (folder / f"{broken}.log").write_text("an earlier run said this\n", encoding="utf-8")
    run = Run(folder, broken=broken)
    assert run.process.wait(timeout=30) == 1
    run.heard.close()
    assert run.said()[-1] == f"failed {broken} no such thing"
    assert not (folder / "postgres" / "postmaster.pid").exists()


async def test_a_closed_terminal_stops_every_child_also_under_a_leader_that_keeps_it_to_itself(folder: Path) -> None:
    argv = [sys.executable, "-m", "tests.stack.stand_in", str(folder), *(str(free_port()) for _ in range(3))]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        # As make does, the leader takes the hang-up, waits for its child and tells it nothing.
        os.execvp("sh", ["sh", "-c", 'trap : HUP; "$@"; exit 0', "sh", *argv])  # noqa: S606
    pids = await pids_in(folder)
    os.close(terminal)
    assert await is_gone(*pids)
    os.waitpid(pid, 0)


async def test_a_closed_terminal_stops_every_child(folder: Path) -> None:
    argv = [sys.executable, "-m", "tests.stack.stand_in", str(folder), *(str(free_port()) for _ in range(3))]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execv(argv[0], argv)  # noqa: S606
    pids = await pids_in(folder)
    os.close(terminal)
    assert await is_gone(pid, *pids)
    os.waitpid(pid, 0)


async def test_ctrl_c_in_the_terminal_lets_the_children_end_in_order(folder: Path) -> None:
    argv = [sys.executable, "-m", "tests.stack.stand_in", str(folder), *(str(free_port()) for _ in range(3))]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execv(argv[0], argv)  # noqa: S606
    pids = await pids_in(folder)
    os.write(terminal, b"\x03")
    assert await is_gone(pid, *pids)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert "Keyboard interrupt" not in (folder / "first.log").read_text(encoding="utf-8")


def test_only_alarming_lines_are_shown_and_a_flood_of_them_is_cut(tmp_path: Path) -> None:
    log, shown = tmp_path / "x.log", list[str]()
    log.write_text("ERROR before the look\n", encoding="utf-8")
    echo = Echo(log, ALARM, shown.append)
    with log.open("a", encoding="utf-8") as more:
        more.write('plain\n{"level": "warning", "event": "late"}\nERROR: half a')
        more.flush()
        echo.look()
        assert shown == ['{"level": "warning", "event": "late"}']
        more.write(" line\n" + "WARNING again\n" * 100)
        more.flush()
        echo.look()
    assert shown[1:3] == ["ERROR: half a line", "WARNING again"]
    assert len(shown) == 6


def test_a_line_as_long_as_a_traceback_is_shown_by_its_beginning(folder: Path) -> None:
    log, shown = folder / "long.log", list[str]()
    echo = Echo(log, ALARM, shown.append)
    log.write_text(
        '{"level": "warning", "event": "late", "exception": "' + "at line 1, " * 900 + '"}\n', encoding="utf-8"
    )
    echo.look()
    (line,) = shown
    assert line.startswith('{"level": "warning", "event": "late"')
    assert line.endswith("…")
    assert len(line) < 300


def test_logs_are_for_their_owner_only_also_where_they_were_open_to_others(folder: Path) -> None:
    logs = folder / "logs"
    logs.mkdir(mode=0o755)
    kept = logs / "worker.log"
    kept.touch(mode=0o644)
    Parts(read_settings(data_dir=folder), Console("en"))
    for log in (kept, logs / "web.log"):
        assert Child(Command((sys.executable, "-c", "print('ready')")), log).wait() == 0
        assert log.stat().st_mode & 0o777 == 0o600
    assert logs.stat().st_mode & 0o777 == 0o700
