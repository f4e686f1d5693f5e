"""What a publication may not say: the same line twice, places nobody asked for; and what was unmet and is met after all
(DQ-3.1.2d).
"""

import pytest
from sqlalchemy import select

from db.posting import Post, UnmetDemand
from policies.engine.pack import Pack
from services.field_problems import FactsRefused
from tests.builders.county import TOWNSHIP
from tests.workflows.office import Office
from tests.workflows.year import CYCLE, DEMAND, publication, report, start_cycle

GAP = {"institution": TOWNSHIP, "specialty": "internal_medicine", "headcount": 1, "reason": "无人可派"}


async def refused(office: Office, choice: str, form: dict[str, object]) -> list[tuple[str, str]]:
    """What the form is refused for."""
    with pytest.raises(FactsRefused) as found:
        await office.answer("balancing", "p-coordinator", choice, "无人可派", form=form)
    return [(problem.field, problem.code) for problem in found.value.problems]


async def test_a_line_twice_and_a_place_that_nobody_asked_for_are_refused(office: Office, dq_a: Pack) -> None:
    await start_cycle(office)
    await report(office, posts=2)
    whole = publication(dq_a, posts=2)
    line = {"demand": DEMAND, "revision": 1, "line": 1, "posts": 2}
    twice = whole | {"allocations": [line, line]}
    assert await refused(office, "publish", twice) == [("allocations-1-posts", "named_twice")]
    for wrong in ({"institution": "dq-nowhere"}, {"specialty": "surgery"}, {"headcount": 3}):
        assert await refused(office, "record_unmet", {"unmet": [GAP | wrong]}) == [("unmet-0-headcount", "unmet_wrong")]
    assert await refused(office, "record_unmet", {"unmet": [GAP, GAP]}) == [("unmet-1-headcount", "named_twice")]
    assert await refused(office, "publish", whole | {"unmet": [GAP | {"institution": "dq-nowhere"}]}) == [
        ("unmet-0-headcount", "unmet_wrong")
    ]
    assert not await office.rows(select(UnmetDemand))


async def test_what_was_unmet_and_is_published_after_all_is_unmet_no_longer(office: Office, dq_a: Pack) -> None:
    await start_cycle(office)
    await report(office, posts=2)
    await office.answer("balancing", "p-coordinator", "record_unmet", "无人可派", form={"unmet": [GAP]})
    await office.answer("balancing", "p-coordinator", "publish", form=publication(dq_a, posts=2))
    await office.stands(CYCLE, "post_published")
    assert len(await office.rows(select(Post))) == 2
    assert not await office.rows(select(UnmetDemand))
