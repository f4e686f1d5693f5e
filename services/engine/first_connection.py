"""Delivery over a connection that is made at first use, so that the web process can start while Temporal is away."""

from activities.engine.delivery import PENDING, Delivery, Outcome
from db.engine.tasks import InboxRow

# What the SDK says, as a bare RuntimeError, of a server that could not be reached even once.
NEVER_REACHED = "Failed client connect"


class PatientDelivery(Delivery):
    """A server that was never reached is as away as one that was lost: what is to be delivered stays pending."""

    async def start(self, case_id: str) -> bool:
        """Start a case's workflow; False when Temporal cannot be reached."""
        try:
            return await super().start(case_id)
        except RuntimeError as fault:
            _raise_unless_never_reached(fault)
            return False

    async def deliver(self, row: InboxRow) -> Outcome:
        """Bring one inbox row to its case; pending when Temporal cannot be reached."""
        try:
            return await super().deliver(row)
        except RuntimeError as fault:
            _raise_unless_never_reached(fault)
            return PENDING


def _raise_unless_never_reached(fault: RuntimeError) -> None:
    if not str(fault).startswith(NEVER_REACHED):
        raise fault
