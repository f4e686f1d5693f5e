"""A term that began before the paper was signed: the commission says whether that time belongs to it (OT-2.1d)."""

from policies.engine.questions import Question
from workflows.talent.base import TalentCase, request_of

ASKED = "before_signature"


class BeforeSignature:
    """One question, for a contract whose finding left it open; until it is answered nothing is left out."""

    def __init__(self, case: TalentCase, *, asks: bool) -> None:
        self._case, self._asks = case, asks

    def advance(self) -> None:
        """Ask, and keep what the commission has said: the days that were judged are then judged again."""
        if not self._asks:
            return
        case = self._case
        task = case.open(Question(ASKED, ASKED))
        if task.outcome and case.once(f"{task.key}/settled"):
            request = request_of(task)
            case.write("settle_signature", outcome=task.outcome, request=request)
            case.note("signature_settled", rule_ids=("OT-2.1d",), by_request=request)
            case.tell_employer("signature_settled", by_request=request)
            case.tell_expert("signature_settled", by_request=request)
