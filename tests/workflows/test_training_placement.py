"""From a township's list of trainees to the filed placement at a county hospital (programme DQ-B, stages 1 to 3)."""

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile, FindingRow
from db.posting import Post
from policies.engine.pack import Pack
from services.field_problems import FactsRefused
from services.post_board import PostUnknown
from tests.builders.county import GROUP, HOSPITAL, OTHER_HOSPITAL, TOWNSHIP
from tests.workflows.office import Office
from tests.workflows.trainees import assignment, filed, listed, matched, settle_trainees
from tests.workflows.year import YEAR


@pytest.fixture
async def school(office: Office) -> Office:
    await settle_trainees(office.record)
    return office


async def test_from_the_townships_list_to_the_filed_placement(school: Office, dq_a: Pack) -> None:
    cases = await listed(school, dq_a, ["p-trainee", "p-trainee-2"])
    case = cases["p-trainee"]
    assert case == f"training.dq-b.{YEAR}.1"
    for one in cases.values():
        await matched(school, one)
    terms = await filed(school, *cases.values())
    ended = await school.stands(case, "filed")
    assert (ended.outcome, ended.open_key) == ("filed", "township_managed_county_trained:p-trainee")
    assert (ended.pack, ended.programme) == ("dq-b", "township_managed_county_trained")
    facts = (await school.case(terms[0])).facts
    assert [facts[name] for name in ("sending", "receiving", "mode")] == [TOWNSHIP, HOSPITAL, "full"]
    batch = await school.case(f"batch.dq-b.{GROUP}.{YEAR}.1")
    assert (batch.pack, batch.state) == ("dq-b", "closed")
    assert not await school.damage()


async def test_as_21_a_training_with_half_release_is_refused(school: Office, dq_a: Pack) -> None:
    case = (await listed(school, dq_a, ["p-trainee"]))["p-trainee"]
    half = assignment(release="half")
    with pytest.raises(FactsRefused) as refused:
        await school.answer("assign_hospital", "p-coordinator", "assign_hospital", form=half, case=case)
    assert [(one.field, one.code) for one in refused.value.problems] == [("release", "release_refused")]
    assert (await school.case(case)).stage == "placing"


async def test_only_a_county_hospital_of_the_group_can_be_assigned(school: Office, dq_a: Pack) -> None:
    case = (await listed(school, dq_a, ["p-trainee"]))["p-trainee"]
    for place in (TOWNSHIP, "nowhere"):
        form = assignment(place)
        with pytest.raises(FactsRefused) as refused:
            await school.answer("assign_hospital", "p-coordinator", "assign_hospital", form=form, case=case)
        assert [one.code for one in refused.value.problems] == ["hospital_unknown"]


async def test_a_trainee_who_declines_may_come_next_year(school: Office, dq_a: Pack) -> None:
    case = (await listed(school, dq_a, ["p-trainee"]))["p-trainee"]
    await school.answer("assign_hospital", "p-coordinator", "assign_hospital", form=assignment(), case=case)
    await school.answer("training_consent", "p-trainee", "decline", "家中有老人需照护", case=case)
    ended = await school.stands(case, "declined")
    assert (ended.state, ended.open_key) == ("closed", None)
    told = {letter.person for letter in await school.letters("outcome", what="training_declined")}
    assert told == {"p-coordinator", "p-t1-hr"}


async def test_a_hospital_that_rejects_leaves_the_group_to_assign_another(school: Office, dq_a: Pack) -> None:
    case = (await listed(school, dq_a, ["p-trainee"]))["p-trainee"]
    await school.answer("assign_hospital", "p-coordinator", "assign_hospital", form=assignment(), case=case)
    await school.answer("training_consent", "p-trainee", "consent", case=case)
    await school.answer("training_review", "p-h1-head", "reject", "本年度带教老师不足", case=case)
    other = assignment(OTHER_HOSPITAL)
    await school.answer("assign_hospital", "p-coordinator", "assign_hospital", form=other, case=case)
    await school.answer("training_consent", "p-trainee", "consent", case=case)
    await school.answer("training_review", "p-h2-head", "agree", case=case)
    await school.stands(case, "matched")
    places = await school.rows(select(Post.institution).where(Post.placement == case).order_by(Post.id))
    assert places == [HOSPITAL, OTHER_HOSPITAL]
    assert not await school.damage()


