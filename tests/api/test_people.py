from tests.api.conftest import Town
from tests.builders.county import HOSPITAL, TOWNSHIP

NEW = {
    "id": "p-new",
    "name": "裘若兰",
    "email": "qiurl@deqing.test",
    "institution": HOSPITAL,
    "phone": "13800138000",
    "id_number": "11010519491231002X",
}


async def test_numbers_of_a_person_are_never_given_back_whole(town: Town) -> None:
    answer = await town.http.post("/people", json=NEW, headers=await town.program())

    assert answer.status_code == 201
    assert answer.json()["phone"] == "*******8000"
    assert answer.json()["id_number"] == "**************002X"
    assert answer.headers["Location"] == "/api/v1/people/p-new"


async def test_a_change_names_the_version_that_it_was_made_from(town: Town) -> None:
    headers = await town.program()
    added = await town.http.post("/people", json=NEW, headers=headers)
    tag = {"If-Match": added.headers["ETag"]}

    first = await town.http.patch("/people/p-new", json={"phone": "13900139000"}, headers={**headers, **tag})
    second = await town.http.patch("/people/p-new", json={"specialty": "儿科"}, headers={**headers, **tag})
    none = await town.http.patch("/people/p-new", json={"specialty": "儿科"}, headers=headers)

    assert (first.status_code, first.json()["phone"]) == (200, "*******9000")
    assert (second.status_code, second.json()["code"]) == (412, "version_stale")
    assert (none.status_code, none.json()["code"]) == (428, "version_missing")
    read = await town.http.get("/people/p-new", headers=headers)
    assert read.json()["specialty"] == ""
    assert read.headers["ETag"] == first.headers["ETag"]


async def test_a_key_without_roles_write_gives_no_role_and_moves_no_address_of_a_holder(town: Town) -> None:
    headers = await town.program("facts:write", "people:read")
    role = {"role": "R-10", "institution": HOSPITAL, "held_from": "2026-01-01"}
    tag = (await town.http.get("/people/p-t1-head", headers=headers)).headers["ETag"]

    given = await town.http.post("/people", json={**NEW, "roles": [role]}, headers=headers)
    moved = await town.http.patch(
        "/people/p-t1-head", json={"email": "thief@deqing.test"}, headers={**headers, "If-Match": tag}
    )

    assert given.status_code == moved.status_code == 422
    assert [each["code"] for each in given.json()["errors"]] == ["role_scope_missing"]
    assert [each["code"] for each in moved.json()["errors"]] == ["role_scope_missing"]


async def test_people_are_listed_by_pages_without_a_gap(town: Town) -> None:
    headers = await town.program("people:read")
    whole = await town.http.get("/people", params={"limit": 200}, headers=headers)
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        params: dict[str, str | int] = {"limit": 4, **({"cursor": cursor} if cursor else {})}
        page = (await town.http.get("/people", params=params, headers=headers)).json()
        found += [person["id"] for person in page["items"]]
        cursor = page["next"]

    assert found == [person["id"] for person in whole.json()["items"]]
    assert whole.json()["next"] is None
    heads = await town.http.get("/people", params={"role": "R-02", "institution": TOWNSHIP}, headers=headers)
    assert [person["id"] for person in heads.json()["items"]] == ["p-t1-head"]


async def test_each_row_of_several_gets_a_result_and_the_good_ones_stand(town: Town) -> None:
    headers = await town.program()
    rows = [
        NEW,
        {**NEW, "id": "p-other"},
        {"name": "无单位", "email": "x@deqing.test", "institution": "nowhere"},
        {"name": "日期", "email": "y@deqing.test", "institution": HOSPITAL, "qualified_on": "2026-02-30", "grade": "A"},
    ]

    answer = await town.http.post("/people/bulk", json={"rows": rows}, headers=headers)

    body = answer.json()
    assert body["counts"] == {"created": 1, "changed": 0, "unchanged": 0, "refused": 3}
    codes = [sorted(each["code"] for each in row["errors"]) for row in body["rows"]]
    assert codes[0] == []
    assert codes[1] == ["email_taken", "id_number_taken"]
    assert codes[2] == ["institution_unknown"]
    assert codes[3][:2] == ["date_wrong", "facts_only"]
    assert (await town.http.get("/people/p-new", headers=headers)).status_code == 200


async def test_only_those_who_may_read_people_do(town: Town) -> None:
    officer, administrator = await town.person("p-t1-hr"), await town.person("p-monitor")

    assert (await town.http.get("/people", headers=officer)).json()["code"] == "scope_missing"
    assert (await town.http.get("/people", headers=administrator)).status_code == 200
    assert (await town.http.get("/people")).json()["code"] == "caller_unknown"
    assert (await town.http.post("/people", json=NEW, headers=administrator)).json()["code"] == "scope_missing"


async def test_an_institution_may_stand_below_one_of_the_same_rows_but_not_below_itself(town: Town) -> None:
    headers = await town.program()
    rows = [
        {"code": "dq-v1", "name": "村卫生室", "kind": "village_clinic", "parent": "dq-t09"},
        {"code": "dq-t09", "name": "新市镇卫生院", "kind": "township_hospital", "parent": "dq-jt1"},
        {"code": "dq-jt1", "parent": "dq-v1"},
        {"code": "dq-t10", "name": "乾元镇卫生院", "kind": "clinic"},
    ]

    body = (await town.http.post("/institutions/bulk", json={"rows": rows}, headers=headers)).json()

    assert [row["outcome"] for row in body["rows"]] == ["created", "created", "refused", "refused"]
    assert body["rows"][2]["errors"][0]["code"] == "parent_cycle"
    assert body["rows"][3]["errors"][0]["code"] == "choice_unknown"
    listed = await town.http.get("/institutions", params={"parent": "dq-t09"}, headers=headers)
    assert [each["code"] for each in listed.json()["items"]] == ["dq-v1"]


async def test_an_institution_is_changed_only_from_the_version_that_was_read(town: Town) -> None:
    headers = await town.program()
    tag = (await town.http.get(f"/institutions/{HOSPITAL}", headers=headers)).headers["ETag"]
    change = {"contact_name": "人事科"}

    first = await town.http.patch(f"/institutions/{HOSPITAL}", json=change, headers={**headers, "If-Match": tag})
    second = await town.http.patch(f"/institutions/{HOSPITAL}", json=change, headers={**headers, "If-Match": tag})

    assert (first.status_code, first.json()["contact_name"]) == (200, "人事科")
    assert second.status_code == 412


async def test_a_text_that_the_record_cannot_hold_spoils_no_other_row(town: Town) -> None:
    rows = [NEW, {**NEW, "id": "p-\u0000", "email": "z\u0000@deqing.test", "name": "乙\u0000"}]

    answer = await town.http.post("/people/bulk", json={"rows": rows}, headers=await town.program())

    assert [row["outcome"] for row in answer.json()["rows"]] == ["created", "refused"]
    codes = {(each["field"], each["code"]) for each in answer.json()["rows"][1]["errors"]}
    assert {("id", "id_wrong"), ("email", "email_wrong"), ("name", "characters_wrong")} <= codes
