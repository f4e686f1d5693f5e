"""The lists of the forms as tables: posts asked for, people, who is sent where, what the bureau said of each."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile
from db.engine.people import Person
from db.engine.tasks import TaskRow
from db.posting import BatchItem, Post, PostMatch
from services.engine.permissions import OBJECT
from services.office_words import MODES, VERDICTS
from services.official.model import Column, Table, numbered
from services.official.reading import Reading, day, profession

NUMBER = Column("序号", 1)


@dataclass(frozen=True)
class Member:
    """One person of a filing batch, with the post for which they are sent and the bureau's verdict, "" until then."""

    case: str
    person: Person
    post: Post | None
    verdict: str


def posts_asked(lines: Iterable[Mapping[str, Any]], caption: str = "岗位需求") -> Table:
    """F-01: specialties with numbers, from the form of a report."""
    rows = [
        (one["specialty"], str(one["headcount"]), MODES.get(one.get("mode", ""), ""), one.get("duties", ""))
        for one in lines
    ]
    columns = (NUMBER, Column("专业", 3), Column("人数", 1), Column("脱产方式", 2), Column("工作任务", 5))
    return Table(caption, columns, numbered(rows), empty="无岗位需求")


async def people_named(reading: Reading, named: Sequence[Mapping[str, Any]], caption: str, *, empty: str) -> Table:
    """F-02, F-03: people with the specialty in which they are trained or sent, from the form of a report."""
    known = await reading.people(one["person"] for one in named)
    rows = [
        (person.name, profession(person), one.get("specialty") or person.specialty, day(person.qualified_on))
        for one in named
        if (person := known.get(one["person"]))
    ]
    columns = (NUMBER, Column("姓名", 2), Column("执业类别、职称", 3), Column("专业", 3), Column("取得执业资格日期", 3))
    return Table(caption, columns, numbered(rows), empty=empty)


async def members(session: AsyncSession, batch: str, *, submitted_at: datetime | None) -> list[Member]:
    """Who is in a batch, by the number of the case; `submitted_at` is when it left the group, None until then.

    Whom the bureau returns may be matched to another post later: the batch keeps the one that was submitted.
    """
    query = (
        select(BatchItem.case_id, Person, PostMatch.post, BatchItem.verdict)
        .join(CaseFile, CaseFile.id == BatchItem.case_id)
        .join(Person, Person.id == CaseFile.subject)
        .outerjoin(PostMatch, PostMatch.case_id == BatchItem.case_id)
        .where(BatchItem.batch == batch)
        .order_by(BatchItem.case_id)
    )
    rows = (await session.execute(query)).all()
    agreed = await _agreed(session, [row[0] for row in rows], submitted_at) if submitted_at else {}
    posts = {one: agreed.get(one, matched) for one, _, matched, _ in rows}
    known = await session.scalars(select(Post).where(Post.id.in_([post for post in posts.values() if post])))
    by_id = {post.id: post for post in known}
    return [Member(one, person, by_id.get(posts[one] or ""), verdict) for one, person, _, verdict in rows]


async def _agreed(session: AsyncSession, cases: Sequence[str], until: datetime) -> Mapping[str, str]:
    """The post that each case was last asked about up to an instant."""
    post = TaskRow.refs[OBJECT].astext
    query = select(TaskRow.case_id, post).where(TaskRow.case_id.in_(cases), TaskRow.opened_at <= until)
    rows = await session.execute(query.where(post.is_not(None)).order_by(TaskRow.opened_at))
    return {row[0]: row[1] for row in rows}


def people_sent(reading: Reading, listed: Iterable[Member]) -> Table:
    """F-07: the people of a batch, from where to where."""
    rows = [
        (
            one.person.name,
            profession(one.person),
            reading.place(one.person.institution),
            reading.place(one.post.institution) if one.post else "",
            f"{one.post.specialty} {MODES.get(one.post.mode, '')}".strip() if one.post else "",
        )
        for one in listed
    ]
    columns = (
        NUMBER,
        Column("姓名", 2),
        Column("执业类别、职称", 3),
        Column("派出单位", 3),
        Column("接收单位", 3),
        Column("岗位", 3),
    )
    return Table("人员信息", columns, numbered(rows))


def places_filled(reading: Reading, listed: Iterable[Member]) -> Table:
    """F-07: the plan of a batch, how many go where."""
    filled = Counter(
        (reading.place(one.person.institution), reading.place(one.post.institution), one.post.specialty)
        for one in listed
        if one.post
    )
    rows = [(*where, str(number)) for where, number in sorted(filled.items())]
    columns = (NUMBER, Column("派出单位", 4), Column("接收单位", 4), Column("专业", 3), Column("人数", 1))
    return Table("派遣供需计划", columns, numbered(rows))


def verdicts(reading: Reading, listed: Iterable[Member], reasons: Mapping[str, str]) -> Table:
    """F-08: the bureau's verdict on each person, with the reason of a return or an objection."""
    rows = [
        (
            one.person.name,
            reading.place(one.person.institution),
            f"{reading.place(one.post.institution)} {one.post.specialty}" if one.post else "",
            VERDICTS.get(one.verdict, ""),
            reasons.get(one.case, ""),
        )
        for one in listed
    ]
    columns = (
        NUMBER,
        Column("姓名", 2),
        Column("派出单位", 3),
        Column("接收单位、岗位", 4),
        Column("意见", 2),
        Column("理由", 3),
    )
    return Table("逐人意见", columns, numbered(rows))
