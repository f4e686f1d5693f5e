"""Every write that a lifecycle may ask of a commit, by the name under which it asks."""

from collections.abc import Mapping

from activities import (
    absences,
    accumulated,
    assessments,
    attendance,
    certificates,
    credit,
    demand,
    evaluation,
    filing,
    grading,
    inspection,
    leaves,
    mentoring,
    methods,
    opening,
    pay,
    posting,
    service,
    standstills,
    term_changes,
    training,
    year_end,
)
from activities.engine.scene import EffectFunction

EFFECTS: Mapping[str, EffectFunction] = {
    **demand.EFFECTS,
    **posting.EFFECTS,
    **filing.EFFECTS,
    **service.EFFECTS,
    **absences.EFFECTS,
    **accumulated.EFFECTS,
    **attendance.EFFECTS,
    **assessments.EFFECTS,
    **inspection.EFFECTS,
    **credit.EFFECTS,
    **year_end.EFFECTS,
    **leaves.EFFECTS,
    **methods.EFFECTS,
    **term_changes.EFFECTS,
    **evaluation.EFFECTS,
    **certificates.EFFECTS,
    **grading.EFFECTS,
    **opening.EFFECTS,
    **pay.EFFECTS,
    **training.EFFECTS,
    **mentoring.EFFECTS,
    **standstills.EFFECTS,
}
