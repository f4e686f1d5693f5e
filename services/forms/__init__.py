"""What the lifecycles ask for beyond a choice and a reason: one check, and one reader for the page, per form name."""

from collections.abc import Mapping

from services.engine.decisions import FormCheck
from services.engine.tasks import FormReader
from services.forms import (
    absences,
    accumulated,
    applications,
    balancing,
    clinics,
    evaluation,
    evaluation_readers,
    filing,
    inspection,
    leaves,
    methods,
    pay,
    performance,
    promotion,
    readers,
    reports,
    summary,
    term,
    term_changes,
    term_readers,
)

FORMS: Mapping[str, FormCheck] = {
    "demand": reports.demand,
    "supply": reports.supply,
    "balancing": balancing.balancing,
    "application": applications.application,
    "nomination": applications.nomination,
    "batch": filing.batch,
    "filing": filing.verdicts,
    "post_preparation": term.preparation,
    "practice_filing": term.practice,
    "first_day": term.first_day,
    "check_in": term.check_in,
    "close_leave": leaves.closing,
    "absence": absences.confirmation,
    "absence_times": absences.times,
    **inspection.FORMS,
    **promotion.FORMS,
    **summary.FORMS,
    **methods.FORMS,
    **accumulated.FORMS,
    **evaluation.FORMS,
    **performance.FORMS,
    **pay.FORMS,
}
READERS: Mapping[str, FormReader] = {
    **readers.READERS,
    **term_readers.READERS,
    **inspection.READERS,
    **promotion.READERS,
    **summary.READERS,
    **clinics.READERS,
    **methods.READERS,
    **accumulated.READERS,
    **term_changes.READERS,
    **evaluation_readers.READERS,
    **performance.READERS,
    **pay.READERS,
}
