"""After the last day: final acceptance in three parts, what follows from it, and the filing (OT-6.1d to g, OT-6.2b).

The employer concludes, qualified or unqualified, with its reasons; the commission consents or returns, and files
(COR-01). No figure becomes a grade.
"""

from policies.engine.tasks import Task
from workflows.talent.base import TalentCase, request_of

ACCEPTED = ("OT-6.1d", "OT-6.1e", "OT-6.1f")
FOLLOWS = ("OT-6.1g",)
REPORTED = ("OT-6.2b",)


class Accepting:
    """The last stages of one contract."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case

    async def accepted(self) -> None:
        """Report, conclusion and consent; then the decision about allowances and another year."""
        case, version = self._case, 0
        case.enter("final_acceptance")
        while True:
            version += 1
            report = await case.answer(f"acceptance/{version}", "acceptance_report")
            concluded = await case.answer(f"conclusion/{version}", "acceptance_conclusion", of=report.id)
            if concluded.outcome == "return":
                continue
            consent = await case.answer(f"consent/{version}", "acceptance_consent", of=concluded.id)
            if consent.outcome == "consent":
                break
        self._say_accepted(consent)
        follows = await case.answer("next_year", "talent_next_year", of=concluded.id)
        if case.once("next_year"):
            case.note("talent_next_year", rule_ids=FOLLOWS, by_request=request_of(follows))

    async def reported(self, how: str) -> None:
        """The employer reports that the contract is fulfilled; the commission files it, with no consent of its own."""
        case, version = self._case, 0
        while True:
            version += 1
            report = await case.answer(f"end_report/{version}", "end_report", how=how)
            filing = await case.answer(f"end_filing/{version}", "end_filing", of=report.id)
            if filing.outcome == "file_end":
                break
        if case.once("end_filed"):
            case.note("end_filed", rule_ids=REPORTED, by_request=request_of(filing))
            case.tell_employer("end_filed")
            case.tell_expert("end_filed")

    def _say_accepted(self, consent: Task) -> None:
        case = self._case
        if case.once("accepted"):
            case.note("talent_accepted", rule_ids=ACCEPTED, by_request=request_of(consent))
            case.tell_employer("talent_accepted")
            case.tell_expert("talent_accepted")
