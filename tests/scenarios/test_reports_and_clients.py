"""The yearly reports through the interface, and what a program may not do there."""

from datetime import timedelta

from sqlalchemy import select

from db.engine.tasks import DecisionRow, InboxRow
from tests.builders.county import GROUP, HOSPITAL, OTHER_HOSPITAL, OTHER_TOWNSHIP, TOWNSHIP
from tests.scenarios.conftest import County
from tests.workflows.office import OPENS
from tests.workflows.year import CYCLE, DEMAND, OTHER_DEMAND, choose, posts_published

OPENED = OPENS.date()
ORDER = {
    "group": GROUP,
    "year": OPENS.year,
    "opens_on": OPENED.isoformat(),
    "closes_on": (OPENED + timedelta(days=20)).isoformat(),
    "planned_start": (OPENED + timedelta(days=300)).isoformat(),
}
APPLICATION = {"year": OPENS.year, "person": "p-doctor-2"}
LONG_AFTER = 75


async def test_as_37_each_institution_is_asked_once_and_silence_is_never_a_nil_return(county: County) -> None:
    program = await county.program("cases:start", "cases:read", "tasks:read")
    first, second = [await program.post("/demand-cycles", json=ORDER) for _ in range(2)]
    assert (first.status_code, first.json()["case_id"]) == (201, CYCLE)
    assert (second.status_code, second.json()) == (200, {"case_id": CYCLE, "created": False})
    for person in ("p-t1-hr", "p-t2-hr"):
        await county.task("demand_report", person)
    for person in ("p-h1-hr", "p-h2-hr"):
        await county.task("supply_report", person)
    asked = [(one["name"], one["institution"]) for one in (await program.get("/tasks")).json()["items"]]
    demands = [("demand_report", place) for place in (TOWNSHIP, OTHER_TOWNSHIP)]
    supplies = [("supply_report", place) for place in (HOSPITAL, OTHER_HOSPITAL)]
    assert sorted(asked) == sorted([*demands, *supplies])

    returned = await county.town.browser().decide(await county.link("demand_report", "p-t2-hr"), "nil_return")
    assert "已记录。" in returned.text
    approval = await county.link("demand_approval", "p-t2-head")
    assert "零报告" in (await county.town.browser().get(approval)).text
    assert "已记录。" in (await county.town.browser().decide(approval, "approve")).text
    await county.office.stands(OTHER_DEMAND, "reported")

    await county.office.days_pass(LONG_AFTER)

    late = (await program.get(f"/cases/{DEMAND}")).json()
    assert (late["state"], late["stage"]) == ("open", "reporting")
    assert ("demand_report", True, True) in [(one["name"], one["overdue"], one["escalated"]) for one in late["tasks"]]
    assert (await program.get(f"/cases/{OTHER_DEMAND}")).json()["stage"] == "reported"
    monitor = await county.at_the_pages("p-monitor")
    overdue = await monitor.get("/monitor?overdue=1")
    cases = {link.text for link in overdue.html.select("#cases a")}
    assert DEMAND in cases
    assert OTHER_DEMAND not in cases
    assert "零报告" not in (await monitor.get(f"/cases/{DEMAND}")).one("main").text
    answers = await county.office.rows(select(DecisionRow.choice).order_by(DecisionRow.decided_at))
    assert answers == ["nil_return", "approve"]


async def test_as_115_a_program_starts_an_application_and_decides_nothing_in_it(county: County) -> None:
    (post,) = await posts_published(county.office, county.pack)
    case = await choose(county.office, "p-doctor", post)
    task = await county.task("sending_review", "p-h1-head")
    await county.task("receiving_review", "p-t1-head")
    await county.office.rests(case)
    before = await county.office.events(case)
    program = await county.program("cases:start", "cases:read", "tasks:read", "people:read", "facts:write")
    answer = {"revision": 1, "choice": "agree"}

    by_interface = await program.post(f"/tasks/{task.id}/decisions", json=answer)
    cookie = f"pinyong={await county.town.desks.sessions.open('p-h1-head')}"
    borrowed = await program.post(f"/tasks/{task.id}/decisions", json=answer, headers={"cookie": cookie})
    at_the_page = county.town.browser(authorization=program.headers["authorization"])
    by_page = await at_the_page.post(f"/tasks/{task.id}", {"revision": "1", "choice": "agree"}, follow=False)
    in_a_start = await program.post("/applications", json=APPLICATION | {"first": post, "decision": "agree"})

    assert [(one.status_code, one.json()["code"]) for one in (by_interface, borrowed)] == [(403, "may_not_decide")] * 2
    assert (by_page.status, by_page.headers["location"].split("?")[0]) == (303, "/sign-in")
    assert in_a_start.status_code == 422
    assert await county.office.rows(select(InboxRow.request).where(InboxRow.task_id == task.id)) == []
    assert await county.office.events(case) == before
    assert (await county.task("sending_review", "p-h1-head")).status == "open"
