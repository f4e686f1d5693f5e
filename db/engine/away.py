"""What a database says, or does not say, that cannot be used now."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

# SQLSTATE: connection lost, out of connections or disk, starting up or shutting down.
AWAY_STATES = ("08", "53", "57P")


def means_database_away(fault: Exception) -> bool:
    """Whether a failure says that the database cannot be used now; anything else that it says is a fault of ours."""
    if isinstance(fault, OSError | PoolExhausted | OperationalError | InterfaceError):
        return True
    if not isinstance(fault, DBAPIError):
        return False
    state = str(getattr(fault.orig, "sqlstate", None) or "")
    return fault.connection_invalidated or state.startswith(AWAY_STATES)
