"""Excellent trainees are recommended first: the list is kept and they are reminded (DQ-3.5.2b)."""

import json

import pytest
from sqlalchemy import select

from db.evaluation import CertificateHold
from db.talents import TalentListed
from policies.engine.pack import Pack
from services.engine.permissions import NotForYou
from services.field_problems import FactsRefused
from tests.workflows.office import Office
from tests.workflows.talents import called, earned
from tests.workflows.trainees import filed_training, settle_trainees


@pytest.fixture
async def training(office: Office, dq_a: Pack) -> str:
    await settle_trainees(office.record)
    return await filed_training(office, dq_a)


async def test_dq_3_5_2b_a_call_keeps_the_list_and_reminds_each_and_who_sent_them(
    office: Office, training: str
) -> None:
    await earned(office, training)
    call = await called(office)
    (row,) = await office.rows(select(TalentListed))
    assert (row.call, row.term, row.person, row.sending) == (call.case_id, training, "p-trainee", "dq-t01")
    letters = {what: await office.letters("outcome", what=what) for what in ("talent_call", "talent_call_for_staff")}
    assert {what: [one.person for one in found] for what, found in letters.items()} == {
        "talent_call": ["p-trainee"],
        "talent_call_for_staff": ["p-t1-hr"],
    }
    assert {one.details["page"] for found in letters.values() for one in found} == {f"/talents/{call.case_id}"}
    lines = [json.loads(body)["event"] for body in await office.file_of(call.case_id)]
    assert "talents_reminded" in lines
    again = await called(office)
    assert (again.case_id, again.created) == (call.case_id, False)
    assert len(await office.letters("outcome", what="talent_call")) == 1
    found = [one for one in await office.damage() if one.what in ("talent_listed", "start")]
    assert found == []


@pytest.mark.parametrize(
    "otherwise", [{"priority": False}, {"programme": "county_hired_township_used"}, {"frozen": True}], ids=str
)
async def test_dq_3_5_2b_only_excellent_trainees_with_a_certificate_in_force_are_on_the_list(
    office: Office, training: str, otherwise: dict[str, bool | str]
) -> None:
    held = otherwise.pop("frozen", False)
    await earned(office, training, **otherwise)  # type: ignore[arg-type]
    if held:
        async with office.record.begin() as session:
            session.add(CertificateHold(matter=training, term=training))
    await called(office)
    assert not await office.rows(select(TalentListed))
    assert not await office.letters("outcome", what="talent_call")
    assert not await office.letters("outcome", what="talent_call_for_staff")


async def test_only_the_bureau_calls_and_a_call_has_a_name_a_text_and_a_day_that_has_not_passed(
    office: Office,
) -> None:
    for stranger in ("p-coordinator", "p-t1-hr", "p-bureau-section"):
        with pytest.raises(NotForYou):
            await called(office, by=stranger)
    with pytest.raises(FactsRefused, match="name"):
        await called(office, name=" ")
    with pytest.raises(FactsRefused, match="closes_on"):
        await called(office, days=-1)
    assert (await called(office, days=0)).created


def test_def_19_the_letters_say_no_result(dq_a: Pack) -> None:
    told = [dq_a.tellings[name] for name in ("talent_call", "talent_call_for_staff")]
    said = "".join(words.zh + words.en for each in told for words in (each.title, each.result))
    assert not [word for word in ("优秀", "合格", "等次", "excellent", "qualified", "grade") if word in said]
