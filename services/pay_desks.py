"""The desks of performance pay in one value: totals, payments within them, and the page of a year."""

from dataclasses import dataclass

from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from services.engine.places import Places
from services.pay import PayDesk
from services.pay_year import PayYearDesk
from services.payment_checks import PaymentCheckDesk
from services.payments import PaymentDesk


@dataclass(frozen=True)
class PayDesks:
    """What a group and the four bureaus may ask about performance pay."""

    totals: PayDesk
    payments: PaymentDesk
    checks: PaymentCheckDesk
    years: PayYearDesk


def pay_desks(sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, places: Places) -> PayDesks:
    """Desks over the record."""
    totals = PayDesk(sessions, delivery, clock=clock, shelf=shelf, places=places)
    payments = PaymentDesk(sessions, delivery, clock=clock, shelf=shelf)
    checks = PaymentCheckDesk(sessions, delivery, clock=clock, shelf=shelf)
    years = PayYearDesk(sessions, totals, checks, clock=clock, shelf=shelf, places=places)
    return PayDesks(totals, payments, checks, years)
