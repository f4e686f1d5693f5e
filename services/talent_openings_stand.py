"""When an imported flexible-talent contract stands and is not taken back any more (COR-17, OT-6.3k)."""

from sqlalchemy import ColumnElement, and_, exists, func, true
from sqlalchemy.orm import aliased

from activities.contract_ends import CANNOT_CONTINUE, RESCISSION, TERMINATION
from activities.talent_judged_time import BELOW
from db.engine.cases import CaseFile
from db.engine.tasks import DecisionRow, TaskRow
from db.talent_contracts import TalentFigure
from workflows.talent.gates import GATES


def may_be_taken_back() -> ColumnElement[bool]:
    """Whether the contract of a row of case files may still be taken back: people have decided nothing of it, or beside
    it, since it was imported, and nobody has learned here of a ground to end it.

    The gates are facts that are recorded anew. Whatever opened beside it counts once somebody has answered there; the
    assessment of a year, and a request for funds, from its beginning.
    """
    matter, task = aliased(CaseFile), aliased(TaskRow)
    answered = exists().where(DecisionRow.task_id == task.id)
    own = exists().where(task.case_id == CaseFile.id, task.name.not_in(GATES), answered).correlate(CaseFile)
    is_beside = matter.facts["contract"].astext == CaseFile.id
    asked = exists().where(task.case_id == matter.id, answered).correlate(matter)
    begun = matter.lifecycle.in_(("AnnualTalentAssessment", "TalentPayment"))
    beside = exists().where(is_beside, begun | asked).correlate(CaseFile)
    return ~own & ~beside & ~_learned()


def _learned() -> ColumnElement[bool]:
    """Whether it was judged below the line here, or a ground was raised: the three months run from that day, and a new
    import would wipe it out (OT-6.3k). The matter that the sheet itself stated goes with the sheet.
    """
    below = exists().where(TalentFigure.case_id == CaseFile.id, TalentFigure.outcome.in_(BELOW)).correlate(CaseFile)
    matter = aliased(CaseFile)
    ends = matter.lifecycle.in_((TERMINATION, RESCISSION, CANNOT_CONTINUE))
    stated = and_(
        matter.facts["ground"].astext == "g",
        matter.facts["learned_on"].astext == func.coalesce(CaseFile.facts["imported_learned_on"].astext, ""),
    )
    raised = exists().where(matter.facts["contract"].astext == CaseFile.id, ends, func.coalesce(~stated, true()))
    return below | raised.correlate(CaseFile)
