"""One line when the database goes away and one when it is back, instead of a traceback for every attempt meanwhile."""

import time
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from db.engine.away import means_database_away

log = structlog.get_logger(__name__)


class OutageWatch(Interceptor):
    """Watches every activity of this process. What meets no database is tried again as before, and says no more."""

    def __init__(self) -> None:
        """The database is there."""
        self._since: float | None = None
        self._attempts = 0

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002  # named by the library
        """Stand before an activity."""
        return _Watched(next, self)

    def away(self, problem: str) -> None:
        """One more attempt has met no database."""
        self._attempts += 1
        if self._since is None:
            self._since = time.monotonic()
            log.warning("database_away", problem=problem)

    def answered(self) -> None:
        """The database has answered."""
        if self._since is not None:
            log.warning("database_back", seconds=round(time.monotonic() - self._since), attempts=self._attempts)
            self._since, self._attempts = None, 0


class _Watched(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, watch: OutageWatch) -> None:
        super().__init__(inner)
        self._watch = watch

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002  # named by the library
        """Run it. A failure that means no database is said once, and is no news to the library's own log."""
        try:
            result = await super().execute_activity(input)
        except ApplicationError:
            self._watch.answered()
            raise
        except (OSError, DBAPIError, PoolExhausted) as fault:
            if not means_database_away(fault):
                raise
            problem = type(fault).__name__
            self._watch.away(problem)
            raise ApplicationError(
                "database away", problem, type="DatabaseAway", category=ApplicationErrorCategory.BENIGN
            ) from None
        self._watch.answered()
        return result
