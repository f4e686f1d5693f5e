"""Files of cases as commits write them, without a running case."""

from collections.abc import Iterator, Sequence

from sqlalchemy import insert

from db.engine.base import Sessions
from db.engine.cases import CaseFile, EventRow
from db.engine.evidence_chain import append
from db.engine.row_proof import START
from db.engine.seals import Unsealed
from tests.conftest import MONDAY
from vault.keyring import Keyring, Purpose


async def write(record: Sessions, keyring: Keyring, case_id: str, *lines: str, seq: int = 1) -> None:
    """What a commit does to a file and to the marks; the first line names what the case was started with."""
    async with record.begin() as session:
        case = await session.get_one(CaseFile, case_id)
        rows = append(case, _bodies(case, lines, keyring), at=MONDAY, keyring=keyring)
        await session.execute(insert(EventRow), rows)
        await session.execute(insert(Unsealed).values(case_id=case_id, seq=seq))


def _bodies(case: CaseFile, lines: Sequence[str], keyring: Keyring) -> Iterator[dict[str, object]]:
    start = START.digest(START.content_of(case), keyring.current(Purpose.CHAIN))
    for line in lines:
        yield {"event": line} | ({} if case.events else {"rows": {"start": {case.business_key: start}}})
