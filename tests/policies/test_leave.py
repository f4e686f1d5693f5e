"""What leave does to the months at the site (DQ-3.2.2c, DEF-21, COR-13)."""

import pytest

from policies.engine.pack import Pack
from policies.leave import Kind, LeaveFacts, leave_weighs


@pytest.mark.parametrize(
    ("kind", "days", "outcome"),
    [
        ("annual", 29, "counts"),
        ("official", 1, "counts"),
        ("sick", 29, "pauses"),
        ("personal", 1, "pauses"),
        ("bereavement", 3, "pauses"),
        ("maternity", 1, None),
        ("disaster_duty", 1, None),
        ("annual", 30, None),
        ("sick", 30, None),
    ],
)
def test_the_kind_weighs_a_short_leave_and_people_every_long_one(
    pack: Pack, kind: Kind, days: int, outcome: str | None
) -> None:
    finding = leave_weighs(LeaveFacts(kind, days), pack)
    assert (finding.outcome, finding.basis) == (outcome, "default")
    assert [each.outcome for each in finding.readings] == ([] if outcome else ["counts", "pauses", "restarts"])
