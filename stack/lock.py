"""One supervisor per data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderHeld(Exception):
    """A running supervisor holds the data folder; its process id is in `holder`."""

    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__(f"{folder} is held by process {holder}")
        self.folder = folder
        self.holder = holder


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder until the block ends; the kernel lets go of it also after a kill. Raises FolderHeld."""
    # Others may pass through it (a database that runs as nobody must) but not look around.
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (folder / "up.pid").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise FolderHeld(folder, lock.read().strip()) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
