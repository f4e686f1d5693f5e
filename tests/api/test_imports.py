"""Sheets over the API: every row gets a result, the good ones stand, the bad ones say where, what and what to do."""

import io
from collections.abc import Mapping, Sequence

import httpx2
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import func, select

from db.engine.access import ApiKey
from db.engine.people import Person, RoleHolding
from services.import_template import workbook
from services.imports import INSTITUTIONS, PEOPLE
from tests.api.conftest import Town
from tests.builders.county import GROUP, HOSPITAL

FIELDS = [heading.field for heading in PEOPLE]
BAD_ROWS = (17, 90, 201)


def a_row(number: int, **more: str) -> list[str]:
    said = {
        "name": f"测试{number}",
        "email": f"staff{number}@deqing.test",
        "institution": HOSPITAL,
        "profession": "执业医师",
        "professional_title": "中级",
        "qualified_on": "2018-07-01",
        **more,
    }
    return [said.get(field, "") for field in FIELDS]


def two_hundred_rows() -> list[list[str]]:
    """Sheet rows 2 to 201, of which three are bad."""
    wrong = {17: {"id_number": "110105194912310021"}, 90: {"institution": "dq-h9", "phone": "12"}, 201: {"name": ""}}
    return [a_row(number, **wrong.get(number, {})) for number in range(2, 202)]


async def send(
    town: Town, content: bytes, headers: Mapping[str, str], *, path: str = "/people/import", try_only: bool = False
) -> httpx2.Response:
    files = {"file": ("people.xlsx", content)}
    return await town.http.post(path, files=files, headers=headers, params={"try_only": try_only})


async def people_in(town: Town) -> int:
    async with town.record() as session:
        query = select(func.count()).select_from(Person).where(Person.email.like("staff%"))
        return await session.scalar(query) or 0


@pytest.mark.parametrize(
    ("language", "detail", "advice"),
    [
        ("zh-CN", "身份证号不正确：位数、出生日期或校验码不符。", "请对照证件核对 18 位号码。"),
        (
            "en",
            "The identity number is not correct: its length, birth date or check character does not fit.",
            "Compare all 18 characters with the card.",
        ),
    ],
)
async def test_of_200_rows_3_bad_ones_say_what_to_do_and_197_stand(
    town: Town, language: str, detail: str, advice: str
) -> None:
    headers = {**await town.program(), "Accept-Language": language}

    answer = await send(town, workbook(PEOPLE, "人员", two_hundred_rows()), headers)

    body = answer.json()
    assert answer.status_code == 200
    assert body["counts"] == {"created": 197, "changed": 0, "unchanged": 0, "refused": 3}
    bad = {row["row"]: row["errors"] for row in body["rows"] if row["outcome"] == "refused"}
    assert tuple(bad) == BAD_ROWS
    assert bad[17] == [
        {"field": "id_number", "code": "id_number_wrong", "detail": detail, "advice": advice, "column": "F"}
    ]
    assert {(each["column"], each["code"]) for each in bad[90]} == {("D", "institution_unknown"), ("E", "phone_wrong")}
    assert [(each["column"], each["code"]) for each in bad[201]] == [("B", "missing")]
    assert await people_in(town) == 197


async def test_a_sheet_that_is_only_tried_says_the_same_and_keeps_nothing(town: Town) -> None:
    headers, content = await town.program(), workbook(PEOPLE, "人员", two_hundred_rows())

    tried = (await send(town, content, headers, try_only=True)).json()

    assert tried["tried"] is True
    assert tried["counts"] == {"created": 197, "changed": 0, "unchanged": 0, "refused": 3}
    assert await people_in(town) == 0


async def test_the_same_sheet_twice_changes_nothing_the_second_time(town: Town) -> None:
    headers, content = await town.program(), workbook(PEOPLE, "人员", two_hundred_rows())
    await send(town, content, headers)

    again = (await send(town, content, headers)).json()

    assert again["counts"] == {"created": 0, "changed": 0, "unchanged": 197, "refused": 3}
    assert await people_in(town) == 197


