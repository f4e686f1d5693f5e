"""A line in a case's file about something that is no step of the case: its workflow neither knows nor waits.

A filed batch gets its 文号 weeks after its workflow has ended. The line takes its number under the lock that the commit
takes too, and leaves a mark for the next seal of its own; what the case itself has come to is not touched.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import evidence_chain
from db.engine.cases import CaseFile, EventRow
from db.engine.row_proof import RowKind
from db.engine.seals import Unsealed
from vault.keyring import Keyring, Purpose

Named = tuple[RowKind, Mapping[str, object]]


class FileNotBegun(Exception):
    """The case has no line yet: its first is its first commit's."""


async def write_aside(
    session: AsyncSession, case_id: str, body: Mapping[str, object], *, named: Named, at: datetime, keyring: Keyring
) -> int:
    """Put one line at the end of the file, naming a row that stands beside it; the line's number.

    The caller owns the transaction and has written the row. `at` is aware, in UTC.
    """
    query = select(CaseFile).where(CaseFile.id == case_id).with_for_update(key_share=True)
    case = (await session.scalars(query.execution_options(populate_existing=True))).one()
    if not case.events:
        raise FileNotBegun(case_id)
    kind, row = named
    digest = kind.digest(row, keyring.current(Purpose.CHAIN))
    line = {
        "pack": f"{case.pack} {case.pack_version}",
        "seq": case.seq,
        **body,
        "rows": {kind.name: {kind.key(row): digest}},
    }
    await session.execute(insert(EventRow), evidence_chain.append(case, [line], at=at, keyring=keyring))
    # Transitions mark with their number, from 0 up: a mark of ours must not be taken for one that was sealed already.
    session.add(Unsealed(case_id=case.id, seq=-case.events))
    await session.flush()
    return case.events
