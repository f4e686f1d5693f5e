"""The one clock of a rehearsal: it feeds web, services, courier, links and sessions, and moves when time is skipped."""

import time
from datetime import datetime, timedelta


class RehearsalClock:
    """Stands where it was last set, and runs on from there with the machine's own clock."""

    def __init__(self, instant: datetime) -> None:
        """A clock that begins at an instant in UTC."""
        self.set(instant)

    def set(self, instant: datetime) -> None:
        """It is this instant now."""
        self._instant, self._set_at = instant, time.monotonic()

    def now(self) -> datetime:
        """The simulated instant, in UTC."""
        return self._instant + timedelta(seconds=time.monotonic() - self._set_at)