async def test_a_senior_general_practitioner_is_pointed_to_the_clinics(school: Office, dq_a: Pack) -> None:
    case = (await listed(school, dq_a, ["p-senior-gp"]))["p-senior-gp"]
    await school.stands(case, "to_clinics")
    told = {letter.person for letter in await school.letters("outcome", what="trainee_to_clinics")}
    assert told == {"p-coordinator", "p-t1-hr"}


async def test_whom_the_text_does_not_name_is_asked_about_and_never_refused_by_the_rule(
    school: Office, dq_a: Pack
) -> None:
    case = (await listed(school, dq_a, ["p-junior"]))["p-junior"]
    await school.open_task("training_ask", "p-coordinator", case=case)
    found = await school.seen(select(FindingRow).where(FindingRow.case_id == case))
    assert (found.rule, found.outcome) == ("DQ-3.1.1b", None)
    await school.answer("training_ask", "p-coordinator", "admit", "岗位急需，同意安排", case=case)
    await school.open_task("assign_hospital", "p-coordinator", case=case)


async def test_one_who_is_not_admitted_is_told_and_so_is_the_township(school: Office, dq_a: Pack) -> None:
    case = (await listed(school, dq_a, ["p-junior"]))["p-junior"]
    await school.answer("training_ask", "p-coordinator", "refuse", "先取得中级职称", case=case)
    await school.stands(case, "rejected")
    told = {letter.person for letter in await school.letters("outcome", what="not_admitted")}
    assert told == {"p-junior", "p-t1-hr"}


async def test_an_objection_leads_to_another_hospital_and_frees_the_first_place(school: Office, dq_a: Pack) -> None:
    case = (await listed(school, dq_a, ["p-trainee"]))["p-trainee"]
    await matched(school, case)
    await school.answer("compile_batch", "p-coordinator", "submit_batch", form={"included": [case]})
    verdict = {"verdicts": [{"case": case, "verdict": "object", "reason": "该院本年度带教任务已满"}]}
    for person in ("p-bureau-officer", "p-bureau-section", "p-bureau-deputy"):
        await school.answer("bureau_filing", person, "file_batch", form=verdict)
    await school.answer("confirm_objection", "p-bureau-leader", "confirm", "属实")
    await school.answer("replan", "p-coordinator", "choose_again", "改到县中医院", case=case)
    await school.open_task("assign_hospital", "p-coordinator", case=case)
    assert not await school.damage()


async def test_a_training_place_is_no_post_that_anybody_can_apply_for_or_take_back(school: Office, dq_a: Pack) -> None:
    case = (await listed(school, dq_a, ["p-trainee"]))["p-trainee"]
    await school.answer("assign_hospital", "p-coordinator", "assign_hospital", form=assignment(), case=case)
    await school.open_task("training_consent", "p-trainee", case=case)
    (place,) = await school.rows(select(Post.id).where(Post.placement == case))
    chooser = await school.case_of("p-doctor")
    form = {"first": place, "second": "", "reassign": "no"}
    with pytest.raises(FactsRefused):
        await school.answer("choose_post", "p-doctor", "apply", form=form, case=chooser)
    with pytest.raises(PostUnknown):
        await school.applications.cancel_post(place, by="p-t1-head", reason="误", request=school.request())


async def test_a_lost_placement_goes_on_from_its_snapshot_at_every_stage(school: Office, dq_a: Pack) -> None:
    case = (await listed(school, dq_a, ["p-trainee"]))["p-trainee"]
    await school.open_task("assign_hospital", "p-coordinator", case=case)
    await _lose(school, case)
    await school.answer("assign_hospital", "p-coordinator", "assign_hospital", form=assignment(), case=case)
    await school.open_task("training_consent", "p-trainee", case=case)
    await _lose(school, case)
    await school.answer("training_consent", "p-trainee", "consent", case=case)
    await school.open_task("training_review", "p-h1-head", case=case)
    await _lose(school, case)
    await school.answer("training_review", "p-h1-head", "agree", case=case)
    await school.stands(case, "matched")
    await _lose(school, case)
    await filed(school, case)
    assert len(await school.rows(select(Post).where(Post.placement == case))) == 1
    assert len(await school.rows(select(CaseFile).where(CaseFile.lifecycle == "ServiceTerm"))) == 1
    letters = [len(await school.letters("outcome", what=what)) for what in ("matched", "filed")]
    assert letters == [1, 1]
    assert not await school.damage()


async def _lose(office: Office, case: str) -> None:
    await office.would_go_on(case)
    await office.workflow(case).terminate()
    assert await office.delivery.rebuild(case)
