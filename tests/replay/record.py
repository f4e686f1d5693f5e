"""Records the histories that replays are checked against: `python -m tests.replay.record`.

One for each lifecycle and end state. It adds what is not there yet; what is there stays, because cases that began then
must go on. When a path has changed on purpose, delete its file first and name the commit in the CHANGELOG under
"Running cases". A test never writes them.
"""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db import migrate
from db.engine.base import connect, sessions
from db.engine.cases import CaseFile
from db.engine.pack_files import read_packs
from db.engine.packs import PackShelf, shelve
from db.evaluation import Grade
from policies.engine.pack import Pack
from stack.ports import free_port
from stack.postgres import PostgresServer
from tests.conftest import PACKS, StandingClock
from tests.replay.keys import published_keyring
from tests.workflows.assessed_terms import live_through_assessments
from tests.workflows.changed_terms import live_through_a_transfer, live_through_changes
from tests.workflows.conftest import settle
from tests.workflows.ended_contracts import live_through_rescissions, live_through_terminations
from tests.workflows.fund_payments import live_through_payments
from tests.workflows.fund_years import live_through_fund_years
from tests.workflows.graded_terms import live_through_grades
from tests.workflows.nominations import live_through_nomination
from tests.workflows.office import Office, opened_office
from tests.workflows.running_contracts import live_through_running_contracts
from tests.workflows.side_matters import live_through_side_matters
from tests.workflows.taken_back import live_through_openings
from tests.workflows.talent_ends import live_through_ends
from tests.workflows.talent_life import live_through_a_contract
from tests.workflows.talent_years import live_through_assessments_of_talent
from tests.workflows.talents import live_through_talents
from tests.workflows.trainings import live_through_trainings
from tests.workflows.whole_year import live_through

HISTORIES = Path(__file__).parent / "histories"


Life = Callable[[Office, Pack], Awaitable[None]]
# What is lived through, and what the names of its histories end with.
LIVES: tuple[tuple[Life, str], ...] = (
    (live_through, ""),
    (live_through_grades, ""),
    (live_through_side_matters, ""),
    (live_through_talents, ""),
    (live_through_a_contract, ""),
    (live_through_ends, ""),
    (live_through_assessments_of_talent, ""),
    (live_through_trainings, "training"),
    (live_through_changes, "by_agreement"),
    (live_through_assessments, "assessed"),
    (live_through_nomination, "training"),
    (live_through_openings, "imported"),
    (live_through_running_contracts, "imported"),
    (live_through_a_transfer, ""),
    (live_through_terminations, ""),
    (live_through_rescissions, ""),
    (live_through_fund_years, ""),
    (live_through_payments, ""),
)


def main() -> None:
    """Live through each on real parts of its own, and keep one history of each kind."""
    for live, ending in LIVES:
        _on_real_parts(live, ending)


def _on_real_parts(live: Life, ending: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="pinyong-record-"))
    server = PostgresServer(folder, free_port(), fast=True)
    asyncio.run(server.start())
    migrate.upgrade(server.url)
    try:
        asyncio.run(_record(server.url, live, ending))
    finally:
        asyncio.run(server.stop())
        shutil.rmtree(folder)


async def _record(url: str, live: Life, ending: str) -> None:
    keyring = published_keyring()
    engine = connect(url, keyring)
    record, clock = sessions(engine), StandingClock()
    packs = read_packs(PACKS)
    await settle(record)
    async with record.begin() as session:
        for pack in packs:
            await shelve(session, pack, clock)
    async with opened_office(record, keyring, clock=clock, shelf=PackShelf(record)) as office:
        await live(office, packs[0])
        await _keep(office, ending)
    await engine.dispose()


async def _keep(office: Office, ending: str) -> None:
    """The longest history of each lifecycle and outcome, and of each grade of a term; of trainings, and of a term that
    was changed or assessed on its way, or of what was imported, only theirs.
    """
    longest: dict[str, tuple[int, str]] = {}
    for case in await office.rows(select(CaseFile).where(CaseFile.state == "closed").order_by(CaseFile.id)):
        if not _is_kept(case, ending):
            continue
        history = await office.workflow(case.id).fetch_history()
        grades = await office.rows(select(Grade.grade).where(Grade.case_id == case.id))
        name = ".".join([case.lifecycle, case.outcome, *grades, *([ending] if ending else []), "json"])
        text = json.dumps(_anonymous(history.to_json_dict()), ensure_ascii=False, separators=(",", ":"))
        longest[name] = max(longest.get(name, (0, "")), (len(history.events), text))
    for name, (events, text) in sorted(longest.items()):
        if not (HISTORIES / name).exists():
            (HISTORIES / name).write_text(text + "\n", encoding="utf-8")
            print(f"{name}: {events} events")  # noqa: T201 - a command speaks


def _is_kept(case: CaseFile, ending: str) -> bool:
    if ending in ("by_agreement", "assessed", "imported"):
        return case.lifecycle in ("ServiceTerm", "TalentContract")
    return not ending or case.pack != "dq-a"


def _anonymous(part: Any) -> Any:
    """Without the name of the machine on which it was recorded."""
    if isinstance(part, list):
        return [_anonymous(one) for one in part]
    if isinstance(part, dict):
        return {name: "recorder" if name == "identity" else _anonymous(value) for name, value in part.items()}
    return part


if __name__ == "__main__":
    main()
