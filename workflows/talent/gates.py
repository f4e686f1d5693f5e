"""The two gates before the first clinical session (COR-08): the home unit's consent and practice authority."""

from policies.engine.questions import Question
from workflows.talent.base import TalentCase, request_of

# Recorded as what the expert does here, it opens nothing.
NO_CLINICAL_WORK = "no_clinical_work"
AUTHORITY = "practice_authority"
# The gates, and how the effect that opens clinical work calls the request of each.
PARTS = {"home_unit_consent": "consent", AUTHORITY: "authority"}
GATES = tuple(PARTS)


class Gates:
    """Asked once the contract is signed; the contract runs beside them, clinical work does not."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case

    async def advance(self) -> None:
        """Ask both; once both are recorded, clinical work is open from that day on.

        Of an imported contract only what its sheet did not state is asked (COR-17).
        """
        case = self._case
        stated = case.facts.get("imported_gates", "").split()
        asked = {name: case.open(Question(name, name)) for name in GATES if name not in stated}
        authority = asked.get(AUTHORITY)
        basis = authority.refs.get("basis") if authority else case.facts["imported_authority"]
        treats = basis != NO_CLINICAL_WORK
        if asked and all(task.outcome for task in asked.values()) and treats and case.once("clinical_work"):
            requests = {part: request_of(asked[name]) if name in asked else "" for name, part in PARTS.items()}
            case.write("open_clinical_work", **requests)
            case.note("clinical_work_open", rule_ids=("OT-2.1a",))
            case.tell_expert("clinical_work_open")
            case.tell_employer("clinical_work_open")
