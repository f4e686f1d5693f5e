"""Whether the parts that the web process needs can be reached, each by its name."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.service import RPCError

from db.engine.away import means_database_away
from db.engine.base import Sessions

__all__ = ["HealthDesk", "means_database_away"]

PATIENCE = timedelta(seconds=2)


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
