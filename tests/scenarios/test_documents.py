"""The forms of a year, F-01 to F-08, from the demand to the filing receipt, as pages, PDF and Word (COR-10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import Select, select

from db.engine.cases import CaseFile
from db.engine.people import Person
from db.engine.seals import SealLine, seal_next
from db.posting import BatchItem
from tests.builders.county import TOWNSHIP, settle_doctors
from tests.official.printed import in_pdf, in_word
from tests.scenarios.conftest import County
from tests.workflows.year import (
    BALANCING,
    BUREAU_CHAIN,
    CYCLE,
    DEMAND,
    FIRST_BATCH,
    OTHER_DEMAND,
    SUPPLY,
    decide_batch,
    matched,
    posts_published,
    publication,
    report,
    start_cycle,
    submit,
)

TOWN, CITY, HOSPITAL = "莫干山镇卫生院", "下渚湖街道社区卫生服务中心", "德清县人民医院"
Words = tuple[str, ...]


@dataclass(frozen=True)
class Year:
    """A year in which one person was filed and one returned."""

    county: County
    people: Mapping[str, str]
    filed: str

    async def printed(self, by: str, case: str, key: str) -> dict[str, str]:
        """The document three ways, each as its reader finds it."""
        browser = await self.county.at_the_pages(by)
        path = f"/cases/{case}/documents/{key}"
        page = await browser.get(path)
        assert page.status == 200, path
        ways = {"page": "".join(page.one("article.official").text.split())}
        for name, read in (("pdf", in_pdf), ("docx", in_word)):
            ways[name] = read((await browser.http.get(f"{path}/file.{name}")).content)
        return ways

    async def status(self, by: str, case: str, key: str = "") -> int:
        path = f"/cases/{case}/documents/{key}".rstrip("/")
        return (await (await self.county.at_the_pages(by)).get(path)).status


@pytest.fixture
async def year(county: County) -> Year:
    ids = await settle_doctors(county.office.record, 2)
    names = await county.office.rows(_names(ids))
    posts = await posts_published(county.office, county.pack, posts=2, people=ids)
    filed, back = [await matched(county.office, person, post) for person, post in zip(ids, posts, strict=True)]
    await submit(county.office, filed, back)
    await decide_batch(county.office, {filed: "file", back: "return"})
    await county.office.seen(select(CaseFile).where(CaseFile.id == FIRST_BATCH, CaseFile.state == "closed"))
    return Year(county, dict(zip(("filed", "back"), names, strict=True)), filed)


def _names(ids: Sequence[str]) -> Select[str]:
    return select(Person.name).where(Person.id.in_(ids)).order_by(Person.id)


async def test_cor_10_every_form_of_the_year_prints_three_ways(year: Year) -> None:
    filed, back = year.people["filed"], year.people["back"]
    wanted: Mapping[tuple[str, str, str], Words] = {
        ("p-t1-hr", DEMAND, "demand_plan"): (
            "“县聘乡用”人员需求计划",
            TOWN,
            "internal_medicine2全脱产",
            "谈月英",
            "施伯年",
        ),
        ("p-t1-hr", DEMAND, "trainee_list"): ("“乡管县育”轮训人员信息", "无轮训人员"),
        ("p-t2-hr", OTHER_DEMAND, "demand_plan"): (CITY, "无岗位需求"),
        ("p-h1-hr", SUPPLY, "dispatch_list"): ("下沉派遣人员名单", HOSPITAL, filed, back, "执业医师", "陆永康"),
        ("p-coordinator", CYCLE, "demand_collection"): ("共2人", TOWN, f"1{CITY}已申报，没有此项"),
        ("p-coordinator", CYCLE, "dispatch_collection"): (filed, back, "满三年认定", "符合", "共2人"),
        ("p-coordinator", CYCLE, "trainee_collection"): ("无轮训人员",),
        ("p-coordinator", BALANCING, "allocation_plan"): ("派遣供需计划（共2个岗位）", TOWN, "已综合考虑", "章丽华"),
        ("p-coordinator", year.filed, "application"): ("“县聘乡用”报名表", filed, "第一志愿", "是否服从调剂", "施伯年"),
        ("p-coordinator", FIRST_BATCH, "filing_batch"): ("人员信息", filed, back, HOSPITAL, TOWN, "章丽华", "第1批"),
        ("p-bureau-officer", FIRST_BATCH, "filing_receipt"): (
            *("报备回执", "德清县卫生健康局", "予以报备1人", "退回1人", filed, back, "材料不全"),
            *("沈国平", "姚建明", "潘志强"),
        ),
    }
    for (by, case, key), words in wanted.items():
        for way, said in (await year.printed(by, case, key)).items():
            missing = [one for one in (*words, "意见：", "签字：", "盖章：", "不是文号") if one not in said]
            assert missing == [], (key, way)
            assert "〔" not in said, (key, way)


async def test_forms_are_read_by_those_who_read_the_case_whole(year: Year) -> None:
    expected = {
        ("p-t1-head", DEMAND, "demand_plan"): 200,
        ("p-t2-hr", DEMAND, "demand_plan"): 404,
        ("p-h1-hr", DEMAND, "demand_plan"): 404,
        ("p-monitor", DEMAND, "demand_plan"): 404,
        ("p-t1-hr", SUPPLY, "dispatch_list"): 404,
        ("p-monitor", SUPPLY, "dispatch_list"): 404,
        ("p-h2-hr", SUPPLY, "dispatch_list"): 404,
        ("p-t1-hr", CYCLE, "demand_collection"): 404,
        ("p-bureau-officer", CYCLE, "demand_collection"): 200,
        ("p-h1-head", FIRST_BATCH, "filing_batch"): 404,
        ("p-monitor", FIRST_BATCH, "filing_receipt"): 404,
        ("p-coordinator", FIRST_BATCH, "filing_receipt"): 200,
        ("p-h1-hr", year.filed, "application"): 200,
        # The receiving side reviewed one post; the other wishes are not its.
        ("p-t1-head", year.filed, "application"): 404,
    }
    found = {which: await year.status(*which) for which in expected}
    assert found == expected


async def test_what_the_bureau_drafted_is_closed_on_the_groups_receipt(year: Year) -> None:
    for said in (await year.printed("p-coordinator", FIRST_BATCH, "filing_receipt")).values():
        assert "材料不全" in said
        assert said.count("意见内容不对打印人的角色开放") == len(BUREAU_CHAIN) - 1


async def test_cor_10_the_receipt_of_a_closed_batch_gets_its_number_and_the_register_covers_the_line(
    year: Year,
) -> None:
    office = year.county.office
    async with office.record.begin() as session:
        assert await seal_next(session, office.keyring, at=office.clock.now())
    before = len(await office.file_of(FIRST_BATCH))
    clerk = await year.county.at_the_pages("p-bureau-officer")
    path = f"/cases/{FIRST_BATCH}/documents/filing_receipt"
    facts = {
        "request": "c" * 32,
        "number": "德卫健〔2040〕12号",
        "signed_by": "潘志强",
        "issued_on": "",
        "incoming": "",
    }
    assert (await clerk.post(path, facts)).status == 200
    assert len(await office.file_of(FIRST_BATCH)) == before + 1
    assert await office.damage() == []
    async with office.record.begin() as session:
        assert await seal_next(session, office.keyring, at=office.clock.now())
    newest = select(SealLine.events).where(SealLine.case_id == FIRST_BATCH).order_by(SealLine.seal.desc())
    assert (await office.rows(newest))[0] == before + 1
    assert await office.damage() == []
    group = await year.county.at_the_pages("p-coordinator")
    assert "德卫健〔2040〕12号" in (await group.get(path)).one("table.pairs").text
    assert (await group.post(path, {**facts, "request": "d" * 32, "number": "冒名"})).status == 403


async def test_the_batch_keeps_the_post_that_was_submitted(year: Year) -> None:
    """Whom the bureau returned may withdraw and lose the post; what was filed says what was filed."""
    back = next(case for case in await year.county.office.rows(_members()) if case != year.filed)
    person = (await year.county.office.case(back)).subject or ""
    await year.county.office.act("withdraw", person, back, words="另有安排")
    await year.county.office.stands(back, "withdrawn")
    said = (await year.printed("p-coordinator", FIRST_BATCH, "filing_batch"))["page"]
    assert said.count(f"{HOSPITAL}{TOWN}internal_medicine") == 3


def _members() -> Select[str]:
    return select(BatchItem.case_id).where(BatchItem.batch == FIRST_BATCH).order_by(BatchItem.case_id)


async def test_the_plan_says_what_could_not_be_met_and_why(county: County) -> None:
    await start_cycle(county.office)
    await report(county.office, posts=2)
    unmet = [{"institution": TOWNSHIP, "specialty": "internal_medicine", "headcount": 1, "reason": "全县内科医师不足"}]
    form = publication(county.pack, posts=1) | {"unmet": unmet}
    await county.office.answer("balancing", "p-coordinator", "publish", form=form)
    await county.office.stands(BALANCING, "balanced")
    for way, said in (await Year(county, {}, "").printed("p-coordinator", BALANCING, "allocation_plan")).items():
        assert "共1个岗位" in said, way
        assert f"{TOWN}internal_medicine1全县内科医师不足" in said, way
