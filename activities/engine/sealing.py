"""Sealing: the caretaker's entries in the register that stands over all files."""

import structlog

from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.seals import Seal, seal_next
from vault.keyring import Keyring

log = structlog.get_logger(__name__)


class Sealer:
    """Seals what has been opened or written since the last seal."""

    def __init__(self, sessions: Sessions, keyring: Keyring, *, clock: Clock) -> None:
        """A sealer of one record; the keys are what an owner of the database does not have."""
        self._sessions, self._keyring, self._clock = sessions, keyring, clock
        self._last: Seal | None = None

    async def seal(self) -> bool:
        """Make one seal if anything waits for it; whether more waits.

        The log names each seal, so that who has the log can show whether the register was set back (`audit verify
        --seal`), and says at once when this process finds that its own last seal is no longer there.
        """
        async with self._sessions.begin() as session:
            made = await seal_next(session, self._keyring, at=self._clock.now())
        if made is None:
            return False
        if self._last and not _follows(made.seal, self._last):
            log.error("register_of_seals_was_set_back", seal=self._last.number, code=self._last.code)
        self._last = made.seal
        log.info("sealed", seal=made.seal.number, code=made.seal.code, cases=made.cases)
        for case_id in made.vanished:
            log.error("case_vanished_before_it_was_sealed", case=case_id, seal=made.seal.number)
        return made.more


def _follows(seal: Seal, last: Seal) -> bool:
    """Whether a seal can have been made after the last one; another process may have made some between the two."""
    if seal.number == last.number + 1:
        return seal.previous == last.mac
    return seal.number > last.number
