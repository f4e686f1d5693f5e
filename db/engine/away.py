"""What a database says, or does not say, that cannot be used now."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

# SQLSTATE: connection lost, out of connections or disk, starting up or shutting down.
AWAY_STATES = ("08", "53", "57P")
# As the driver says that a connection was lost, or is being given up after a statement that was not answered in time.
LOST = ("connection is closed", "another operation is cancelling")


def means_database_away(fault: Exception) -> bool:
    """Whether a failure says that the database cannot be used now; anything else that it says is a fault of ours."""
    if isinstance(fault, OSError | PoolExhausted | OperationalError):
        return True
    if not isinstance(fault, DBAPIError):
        return False
    if isinstance(fault, InterfaceError):
        # What the driver itself refuses to do: mostly a fault of the statement, which no waiting cures.
        return fault.connection_invalidated or any(words in str(fault.orig) for words in LOST)
    state = str(getattr(fault.orig, "sqlstate", None) or "")
    return fault.connection_invalidated or state.startswith(AWAY_STATES)