async def test_the_entries_of_a_sheet_say_whose_key_brought_them(town: Town) -> None:
    mine = await town.program("facts:write", "people:read")

    await send(town, workbook(PEOPLE, "人员", two_hundred_rows()), mine)

    async with town.record() as session:
        query = select(Person.changed_by, Person.changed_way).where(Person.email.like("staff%")).distinct()
        ((by, way),) = (await session.execute(query)).all()
        assert (await session.get_one(ApiKey, by), way) == (await session.scalar(select(ApiKey)), "import")
    person = (await town.http.get("/people", params={"limit": 1}, headers=mine)).json()["items"][0]
    assert {"changed_by", "changed_way", "changed_at"} <= person.keys()


async def test_further_rows_of_a_person_give_further_roles(town: Town) -> None:
    headers = await town.program()
    head = {"role": "R-04", "role_institution": HOSPITAL, "role_from": "2026年1月1日"}
    rows = [
        a_row(1, **head),
        a_row(1, **{**head, "role": "R-07", "role_institution": GROUP, "role_until": "2026/12/31"}),
        a_row(1, **{**head, "role": "R-99"}),
        a_row(1, role="R-03"),
        a_row(1, **{**head, "role_from": "2026-06-01"}),
        a_row(1, name="别人"),
    ]

    body = (await send(town, workbook(PEOPLE, "人员", rows), headers)).json()

    codes = [sorted({each["code"] for each in row["errors"]}) for row in body["rows"]]
    refusals = [["role_unknown"], ["role_incomplete"], ["role_overlaps"], ["email_repeated"]]
    assert codes == [[], [], *refusals]
    async with town.record() as session:
        query = select(RoleHolding).join(Person, Person.id == RoleHolding.person)
        held = await session.scalars(query.where(Person.email == "staff1@deqing.test").order_by(RoleHolding.role))
        assert [(each.role, each.institution) for each in held] == [("R-04", HOSPITAL), ("R-07", GROUP)]


async def test_a_number_that_the_sheet_kept_as_a_figure_is_not_guessed(town: Town) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "邮箱", "单位代码", "身份证号", "电话"])
        sheet.write_row(1, 0, ["甲", "a@deqing.test", HOSPITAL, 110105194912310021, 13800138000])

    body = (await send(town, content.getvalue(), await town.program())).json()

    assert [(each["column"], each["code"]) for each in body["rows"][0]["errors"]] == [("D", "digits_lost")]


def a_sheet(*rows: Sequence[str]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"not a workbook", 422, "sheet_unreadable"),
        (b"PK\x03\x04 cut off", 422, "sheet_unreadable"),
        (b"0" * (5 * 1024 * 1024 + 1), 413, "sheet_too_large"),
        (a_sheet(), 422, "sheet_empty"),
        (a_sheet(["姓名", "邮箱", "单位代码"]), 422, "sheet_empty"),
        (a_sheet(["姓名", "邮箱", "等次"], ["甲", "a@deqing.test", "优秀"]), 422, "sheet_columns_wrong"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_refused_whole(town: Town, content: bytes, status: int, code: str) -> None:
    answer = await send(town, content, await town.program())

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_wrong_headings_are_named(town: Town) -> None:
    content = a_sheet(["姓名", "姓名", "邮箱", "等次"], ["甲", "乙", "a@deqing.test", "优秀"])

    answer = await send(town, content, await town.program())

    assert answer.json()["facts"] == {"unknown": "等次", "absent": "单位代码", "repeated": "姓名"}


async def test_what_the_template_offers_can_be_filled_in_and_sent_back(town: Town) -> None:
    headers = await town.program()
    template = await town.http.get("/institutions/import-template", headers=headers)
    row = ["dq-t20", "钟管镇卫生院", "", "乡镇卫生院", GROUP, "=1+1", ""]

    body = (await send(town, workbook(INSTITUTIONS, "单位", [row]), headers, path="/institutions/import")).json()

    assert template.headers["content-type"].endswith("spreadsheetml.sheet")
    assert template.content.startswith(b"PK")
    assert body["counts"]["created"] == 1
    stored = await town.http.get("/institutions/dq-t20", headers=headers)
    assert (stored.json()["kind"], stored.json()["contact_name"]) == ("township_hospital", "=1+1")
