"""What the lifecycles ask for beyond a choice and a reason: one check per form name of the pack."""

from collections.abc import Mapping

from services.engine.decisions import FormCheck
from services.forms import applications, balancing, filing, reports

FORMS: Mapping[str, FormCheck] = {
    "demand": reports.demand,
    "supply": reports.supply,
    "balancing": balancing.balancing,
    "application": applications.application,
    "nomination": applications.nomination,
    "batch": filing.batch,
    "filing": filing.verdicts,
}
