"""How a running contract ends before its last day: by matters of their own, decided by people (OT-6.2b, G-10)."""

from datetime import date

from workflows.talent.base import TalentCase

# What a matter tells: its name, and the outcome with which it ends the contract.
ENDING = {
    "termination_over": "terminated",
    "rescission_over": "rescinded",
    "cannot_continue_over": "cannot_continue",
}


# The last day had passed: what ends later is recorded, and the contract is for the acceptance.
EXPIRED = "expired"


class Ends:
    """What the contract hears of the matters about its end; the first that ends it holds."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case
        self._heard = 0
        self.outcome = ""
        self.ended_on: date | None = None

    def advance(self) -> None:
        """Take what has been told."""
        case = self._case
        while said := case.take(f"matter/{self._heard + 1}", *ENDING):
            self._heard += 1
            ends = said.refs["outcome"] == ENDING[said.name]
            key = f"matter/{self._heard}"
            if case.once(key):
                case.note("matter_over", matter=said.refs["case"], outcome=said.refs["outcome"])
                if ends and f"once:{EXPIRED}" not in case.state.marks:
                    case.once(f"{key}/ends")
            if f"once:{key}/ends" in case.state.marks and not self.outcome:
                self.outcome, self.ended_on = ENDING[said.name], date.fromisoformat(said.refs["ended_on"])
