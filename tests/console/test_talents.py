"""The pages of calls for talent schemes (DQ-3.5.2b)."""

from datetime import timedelta

from tests.console.conftest import Town
from tests.workflows.talents import NAME, WORDS, earned
from tests.workflows.trainees import filed_training, settle_trainees


async def test_dq_3_5_2b_the_bureau_calls_and_everybody_reads_what_is_theirs(town: Town) -> None:
    office = town.office
    await settle_trainees(office.record)
    training = await filed_training(office, town.pack)
    await earned(office, training)
    browser = await town.as_person("p-bureau-officer")
    page = await browser.get("/talents")
    assert "目前在优先推荐名单中的人员：1人" in page.text
    closes_on = (town.clock.now().date() + timedelta(days=30)).isoformat()
    wrong = await browser.post("/talents", {"name": NAME, "closes_on": "", "words": WORDS})
    assert (wrong.status, wrong.fields("form.call")["name"]) == (422, NAME)
    called = await browser.post("/talents", {"name": NAME, "closes_on": closes_on, "words": WORDS})
    assert "已登记，名单上的人员和派出单位会收到提醒" in called.text
    case = "talents.dq-b.dq-wjj.1"
    await office.stands(case, "talents_reminded")
    assert "钟若谷" in (await browser.get(f"/talents/{case}")).text
    for reader in ("p-trainee", "p-t1-hr"):
        page = await (await town.as_person(reader)).get(f"/talents/{case}")
        assert (page.status, WORDS in page.text, "钟若谷" in page.text) == (200, True, True)
    for stranger in ("p-t2-hr", "p-trainee-2", "p-doctor"):
        browser = await town.as_person(stranger)
        assert (await browser.get(f"/talents/{case}")).status == 404
        page = await browser.get("/talents")
        assert (NAME in page.text, page.html.select("form.call")) == (False, [])
        assert (await browser.post("/talents", {"name": "x", "closes_on": closes_on, "words": "x"})).status == 403
