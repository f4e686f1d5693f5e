"""As whom a server runs: PostgreSQL refuses root, so root's servers are given another identity."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from stack.child import Command

ROOT = 0
NOBODY = 65534
UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


def as_fit_user(folder: Path, argv: Sequence[str], *, stop_signal: signal.Signals) -> Command:
    """The command run as the folder's owner, for root in a user namespace of its own, where that is refused as nobody.

    One folder keeps one identity: a folder that belongs to nobody goes on as nobody. For a command with a user the
    caller gives the folder to that user.
    """
    if os.geteuid() != ROOT:
        return Command(argv, cwd=folder, stop_signal=stop_signal)
    owner = folder.stat().st_uid
    if owner == ROOT and namespaces_allowed():
        # Inside the namespace root's own files are the new user's: nothing is given away, no folder is opened.
        return Command([*UNSHARE, *argv], cwd=folder, stop_signal=stop_signal)
    return Command(argv, cwd=folder, stop_signal=stop_signal, user=owner or NOBODY)


def give_to(user: int, *paths: Path) -> None:
    """Make a user the owner of files and folders."""
    for path in paths:
        os.chown(path, user, user)


def runs_in(folder: Path, program: str) -> bool:
    """Whether a live process of that program has the folder as its working folder. Known on Linux only, else False."""
    if sys.platform != "linux":
        return False
    return any(_is(process, program, folder) for process in Path("/proc").iterdir() if process.name.isdigit())


@cache
def namespaces_allowed() -> bool:
    """Whether this machine lets us make a user namespace (containers often do not)."""
    if shutil.which(UNSHARE[0]) is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def _is(process: Path, program: str, folder: Path) -> bool:
    try:
        return (process / "exe").readlink().name == program and (process / "cwd").readlink() == folder
    except OSError:  # it ended while we looked, or it belongs to somebody else
        return False
