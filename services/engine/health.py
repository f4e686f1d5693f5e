"""Whether the parts that the web process needs can be reached, each by its name."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from temporalio.client import Client
from temporalio.service import RPCError

from db.engine.base import Sessions

PATIENCE = timedelta(seconds=2)
# SQLSTATE: connection lost, out of connections or disk, starting up or shutting down.
AWAY_STATES = ("08", "53", "57P")


class HealthDesk:
    """Asks each part."""

    def __init__(self, sessions: Sessions, client: Client) -> None:
        """A desk over the record and Temporal."""
        self._sessions, self._client = sessions, client

    async def parts(self) -> dict[str, bool]:
        """Part → whether it answers: postgres, temporal."""
        return {"postgres": await self._postgres(), "temporal": await self._temporal()}

    async def _postgres(self) -> bool:
        try:
            async with self._sessions() as session:
                await session.execute(text("SELECT 1"))
        except (OSError, SQLAlchemyError):
            return False
        return True

    async def _temporal(self) -> bool:
        try:
            return await self._client.service_client.check_health(timeout=PATIENCE)
        except (RPCError, RuntimeError):
            # The lazy connection says RuntimeError while the server has never been reached.
            return False


def means_database_away(fault: Exception) -> bool:
    """Whether a failure says that the database cannot be used now; anything else that it says is a fault of ours."""
    if isinstance(fault, OSError | PoolExhausted | OperationalError | InterfaceError):
        return True
    if not isinstance(fault, DBAPIError):
        return False
    state = str(getattr(fault.orig, "sqlstate", None) or "")
    return fault.connection_invalidated or state.startswith(AWAY_STATES)
