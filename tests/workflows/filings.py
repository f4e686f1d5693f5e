"""A group's method before the four bureaus, as people take it at the desks: shared by tests and by the recorder."""

from collections.abc import Mapping
from typing import Any

from policies.vocabulary import SENT_DOWN, TRAINEE, Programme
from services.demand import Started
from services.methods import MethodOrder
from tests.builders.county import BUREAU, FINANCE, GROUP, HRSS, INSURANCE, settle_bureaus
from tests.workflows.office import Office

METHOD, OTHER_METHOD = f"method.dq-a.{GROUP}.sent-down.1", f"method.dq-a.{GROUP}.trainees.1"
OFFICERS: Mapping[str, str] = {
    BUREAU: "p-bureau-officer",
    HRSS: "p-hrss",
    FINANCE: "p-finance",
    INSURANCE: "p-insurance",
}
AREAS: Mapping[Programme, tuple[str, ...]] = {
    SENT_DOWN: ("业务技术带教", "基层学科建设", "医防融合管理"),
    TRAINEE: ("专业技术", "科研学术", "医疗制度"),
}


def method(title: str = "绩效考核办法", *, programme: Programme = SENT_DOWN) -> dict[str, Any]:
    return {"title": title, "areas": dict.fromkeys(AREAS[programme], "每月不少于四次")}


async def start_method(office: Office, *, programme: Programme = SENT_DOWN, version: int = 1) -> Started:
    return await office.methods.start(MethodOrder("dq-a", GROUP, programme, version), by="test")


async def submit_method(office: Office, *, revised: bool = False, title: str = "绩效考核办法") -> None:
    name = "method_revision" if revised else "method_draft"
    await office.answer(name, "p-coordinator", "submit_to_bureaus", form=method(title), case=METHOD)


async def opinion(office: Office, bureau: str, choice: str, words: str = "", *, case: str = METHOD) -> None:
    name = "method_filing_health" if bureau == BUREAU else "method_filing"
    await office.answer(name, OFFICERS[bureau], choice, words, case=case)


async def put_in_force(office: Office, *, programme: Programme = SENT_DOWN) -> str:
    """A method of this kind of staff that all four have filed; its case."""
    case = METHOD if programme == SENT_DOWN else OTHER_METHOD
    await start_method(office, programme=programme)
    await office.answer(
        "method_draft", "p-coordinator", "submit_to_bureaus", form=method(programme=programme), case=case
    )
    for bureau in OFFICERS:
        await opinion(office, bureau, "file_method", case=case)
    await office.stands(case, "in_force")
    return case


async def live_through_filings(office: Office, *, reason: str) -> None:
    """A method that is returned twice and then in force, and one that the group drops."""
    await settle_bureaus(office.record)
    await start_method(office)
    await submit_method(office)
    for _ in range(2):
        await opinion(office, HRSS, "file_method")
        await opinion(office, FINANCE, "return", reason)
        await submit_method(office, revised=True)
    for bureau in OFFICERS:
        await opinion(office, bureau, "file_method")
    await office.stands(METHOD, "in_force")
    await start_method(office, programme=TRAINEE)
    await office.answer("method_draft", "p-coordinator", "drop", reason, case=OTHER_METHOD)
    await office.stands(OTHER_METHOD, "dropped")
