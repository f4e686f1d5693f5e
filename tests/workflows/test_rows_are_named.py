"""`audit verify` finds a post, match, verdict or finding that was altered, removed or added beside the file that says
how it came about (design 9).
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from db.engine.cases import CaseFile, EventRow
from db.engine.damage import Damage
from db.engine.evidence_chain import canonical
from db.engine.seals import seal_next
from db.posting import Post
from db.proof import audit
from policies.engine.pack import Pack
from tests.builders.county import settle_doctors
from tests.workflows.office import Office
from tests.workflows.year import (
    BALANCING,
    CYCLE,
    FIRST_BATCH,
    decide_batch,
    matched,
    posts_published,
    submit,
)
from vault.cipher import keyed_hash
from vault.keyring import Purpose

TABLES = ("case_file", "post", "post_match", "batch_item", "finding")


@pytest.fixture
async def lived(office: Office, dq_a: Pack) -> Mapping[str, str]:
    """Four posts: one filed, one matched, one taken back, one open again after its applicant withdrew; in the midst of
    it the files are sealed once.
    """
    people = await settle_doctors(office.record, 3)
    posts = await posts_published(office, dq_a, posts=4, people=people)
    async with office.record.begin() as session:
        assert await seal_next(session, office.keyring, at=office.clock.now())
    filed = await matched(office, people[0], posts[0])
    await submit(office, filed)
    await decide_batch(office, {filed: "file"})
    await office.stands(filed, "filed")
    holds = await matched(office, people[1], posts[1])
    await office.applications.cancel_post(posts[2], by="p-t1-hr", reason="科室撤并", request="cancel")
    await office.seen(select(Post).where(Post.id == posts[2], Post.state == "closed"))
    left = await matched(office, people[2], posts[3])
    await office.act("withdraw", people[2], left, words="另有安排")
    await office.stands(left, "withdrawn")
    assert await office.damage() == []
    named = {"filed": filed, "holds": holds, "left": left, "batch": FIRST_BATCH, "balancing": BALANCING}
    return named | {"cycle": CYCLE} | {f"post_{number}": post for number, post in enumerate(posts)}


@asynccontextmanager
async def tampered(office: Office, statement: str) -> AsyncIterator[None]:
    """What an owner of the database changes, put back afterwards."""
    await as_owner(office, *(f"CREATE TABLE kept_{table} AS TABLE {table}" for table in TABLES), statement)
    yield
    undo = (
        f"{put} {table}{rest}"
        for table in TABLES
        for put, rest in (("DELETE FROM", ""), ("INSERT INTO", f" TABLE kept_{table}"), ("DROP TABLE kept_", ""))
    )
    await as_owner(office, *(line.replace("kept_ ", "kept_") for line in undo))


async def as_owner(office: Office, *statements: str) -> None:
    async with office.record.begin() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await session.execute(text(statement))


# (what is done, the kind of row that is named, in whose file, which row, how it is damaged)
TAMPERING = (
    ("UPDATE case_file SET subject = 'p-nurse' WHERE id = '{filed}'", "start", "filed", "filed", "altered"),
    ("UPDATE case_file SET facts = facts || '{{\"sending\": \"dq-h2\"}}' WHERE id = '{filed}'",
     "start", "filed", "filed", "altered"),
    ("UPDATE case_file SET pack_version = 'another' WHERE id = '{filed}'", "start", "filed", "filed", "altered"),
    ("UPDATE case_file SET started_by = 'p-nurse' WHERE id = '{cycle}'", "start", "cycle", "cycle", "altered"),
    ("UPDATE post SET institution = 'dq-t02' WHERE id = '{post_1}'", "post", "balancing", "post_1", "altered"),
    ("UPDATE post SET specialty = 'surgery' WHERE id = '{post_1}'", "post", "balancing", "post_1", "altered"),
    ("UPDATE post SET duties = '另行安排' WHERE id = '{post_1}'", "post", "balancing", "post_1", "altered"),
    ("UPDATE post SET demand = cycle WHERE id = '{post_1}'", "post", "balancing", "post_1", "altered"),
    ("UPDATE post SET published_at = published_at - interval '1 day' WHERE id = '{post_1}'",
     "post", "balancing", "post_1", "altered"),
    ("DELETE FROM post WHERE id = '{post_1}'", "post", "balancing", "post_1", "missing"),
    (("INSERT INTO post SELECT 'post.9', cycle, demand, institution, specialty, mode, duties, state, published_at "
     "FROM post WHERE id = '{post_1}'"), "post", "balancing", "post.9", "added"),
    (("INSERT INTO post SELECT 'post.9', '{batch}', demand, institution, specialty, mode, duties, state, published_at "
     "FROM post WHERE id = '{post_1}'"), "post", "", "post.9", "added"),
    ("UPDATE post SET state = 'open' WHERE id = '{post_2}'", "closed_post", "cycle", "post_2", "missing"),
    ("UPDATE post SET state = 'unfilled' WHERE id = '{post_2}'", "closed_post", "cycle", "post_2", "altered"),
    ("UPDATE post SET state = 'closed' WHERE id = '{post_1}'", "closed_post", "cycle", "post_1", "added"),
    ("UPDATE post_match SET at = at - interval '1 day' WHERE case_id = '{holds}'",
     "match", "holds", "post_1", "altered"),
    ("DELETE FROM post_match WHERE case_id = '{filed}'", "match", "filed", "post_0", "missing"),
    ("INSERT INTO post_match SELECT '{post_3}', '{left}', at FROM post_match WHERE case_id = '{filed}'",
     "match", "left", "post_3", "added"),
    ("INSERT INTO post_match SELECT '{post_3}', 'posting.nobody', at FROM post_match WHERE case_id = '{filed}'",
     "match", "", "post_3", "added"),
    ("UPDATE batch_item SET verdict = 'return' WHERE case_id = '{filed}'", "verdict", "batch", "filed", "altered"),
    ("UPDATE batch_item SET verdict = '' WHERE case_id = '{filed}'", "verdict", "batch", "filed", "missing"),
    ("DELETE FROM batch_item WHERE case_id = '{filed}'", "verdict", "batch", "filed", "missing"),
    ("INSERT INTO batch_item SELECT batch, '{left}', 'file', at FROM batch_item WHERE case_id = '{filed}'",
     "verdict", "batch", "left", "added"),
    ("UPDATE finding SET outcome = 'eligible ' WHERE case_id = '{filed}'", "finding", "filed", "", "altered"),
    ("UPDATE finding SET finding = jsonb_set(finding, '{{quote}}', '\"满一年\"') WHERE case_id = '{filed}'",
     "finding", "filed", "", "altered"),
    ("UPDATE finding SET person = 'p-nurse' WHERE case_id = '{filed}'", "finding", "filed", "", "altered"),
    ("DELETE FROM finding WHERE case_id = '{filed}'", "finding", "filed", "", "missing"),
    (("INSERT INTO finding (case_id, rule, finding, at) SELECT case_id, 'DQ-3.1.1b', finding, at FROM finding "
     "WHERE case_id = '{filed}'"), "finding", "filed", "", "added"),
)  # fmt: skip


async def test_every_row_that_was_altered_removed_or_added_is_named_with_its_case(
    office: Office, lived: Mapping[str, str]
) -> None:
    for statement, kind, owner, which, how in TAMPERING:
        async with tampered(office, statement.format(**lived)):
            found = await office.damage()
        (named,) = found
        if kind == "finding":
            assert named.which.startswith("DQ-3.1.1"), statement
            named = replace(named, which="")
        assert named == Damage(kind, lived.get(owner, ""), which=lived.get(which, which), how=how), statement
    assert await office.damage() == []


async def test_a_match_that_was_given_up_stands_in_the_file_as_given_up(
    office: Office, lived: Mapping[str, str]
) -> None:
    rows = [json.loads(body).get("rows", {}).get("match") for body in await office.file_of(lived["left"])]
    first, second = [one[lived["post_3"]] for one in rows if one]
    assert first != second == ""


async def test_rows_of_files_that_were_begun_before_rows_were_named_are_no_damage_and_are_counted(
    office: Office, lived: Mapping[str, str]
) -> None:
    await _as_of_old(office, lived["filed"], lived["batch"])
    async with office.record() as session:
        proof = audit(session, office.keyring)
        assert [damage async for damage in proof.damages()] == []
    assert proof.tally.unnamed == 5, "two starts, the finding, the match, the verdict"
    assert proof.tally.named_since


async def _as_of_old(office: Office, *cases: str) -> None:
    """The same files as the release before wrote them, which named no rows and had no form."""
    key = office.keyring.current(Purpose.CHAIN)
    async with office.record.begin() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for case_id in cases:
            head, number = b"", 0
            lines = select(EventRow).where(EventRow.case_id == case_id).order_by(EventRow.number)
            for line in await session.scalars(lines):
                body = {name: said for name, said in json.loads(line.body).items() if name not in ("rows", "form")}
                line.body, line.previous, number = canonical(body), head, line.number
                parts = (str(number).encode(), str(int(line.at.timestamp() * 1_000_000)).encode(), line.body.encode())
                line.mac = head = keyed_hash(key, case_id.encode(), *parts, head)
            case = await session.get_one(CaseFile, case_id)
            seal = keyed_hash(key, case_id.encode(), str(number).encode(), head)
            case.file_head, case.file_seal = head, key.id.encode() + b":" + seal
