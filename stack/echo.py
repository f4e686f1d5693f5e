"""Lines of a log that deserve a look, passed on while the log grows."""

import re
from collections.abc import Callable
from pathlib import Path

BURST = 5
# A record in JSON may carry a whole traceback; a console line is for a glance.
WIDTH = 240


class Echo:
    """Reads what is new in a log file and passes on the lines that match, a few at a time, the beginning of each."""

    def __init__(
        self, log: Path, alarm: re.Pattern[str], pass_on: Callable[[str], None], *, width: int = WIDTH
    ) -> None:
        self._log = log
        self._alarm = alarm
        self._pass_on = pass_on
        self._width = width
        self._read_to = log.stat().st_size if log.exists() else 0

    def look(self, *, at_most: int = BURST) -> None:
        """Pass on what was written since the last look, at most so many lines of it: the rest stays in the file."""
        for line in [line for line in self._new_lines() if self._alarm.search(line)][:at_most]:
            self._pass_on(line if len(line) <= self._width else f"{line[: self._width]} …")

    def _new_lines(self) -> list[str]:
        if not self._log.exists():
            return []
        if self._log.stat().st_size < self._read_to:  # the log was turned over
            self._read_to = 0
        with self._log.open("rb") as log:
            log.seek(self._read_to)
            whole, _, _ = log.read().rpartition(b"\n")
        self._read_to += len(whole) + 1 if whole else 0
        return whole.decode(errors="replace").splitlines()
