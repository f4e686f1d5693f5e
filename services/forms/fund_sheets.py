"""The forms of a year of funds and of payments out of it as lists of entries (OT-5, OT-7.2; F-35)."""

from collections.abc import Mapping

from activities.talent_funds import PLACES
from i18n import N_
from services.forms.entries import Entry, Sheet
from services.forms.talent_sheets import SCAN

AMOUNTS = tuple(Entry(place, N_("调整后经费（万元）"), "number") for place in PLACES)
SHEETS: Mapping[str, Sheet] = {
    "fund_budget": Sheet(
        (Entry("number", N_("经费下达文号")), Entry("issued_on", N_("下达日期"), "day"), SCAN),
        on=("record_budget",),
    ),
    "fund_amounts": Sheet(AMOUNTS, on=("propose_adjustment", "propose_float")),
}
WITH_SCAN = ("fund_budget",)
