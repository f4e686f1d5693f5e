"""Choosing posts, and the group's nomination (DQ-3.1.3a, COR-21)."""

from typing import Literal

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.posting import Post, PostMatch
from services.engine.decisions import Answer, Asked, Form
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed

WITHOUT_FORM = ("decline", "withdraw")


class Wishes(Fields):
    """First and second choice, and whether reassignment is accepted."""

    first: str = Field(min_length=1)
    second: str = ""
    reassign: Literal["yes", "no"] = "no"


class Nomination(Fields):
    """The post for which the group nominates the person."""

    post: str = Field(min_length=1)


async def application(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Open posts of this cycle, two different ones at most. A correction keeps the posts and adds words."""
    if answer.choice in WITHOUT_FORM or asked.task.name == "correct_application":
        return Form()
    wishes = parsed(Wishes, answer.form)
    return Form(wishes.model_dump(), await checked_wishes(session, asked.case.cycle, wishes))


async def checked_wishes(session: AsyncSession, cycle: str, wishes: Wishes) -> dict[str, str]:
    """The choices with their receiving institutions, as the case needs them. Raises FactsRefused for a post that is
    not open.
    """
    problems = [FieldProblem("second", "named_twice")] if wishes.first == wishes.second else []
    refs: dict[str, str] = {"reassign": wishes.reassign}
    for field, wish in (("first", wishes.first), ("second", wishes.second)):
        post = await open_post(session, cycle, wish) if wish else None
        if post:
            refs |= {field: post.id, f"{field}_receiver": post.institution}
        elif wish:
            problems.append(FieldProblem(field, "post_unavailable"))
    ensure(problems)
    return refs


async def nomination(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """An open post of this cycle."""
    if answer.choice != "nominate":
        return Form()
    form = parsed(Nomination, answer.form)
    post = await open_post(session, asked.case.cycle, form.post)
    if post is None:
        ensure([FieldProblem("post", "post_unavailable")])
        return Form()
    return Form(form.model_dump(), {"post": post.id, "receiver": post.institution})


async def open_post(session: AsyncSession, cycle: str, post: str) -> Post | None:
    """The post, if it is of this cycle, open and not matched."""
    query = (
        select(Post)
        .outerjoin(PostMatch, PostMatch.post == Post.id)
        .where(Post.id == post, Post.cycle == cycle, Post.state == "open", PostMatch.post.is_(None))
        .where(Post.placement.is_(None))
    )
    found: Post | None = await session.scalar(query)
    return found
