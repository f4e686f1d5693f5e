"""Terms under way, imported from a sheet: shared by the tests of their paths and by the pages'."""

from datetime import date, timedelta

from db.engine.packs import PackShelf
from services.engine.permissions import Viewer
from services.engine.places import Places
from services.import_template import workbook
from services.opening_balances import OpeningDesk, Seen
from services.opening_rows import HEADINGS
from tests.builders.county import HOSPITAL, TOWNSHIP
from tests.workflows.office import Office

IN_SERVICE = {
    "person": "p-doctor",
    "programme": "县聘乡用",
    "sending": HOSPITAL,
    "receiving": TOWNSHIP,
    "specialty": "内科",
    "mode": "全脱产",
    "filing_number": "德卫健备〔2039〕8号",
    "stage": "服务中",
}

TRAINING = IN_SERVICE | {
    "person": "p-trainee",
    "programme": "乡管县育",
    "sending": TOWNSHIP,
    "receiving": HOSPITAL,
    "mentor": "p-mentor",
    "targets": "独立完成胃镜检查 30 例；参加疑难病例讨论12次",
}


def a_training(**more: str) -> dict[str, str]:
    return {**TRAINING, **more}


def a_row(**more: str) -> dict[str, str]:
    return {**IN_SERVICE, **more}


def a_sheet(*rows: dict[str, str]) -> bytes:
    return workbook(HEADINGS, "期初", [[row.get(heading.field, "") for heading in HEADINGS] for row in rows])


async def completed_term(office: Office) -> str:
    """A term that was imported a few days after its last one, and is being evaluated."""
    begun, over = await days_ago(office, 400), await days_ago(office, 3)
    (term,) = await imported(office, a_row(stage="服务期满待评价", started_on=begun, completed_on=over))
    await office.stands(term, "under_evaluation")
    return term


async def today(office: Office) -> date:
    await office.tell_time()
    return office.clock.instant.date()


async def days_ago(office: Office, days: int) -> str:
    return (await today(office) - timedelta(days=days)).isoformat()


def desk(office: Office) -> OpeningDesk:
    places = Places(office.record, office.clock)
    return OpeningDesk(
        office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record), places=places
    )


async def viewer(office: Office, person: str = "p-coordinator") -> Viewer:
    await office.tell_time()
    found = await office.sessions.viewer(person)
    assert found is not None
    return found


async def looked_at(office: Office, *rows: dict[str, str]) -> Seen:
    return await desk(office).look(await viewer(office), a_sheet(*rows))


async def imported(office: Office, *rows: dict[str, str]) -> list[str]:
    """The sheet is looked at and confirmed; the terms that begin."""
    seen = await looked_at(office, *rows)
    done = await desk(office).confirm(await viewer(office), seen.sheet)
    assert [row.result.outcome for row in done.imported.rows] == ["created"] * len(rows)
    return [row.result.key for row in done.imported.rows]
