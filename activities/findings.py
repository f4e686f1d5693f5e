"""Keeping what a rule has found in a case: the whole finding, named in the file."""

from activities.engine.scene import Scene
from db.engine.cases import FindingRow
from db.engine.row_proof import FINDING
from policies.engine.finding import Finding


def keep_finding(scene: Scene, finding: Finding, *, person: str | None = None) -> None:
    """Write a finding with this transition; `person` is whom it is about, if anybody."""
    row = {
        "case_id": scene.case.id,
        "person": person,
        "rule": finding.rule_ids[0],
        "outcome": finding.outcome,
        "finding": finding.as_json(),
        "at": scene.at,
    }
    scene.session.add(FindingRow(**row))
    scene.name_row(FINDING, row)
