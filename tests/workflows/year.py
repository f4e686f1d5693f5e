"""A county's year in steps, as people take them at the desks: shared by the tests of its paths and by the recorder."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db.engine.cases import CaseFile
from db.posting import Post
from policies.engine.pack import Pack
from services.demand import CycleOrder, Started
from services.posting import ApplicationOrder
from tests.builders.county import GROUP, HOSPITAL, OTHER_HOSPITAL, OTHER_TOWNSHIP, TOWNSHIP
from tests.workflows.office import OPENS, Office

YEAR = OPENS.year
CYCLE = f"cycle.dq-a.{GROUP}.{YEAR}"
BALANCING = f"balancing.dq-a.{GROUP}.{YEAR}"
DEMAND = f"demand.dq-a.{GROUP}.{YEAR}.{TOWNSHIP}"
OTHER_DEMAND = f"demand.dq-a.{GROUP}.{YEAR}.{OTHER_TOWNSHIP}"
SUPPLY = f"supply.dq-a.{GROUP}.{YEAR}.{HOSPITAL}"
OTHER_SUPPLY = f"supply.dq-a.{GROUP}.{YEAR}.{OTHER_HOSPITAL}"
FIRST_BATCH, SECOND_BATCH = f"batch.dq-a.{GROUP}.{YEAR}.1", f"batch.dq-a.{GROUP}.{YEAR}.2"
BUREAU_CHAIN = ("p-bureau-officer", "p-bureau-section", "p-bureau-deputy")
WINDOW = 20


def demanded(headcount: int = 1, specialty: str = "internal_medicine") -> dict[str, object]:
    line = {"specialty": specialty, "headcount": headcount, "mode": "full"}
    return {"lines": [line], "trainees": [], "nil_trainees": True}


async def start_cycle(office: Office, *, window: int = WINDOW) -> Started:
    """A cycle whose window is open for that many days."""
    today = office.clock.now().date()
    order = CycleOrder("dq-a", GROUP, YEAR, today + timedelta(days=300), today, today + timedelta(days=window))
    return await office.cycles.start(order, by="test")


async def report(
    office: Office,
    *,
    posts: int = 1,
    people: Sequence[str] = ("p-doctor",),
    others: Sequence[str] = (),
    demand: Mapping[str, object] | None = None,
) -> None:
    """The first township asks for posts, the hospitals list people, the other township has nothing to ask for."""
    await asyncio.gather(
        _reported(office, "demand", "p-t1", demand or (demanded(posts) if posts else None)),
        _reported(office, "demand", "p-t2", None),
        _reported(office, "supply", "p-h1", {"people": [{"person": person} for person in people]} if people else None),
        _reported(office, "supply", "p-h2", {"people": [{"person": person} for person in others]} if others else None),
    )


async def _reported(office: Office, word: str, who: str, form: Mapping[str, object] | None) -> None:
    choice = "submit" if form else "nil_return"
    await office.answer(f"{word}_report", f"{who}-hr", choice, form=form)
    await office.answer(f"{word}_approval", f"{who}-head", "approve")


def publication(pack: Pack, *, posts: int = 1, revision: int = 1) -> dict[str, Any]:
    factors = dict.fromkeys(pack.parameters["balancing_factors"].listed, "已综合考虑")
    allocations = [{"demand": DEMAND, "revision": revision, "line": 1, "posts": posts}] if posts else []
    return {"factors": factors, "allocations": allocations}


async def publish(office: Office, pack: Pack, *, posts: int = 1) -> Sequence[str]:
    """The group publishes all that is asked for; returns the posts."""
    await office.answer("balancing", "p-coordinator", "publish", form=publication(pack, posts=posts))
    await office.seen(select(CaseFile).where(CaseFile.id == CYCLE, CaseFile.stage.in_(("post_published", "published"))))
    return await office.rows(select(Post.id).order_by(Post.id))


async def posts_published(
    office: Office, pack: Pack, *, posts: int = 1, people: Sequence[str] = ("p-doctor",)
) -> Sequence[str]:
    """From the start of the cycle to posts for which people can apply."""
    await start_cycle(office)
    await report(office, posts=posts, people=people)
    return await publish(office, pack, posts=posts)


async def choose(office: Office, person: str, first: str, second: str = "", *, reassign: str = "no") -> str:
    """The person applies on the page; returns the case."""
    form = {"first": first, "second": second, "reassign": reassign}
    case = await office.case_of(person)
    await office.answer("choose_post", person, "apply", form=form, case=case)
    return case


def application(person: str, first: str, second: str | None = None, *, number: str | None = None) -> ApplicationOrder:
    return ApplicationOrder("dq-a", YEAR, person, first, second, number=number)


async def agree(office: Office, case: str) -> None:
    """Both sides agree to an application."""
    await office.answer("sending_review", "p-h1-head", "agree", case=case)
    await office.answer("receiving_review", "p-t1-head", "agree", case=case)


async def matched(office: Office, person: str, post: str) -> str:
    case = await choose(office, person, post)
    await agree(office, case)
    await office.stands(case, "matched")
    return case


async def submit(office: Office, *cases: str) -> None:
    """The coordinator submits the batch that is being compiled, with these people."""
    await office.answer("compile_batch", "p-coordinator", "submit_batch", form={"included": list(cases)})


def verdicts(**by_case: str) -> dict[str, object]:
    """One verdict a case; what is no filing has its reason."""
    given = [{"case": case, "verdict": verdict, "reason": "" if verdict == "file" else "材料不全"}
             for case, verdict in by_case.items()]  # fmt: skip
    return {"verdicts": given}


async def decide_batch(office: Office, by_case: Mapping[str, str]) -> None:
    """The bureau's chain answers with the same verdicts."""
    for person in BUREAU_CHAIN:
        await office.answer("bureau_filing", person, "file_batch", form=verdicts(**by_case))
