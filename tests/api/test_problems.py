"""Every refusal has a number and words in both languages; every bad request is told which field and what to do."""

import importlib
import pkgutil
from string import Formatter

import pytest
from temporalio.client import Client

from activities.engine.delivery import Delivery
from api.errors import STATUS_OF
from api.problems import PROBLEMS, Problem, code_of, worded
from db.engine.base import Sessions, connect, sessions
from db.engine.packs import PackShelf
from i18n import LANGUAGES, translator
from policies.engine.refusals import Refusal
from services.engine.keys import KeyDesk
from services.field_problems import FIELD_PROBLEMS
from stack.ports import free_port
from tests.api.conftest import Town, opened_town
from tests.builders.starting_database import starting_database
from tests.conftest import StandingClock
from vault.keyring import Keyring

CYCLE = {"group": "dq-jt1", "year": 2026, "planned_start": "2026-07-01"}
PARTS = ("policies", "db", "mail", "activities", "workflows", "services", "api", "console")


def kinds() -> tuple[type[Refusal], ...]:
    """Every refusal of the product: all of it is imported first."""
    for part in PARTS:
        package = importlib.import_module(part)
        for module in pkgutil.walk_packages(package.__path__, f"{part}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    return Refusal.kinds()


def test_every_refusal_has_a_status_and_words_and_the_table_names_no_other() -> None:
    names = {kind.__name__ for kind in kinds()}

    assert names == set(STATUS_OF)
    assert {code_of(name) for name in names} <= set(PROBLEMS)
    assert {name for name, status in STATUS_OF.items() if not 400 <= status < 500} == {"StartingUp"}


def test_every_refusal_has_a_name_of_its_own_and_a_sentence() -> None:
    names = [kind.__name__ for kind in kinds()]

    assert sorted(names) == sorted(set(names))
    assert all(kind.__doc__ for kind in kinds())


def test_every_problem_is_said_in_english_too() -> None:
    english = translator("en")
    words = [text for three in PROBLEMS.values() for text in three]
    words += [text for two in FIELD_PROBLEMS.values() for text in two]

    assert [text for text in words if english.gettext(text) == text] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_a_problem_can_be_said_without_its_facts(code: str, language: str) -> None:
    body = worded(Problem(code, 409, {}), language)

    assert not any(
        name for text in ("title", "detail", "advice") for _, name, _, _ in Formatter().parse(str(body[text])) if name
    )
    assert body["code"] == code


BAD = [
    ("POST", "/demand-cycles", b"{'group'", "json_malformed", 400, "不是有效的 JSON", "Not valid JSON"),
    (
        "POST",
        "/demand-cycles",
        b'{"group": "\xff"}',
        "body_undecodable",
        400,
        "无法解码请求正文",
        "The body cannot be decoded",
    ),
    ("POST", "/demand-cycles", b"[]", "request_invalid", 422, "请求内容不符合要求", "The request is not as required"),
    ("GET", "/people/p-nobody", b"", "person_unknown", 404, "没有这个人员", "There is no such person"),
    ("GET", "/institutions/none", b"", "institution_unknown", 404, "没有这个单位", "There is no such institution"),
    ("GET", "/cases/cycle.x", b"", "case_unknown", 404, "没有这个事项", "There is no such case"),
    ("GET", "/cases?cursor=%25", b"", "cursor_unknown", 400, "分页游标无效", "The cursor is not valid"),
    ("GET", "/nowhere", b"", "not_found", 404, "没有这个地址", "There is no such address"),
    ("DELETE", "/people", b"", "method_not_allowed", 405, "不支持此方法", "The method is not supported"),
    ("PATCH", "/people/p-doctor", b"{}", "version_missing", 428, "缺少 If-Match", "If-Match is missing"),
]


@pytest.mark.parametrize(("method", "path", "content", "code", "status", "chinese", "english"), BAD)
async def test_a_bad_request_gets_a_clear_problem_in_both_languages(  # noqa: PLR0917  one row of the table
    town: Town, method: str, path: str, content: bytes, code: str, status: int, chinese: str, english: str
) -> None:
    headers = {**await town.program(), "Content-Type": "application/json"}

    for language, title in (("zh-CN", chinese), ("en-GB,en;q=0.9", english)):
        answer = await town.http.request(
            method, path, content=content, headers={**headers, "Accept-Language": language}
        )

        body = answer.json()
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
        assert (body["title"], body["type"]) == (title, f"urn:pinyong:problem:{code}")
        assert body["detail"]
        assert body["advice"]


async def test_a_wrong_date_names_its_field(town: Town) -> None:
    body = {"group": "dq-jt1", "year": 2026, "planned_start": "2026-02-30"}

    answer = await town.http.post("/demand-cycles", json=body, headers=await town.program())

    faults = answer.json()["errors"]
    assert [(each["field"], each["code"]) for each in faults] == [("planned_start", "date_wrong")]
    assert faults[0]["advice"] == "请按 2026-03-01 的格式填写真实存在的日期。"


@pytest.mark.parametrize(("language", "title"), [("zh", "数据库暂时无法使用"), ("en", "The database is away")])
async def test_without_a_database_the_answer_is_503_and_when_to_try_again(
    clock: StandingClock, keyring: Keyring, language: str, title: str
) -> None:
    record = sessions(connect(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/nothing", keyring))
    nobody = Delivery(await Client.connect("127.0.0.1:1", lazy=True), record, task_queue="nobody")
    parts = opened_town(nobody, record=record, clock=clock, keyring=keyring, shelf=PackShelf(record))
    headers = {"Authorization": "Bearer pinyong_x", "Accept-Language": language}

    async with parts as town:
        answer = await town.http.post("/demand-cycles", json=CYCLE, headers=headers)

    assert (answer.status_code, answer.json()["title"]) == (503, title)
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize(("language", "title"), [("zh", "系统正在启动"), ("en", "The system is starting")])
async def test_before_the_first_worker_has_stored_the_rules_the_answer_is_503_and_when_to_try_again(
    record: Sessions, clock: StandingClock, keyring: Keyring, language: str, title: str
) -> None:
    nobody = Delivery(await Client.connect("127.0.0.1:1", lazy=True), record, task_queue="nobody")
    issued = await KeyDesk(record, clock=clock).issue("hr", ["cases:start", "facts:write", "roles:write"])
    headers = {"Authorization": f"Bearer {issued.secret}", "Accept-Language": language}
    row = {"name": "沈一鸣", "email": "a@deqing.test", "institution": "dq-wjj"}
    async with opened_town(nobody, record=record, clock=clock, keyring=keyring, shelf=PackShelf(record)) as town:
        for path, body in (("/demand-cycles", CYCLE), ("/people", row), ("/people/bulk", {"rows": [row]})):
            keyed = headers | {"Idempotency-Key": path.strip("/").replace("/", "-")}
            answer = await town.http.post(path, json=body, headers=keyed)
            assert (answer.status_code, answer.json()["title"]) == (503, title), answer.text
            assert answer.headers["Retry-After"] == "5"
            assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_database_that_is_still_starting_is_away_and_not_broken(clock: StandingClock, keyring: Keyring) -> None:
    async with starting_database() as url:
        record = sessions(connect(url, keyring))
        nobody = Delivery(await Client.connect("127.0.0.1:1", lazy=True), record, task_queue="nobody")
        parts = opened_town(nobody, record=record, clock=clock, keyring=keyring, shelf=PackShelf(record))

        async with parts as town:
            answer = await town.http.post("/demand-cycles", json=CYCLE, headers={"Authorization": "Bearer pinyong_x"})

    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
