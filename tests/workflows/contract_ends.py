"""The steps of the matters that end a contract, as a banner's people take them: shared by tests and by the recorder."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from activities.engine.messages import CaseState
from db.engine.almanac import Almanac
from db.engine.cases import CaseFile
from db.engine.pack_files import read_pack
from db.engine.packs import PackShelf, shelve
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from services.contract_ends import EndDesk
from services.end_wishes import Wish
from services.engine.attachments import AttachmentDesk
from services.engine.places import Places
from services.engine.scans import Scan
from tests.builders.banner import settle_banner, settle_contract, settle_figure
from tests.conftest import PACKS
from tests.workflows.conftest import OpenCounty
from tests.workflows.contract_stand_in import ContractStandIn
from tests.workflows.office import LIFECYCLES, Office

EVIDENCE = Scan("查实材料.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
REASON = "经核对出诊登记属实"


@asynccontextmanager
async def opened_banner(open_county: OpenCounty, **contract: Any) -> AsyncIterator[tuple[Office, str]]:
    """An office with a banner in it, and the case of a signed contract beside which matters run."""
    async with open_county(workflows=[*LIFECYCLES, ContractStandIn]) as office:
        yield office, await with_banner(office, **contract)


async def with_banner(office: Office, **contract: Any) -> str:
    """Settle a banner in the office, and the contract of a stand-in; returns its case."""
    pack = await banner_pack(office)
    await settle_banner(office.record)
    case = await settle_contract(office.record, pack, lifecycle=ContractStandIn.__name__, **contract)
    await office.delivery.start(case)
    return case


async def banner_pack(office: Office) -> Pack:
    pack = read_pack(PACKS / "ot-a.toml")
    async with office.record.begin() as session:
        await shelve(session, pack, office.clock)
    return pack


def today(office: Office) -> date:
    return office.clock.now().astimezone(CHINA).date()


async def found(office: Office, contract: str, *, worked: str = "349.5", number: int = 1, **refs: str) -> str:
    """The contract finds working time below the line today, and opens its termination; returns the termination."""
    await office.tell_time()
    day = today(office)
    await settle_figure(office.record, contract, number, as_of=day, worked=worked)
    facts = {"ground": "g", "learned_on": day.isoformat(), "as_of": day.isoformat(), "figure": str(number), **refs}
    await office.notify(contract, "find_ground", **facts)
    query = select(CaseFile.id).where(CaseFile.lifecycle == "ContractTermination")
    return str(await office.seen(query.order_by(CaseFile.started_at.desc(), CaseFile.id.desc())))


async def confirmed(office: Office, case: str, *, form: Mapping[str, Any] | None = None) -> None:
    await office.answer("confirm_ground", "o-h1-hr", "ground_confirmed", REASON, form=form, case=case)


async def applied(office: Office, case: str, words: str = "工作时间不及约定的70%,申请终止") -> None:
    await office.answer("termination_application", "o-h1-leader", "apply_in_writing", words, case=case)


async def reviewed(office: Office, case: str, choice: str) -> None:
    """Officer, section head and leader of the commission, all of one mind."""
    for person in ("o-officer", "o-section", "o-leader"):
        await office.answer("termination_review", person, choice, "已审核", case=case)


async def outcome_of(office: Office, case: str) -> str:
    return str(await office.seen(select(CaseFile.outcome).where(CaseFile.id == case, CaseFile.state == "closed")))


async def told_contract(office: Office, contract: str, name: str) -> Mapping[str, str]:
    """What the contract has heard under a name."""

    def heard(state: CaseState) -> bool:
        return any(one.name == name for one in state.heard.values())

    state = await office.comes_true(heard, contract)
    return next(one.refs for one in state.heard.values() if one.name == name)


async def until_day(office: Office, day: date) -> None:
    """Days go by until the ninth hour of a local day."""
    await office.tell_time()
    await office.days_pass((day - today(office)) / timedelta(days=1))


async def verified(office: Office, case: str) -> None:
    """The employer's HR verifies a ground to rescind, with evidence."""
    task = await office.open_task("verify_cause", "o-h1-hr", case=case)
    digest = await AttachmentDesk(office.record, clock=office.clock).keep(task.id, "o-h1-hr", EVIDENCE)
    await office.answer(task.id, "o-h1-hr", "cause_verified", "经查属实", form={"attachment": digest})


async def decided(office: Office, case: str, choice: str) -> None:
    await office.answer("decide_rescission", "o-h1-leader", choice, "经院务会研究", case=case)


def desk(office: Office) -> EndDesk:
    places, almanac = Places(office.record, office.clock), Almanac(office.record, office.clock)
    shelf = PackShelf(office.record)
    return EndDesk(office.record, office.delivery, clock=office.clock, shelf=shelf, almanac=almanac, places=places)


async def raised_by(office: Office, contract: str, person: str, wish: Wish) -> str:
    """A party raises a matter at the desk; the case of it."""
    await office.tell_time()
    viewer = await office.sessions.viewer(person)
    assert viewer is not None
    return (await desk(office).raise_end(contract, wish, viewer=viewer, request=office.request())).case_id


async def events(office: Office, case: str) -> list[str]:
    return [json.loads(body)["event"] for body in await office.file_of(case)]
