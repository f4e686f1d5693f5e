"""The Otog pack keeps the commission's and finance's answers apart from the employer's of the same matter (DEF-12)."""

from pathlib import Path

from db.engine.pack_files import read_pack
from policies.engine.pack import Pack

PACK = Path(__file__).parents[2] / "policies" / "packs" / "ot-a.toml"
# Asked before the employer has said anything in that case, or together with it and as a statement of its own.
ASKED_FIRST = {
    "capacity_score",
    "veto_medical",
    "veto_mediation",
    "veto_mediation_stated",
    "assessment_part",
    "fund_budget",
    "fund_running",
}


def otog() -> Pack:
    return read_pack(PACK)


def test_def_12_every_answer_of_the_other_side_is_apart_from_the_employers() -> None:
    pack = otog()
    asked = {name for name, task in pack.tasks.items() if task.side in ("commission", "finance")}
    assert {name for name in asked if not pack.tasks[name].apart_from} == ASKED_FIRST


def test_def_16_who_reviews_a_conclusion_has_neither_made_it_nor_the_veto_in_it() -> None:
    assert {"veto_decision", "assessment_conclusion", "assessment_panel"} <= {
        *otog().tasks["assessment_appeal"].apart_from
    }
