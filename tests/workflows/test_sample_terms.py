"""The terms of the sample county are taken whole by the product's own rules, on whatever day it is planted."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from cli.sample_county import HOSPITALS, institutions, people
from cli.sample_terms import TERMS, sample_sheet
from cli.seed import SENT_BY_EACH_HOSPITAL
from db.engine.base import Sessions
from db.engine.people import Institution, Person
from tests.workflows.office import Office
from tests.workflows.openings import desk, today, viewer


async def settled(record: Sessions) -> None:
    """The sample county beside the small one of the tests, where both have the same place under one code."""
    async with record.begin() as session:
        known = set(await session.scalars(select(Institution.code)))
        for one in institutions():
            if one["code"] in known:
                (await session.get_one(Institution, str(one["code"]))).kind = str(one["kind"])
            else:
                session.add(Institution(**one))
        await session.flush()
        for one in people():
            kept = {name: value for name, value in one.items() if name not in ("roles", "qualified_on")}
            session.add(Person(**kept | {"qualified_on": _day(one["qualified_on"])}))


def _day(said: object) -> date | None:
    return date.fromisoformat(str(said)) if said else None


async def test_the_sheet_of_the_sample_county_is_taken_whole(office: Office) -> None:
    await settled(office.record)
    seen = await desk(office).look(await viewer(office), sample_sheet(TERMS, await today(office)))
    assert [(row.result.outcome, row.result.problems) for row in seen.imported.rows] == [("created", ())] * len(TERMS)


async def test_a_sample_that_breaks_a_rule_is_refused(office: Office) -> None:
    await settled(office.record)
    broken = replace(TERMS[-1], mentor="dq-h1-s18")
    seen = await desk(office).look(await viewer(office), sample_sheet((broken,), await today(office)))
    assert [one.code for one in seen.imported.rows[0].result.problems] == ["mentor_not_there"]


def test_nobody_who_serves_is_invited_to_apply_too() -> None:
    """The year's cycle invites the first physicians of each hospital, and each holds the programme's key."""
    physicians = [one for one in people() if one["profession"] == "practising_physician"]
    for code, _ in HOSPITALS:
        invited = [one["id"] for one in physicians if one["institution"] == code][:SENT_BY_EACH_HOSPITAL]
        assert not {one.person for one in TERMS} & {str(one) for one in invited}
