"""The two gates before the first clinical session (COR-08): the home unit's consent and practice authority."""

from policies.engine.questions import Question
from workflows.talent.base import TalentCase, request_of

# Recorded as what the expert does here, it opens nothing.
NO_CLINICAL_WORK = "no_clinical_work"
GATES = ("home_unit_consent", "practice_authority")


class Gates:
    """Asked once the contract is signed; the contract runs beside them, clinical work does not."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case

    async def advance(self) -> None:
        """Ask both; once both are recorded, clinical work is open from that day on."""
        case = self._case
        asked = [case.open(Question(name, name)) for name in GATES]
        treats = asked[1].refs.get("basis") != NO_CLINICAL_WORK
        if all(task.outcome for task in asked) and treats and case.once("clinical_work"):
            case.write("open_clinical_work", consent=request_of(asked[0]), authority=request_of(asked[1]))
            case.note("clinical_work_open", rule_ids=("OT-2.1a",))
            case.tell_expert("clinical_work_open")
            case.tell_employer("clinical_work_open")
