"""A supervisor over small commands and a real database: `python -m tests.stack.stand_in FOLDER PORT PORT PORT [PART]`.

Whichever part is named last cannot start.
"""

import asyncio
import json
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

from stack.child import Command
from stack.ports import LOOPBACK, answers
from stack.postgres import PostgresServer
from stack.program import Program
from stack.supervisor import Part, PartFailed, Stage, supervise


def say(sentence: str, /, **facts: object) -> None:
    with suppress(OSError):  # the terminal may be gone
        print(sentence, *facts.values(), flush=True)  # noqa: T201


def page(folder: Path, name: str, port: int, *, broken: bool) -> Part:
    arguments = ("-c", "print('no such thing'); raise SystemExit(3)") if broken else ("-m", "http.server", str(port))
    command = Command((sys.executable, *arguments), cwd=folder)
    return Part(name, Program(command, partial(answers, LOOPBACK, port), folder / f"{name}.log"))


def main() -> int:
    folder = Path(sys.argv[1])
    ports = [int(port) for port in sys.argv[2:5]]
    broken = sys.argv[5] if len(sys.argv) > 5 else ""
    database = PostgresServer(folder, ports[0], fast=True)
    first = page(folder, "first", ports[1], broken=broken == "first")
    second = page(folder, "second", ports[2], broken=broken == "second")
    programs = [part.server for part in (first, second) if isinstance(part.server, Program)]

    def note_pids() -> None:
        pids = [database.pid, *(program.pid for program in programs)]
        (folder / "pids").write_text(json.dumps(pids), encoding="utf-8")

    try:
        asyncio.run(supervise((Stage((Part("postgres", database), first)), Stage((second,))), say, when_up=note_pids))
    except PartFailed as failure:
        say("failed", part=failure.part, words=failure.words)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
