"""EXC-11: falsification found even after the archive freezes the certificate; people say when it is valid again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.credit import ServiceCredit
from db.evaluation import Certificate, frozen
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.certificates import CertificateDesk, shown
from services.engine.places import Places
from tests.workflows.evaluations import accepted, archived, completed, graded, issued, opined
from tests.workflows.inspections import found, open_inspection, ordered, put_right, verified
from tests.workflows.office import Office
from tests.workflows.term_changes import agreed, gone_on
from tests.workflows.terms import certified, checked_in, filed_term, in_service, outcome_of, quarters_pass, until_day


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


async def gone_on_to_its_certificate(office: Office, term: str) -> str:
    """The running term goes on elsewhere, and the certificate of both is issued there; returns the second segment."""
    following = await gone_on(office, term)
    change = await agreed(office, term)
    assert change.starts_on is not None
    await opined(office, term, "")
    await in_service(office, following)
    await quarters_pass(office, following, change.starts_on, until=1)
    await until_day(office, term_last_day(change.starts_on, 6) + timedelta(days=1))
    await certified(office, following, "certify")
    await checked_in(office, following, 2)
    await opined(office, following, officers=("p-t2-hr", "p-t2-head"))
    await graded(office, following, "qualified")
    await accepted(office, following)
    await issued(office, following)
    await office.seen(select(Certificate).where(Certificate.case_id == following))
    return following


async def held_credits(office: Office) -> int:
    """How many of the ledger's entries are frozen."""
    return len(await office.rows(select(ServiceCredit.id).where(frozen(ServiceCredit.case_id))))


async def test_exc_11_a_matter_about_any_segment_freezes_the_certificate_of_the_whole_service(
    office: Office, dq_a: Pack
) -> None:
    first = await filed_term(office, dq_a)
    posting = (await office.case(first)).facts["posting"]
    await in_service(office, first)
    before = await open_inspection(office, occasion="report", concerns=first)
    await found(office, before, "refer", "移送有关机关")
    second = await gone_on_to_its_certificate(office, first)
    assert (await standing(office), await held_credits(office)) == ("frozen", 2)
    again = await open_inspection(office, occasion="report", concerns=second)
    await found(office, again, "no_issue", "有关机关查明不属实")
    await office.answer("settle_certificate", "p-bureau-leader", "lift_freeze", "查明不属实", case=again)
    assert await outcome_of(office, again) == "no_issue"
    assert (await standing(office), await held_credits(office)) == ("valid", 0)
    for concerns in (first, posting):
        later = await open_inspection(office, occasion="report", concerns=concerns)
        await office.open_task("inspection_findings", "p-bureau-officer", case=later)
        assert (await standing(office), await held_credits(office)) == ("frozen", 2)
        await found(office, later, "no_issue", "查明不属实")
        await office.answer("settle_certificate", "p-bureau-leader", "lift_freeze", "查明不属实", case=later)
        assert (await outcome_of(office, later), await standing(office)) == ("no_issue", "valid")
    assert not await office.damage()


async def test_an_unknown_code_is_unknown(office: Office) -> None:
    assert await desk(office).standing("AAAA-BBBB-CCCC-DDDD") == "unknown"
