"""EXC-11: falsification found even after the archive freezes the certificate; people say when it is valid again."""

import pytest
from sqlalchemy import select

from db.evaluation import Certificate
from policies.engine.pack import Pack
from services.certificates import CertificateDesk, shown
from services.engine.places import Places
from tests.workflows.evaluations import accepted, archived, completed, graded, issued, opined
from tests.workflows.inspections import found, open_inspection, ordered, put_right, verified
from tests.workflows.office import Office
from tests.workflows.terms import filed_term, outcome_of


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    """An archived term with its certificate."""
    term = await filed_term(office, dq_a)
    await completed(office, term)
    await opined(office, term)
    await graded(office, term, "qualified")
    await accepted(office, term)
    await issued(office, term)
    await archived(office, term)
    assert await outcome_of(office, term) == "archived"
    return term


def desk(office: Office) -> CertificateDesk:
    return CertificateDesk(office.record, places=Places(office.record, office.clock))


async def standing(office: Office) -> str:
    (code,) = await office.rows(select(Certificate.code))
    return await CertificateDesk(office.record, places=Places(office.record, office.clock)).standing(
        shown(code).lower()
    )


@pytest.mark.parametrize(("choice", "after"), [("lift_freeze", "valid"), ("keep_frozen", "frozen")])
async def test_exc_11_a_certificate_is_frozen_while_its_term_is_put_right_and_people_say_what_then(
    office: Office, term: str, choice: str, after: str
) -> None:
    assert await standing(office) == "valid"
    matter = await open_inspection(office, occasion="report", concerns=term)
    await office.open_task("inspection_findings", "p-bureau-officer", case=matter)
    assert await standing(office) == "frozen"
    await ordered(office, matter)
    await put_right(office, matter)
    await verified(office, matter, "verified")
    await office.open_task("settle_certificate", "p-bureau-leader", case=matter)
    assert await standing(office) == "frozen"
    await office.answer("settle_certificate", "p-bureau-leader", choice, "经核查", case=matter)
    assert (await outcome_of(office, matter), await standing(office)) == ("rectified", after)
    assert not await office.damage()


async def test_a_referral_leaves_the_certificate_frozen_and_revokes_nothing(office: Office, term: str) -> None:
    matter = await open_inspection(office, occasion="audit", concerns=term)
    await found(office, matter, "refer", "移送有关机关")
    assert (await outcome_of(office, matter), await standing(office)) == ("referred", "frozen")
    assert len(await office.rows(select(Certificate))) == 1
    posting = (await office.case(term)).facts["posting"]
    again = await open_inspection(office, occasion="report", concerns=posting)
    await found(office, again, "no_issue", "有关机关查明不属实")
    await office.answer("settle_certificate", "p-bureau-leader", "lift_freeze", "查明不属实", case=again)
    assert (await outcome_of(office, again), await standing(office)) == ("no_issue", "valid")


async def test_an_unknown_code_is_unknown(office: Office) -> None:
    assert await desk(office).standing("AAAA-BBBB-CCCC-DDDD") == "unknown"
