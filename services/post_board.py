"""The board of published posts of a cycle, and the demand that could not be met (DQ-3.1.2d)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import distinct_on

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.posting import Application, Post, PostMatch, UnmetDemand
from policies.engine.refusals import Refusal
from policies.engine.words import Words
from services.engine.places import Places

MATCHED = "matched"


class PostUnknown(Refusal):
    """There is no such post."""


@dataclass(frozen=True)
class PostLine:
    """One post. `place` is the code of its institution; state: open, matched, closed or unfilled; `applicants` counts
    the present first and second choices. cycle_ended: the year's cycle is closed, and takes no post back.
    """

    post: str
    cycle: str
    place: str
    institution: Words
    specialty: str
    mode: str
    duties: str
    state: str
    applicants: int
    published_at: datetime
    cycle_ended: bool


@dataclass(frozen=True)
class PostBrief:
    """One post for programs, in codes. state: open, matched, closed or unfilled."""

    id: str
    cycle: str
    institution: str
    specialty: str
    mode: str
    duties: str
    state: str
    published_at: datetime


@dataclass(frozen=True)
class PostFilter:
    """Which posts to list, from after an id on; None narrows nothing."""

    cycle: str | None = None
    state: str | None = None
    after: str = ""
    limit: int = 50


@dataclass(frozen=True)
class UnmetLine:
    """Demand of an institution that was recorded as unmet."""

    cycle: str
    institution: Words
    specialty: str
    headcount: int


@dataclass(frozen=True)
class Board:
    """What the board shows."""

    posts: tuple[PostLine, ...]
    unmet: tuple[UnmetLine, ...]


class PostBoard:
    """Reads posts."""

    def __init__(self, sessions: Sessions, *, places: Places) -> None:
        """A board over the record."""
        self._sessions, self._places = sessions, places

    async def board(self, *, institution: str = "", state: str = "", specialty: str = "") -> Board:
        """Every post that was published, newest cycle first, narrowed by what is given."""
        places = await self._places.now()
        async with self._sessions() as session:
            query = _POSTS.order_by(Post.cycle.desc(), Post.institution, Post.specialty, Post.id)
            rows = (await session.execute(query)).all()
            wishes = (await session.execute(_LATEST_WISHES)).all()
            unmet = (await session.scalars(select(UnmetDemand).order_by(UnmetDemand.cycle.desc()))).all()
        wanted = [post for first, second in wishes for post in (first, second) if post]
        posts = (
            _line(post, matched, ended, institution=places.name(post.institution), applicants=wanted.count(post.id))
            for post, matched, ended in rows
            if institution in ("", post.institution) and specialty in ("", post.specialty)
        )
        return Board(
            tuple(line for line in posts if state in ("", line.state)),
            tuple(UnmetLine(one.cycle, places.name(one.institution), one.specialty, one.headcount) for one in unmet),
        )

    async def post(self, post_id: str) -> PostLine:
        """One post. Raises PostUnknown."""
        places = await self._places.now()
        async with self._sessions() as session:
            row = (await session.execute(_POSTS.where(Post.id == post_id))).first()
        if row is None:
            raise PostUnknown(post=post_id)
        post, matched, ended = row
        return _line(post, matched, ended, institution=places.name(post.institution), applicants=0)

    async def listed(self, wanted: PostFilter) -> list[PostBrief]:
        """Published posts in the order of their ids."""
        state = case((PostMatch.post.is_not(None), MATCHED), else_=Post.state)
        query = select(Post, state).outerjoin(PostMatch, PostMatch.post == Post.id).where(Post.id > wanted.after)
        query = query.where(Post.placement.is_(None))
        if wanted.cycle:
            query = query.where(Post.cycle == wanted.cycle)
        if wanted.state:
            query = query.where(state == wanted.state)
        async with self._sessions() as session:
            rows = (await session.execute(query.order_by(Post.id).limit(wanted.limit))).all()
        return [_brief(post, shown) for post, shown in rows]


def _brief(post: Post, state: str) -> PostBrief:
    return PostBrief(
        id=post.id,
        cycle=post.cycle,
        institution=post.institution,
        specialty=post.specialty,
        mode=post.mode,
        duties=post.duties,
        state=state,
        published_at=post.published_at,
    )


_POSTS = (
    select(Post, PostMatch.case_id, CaseFile.state == "closed")
    .outerjoin(PostMatch, PostMatch.post == Post.id)
    .join(CaseFile, CaseFile.id == Post.cycle)
    .where(Post.placement.is_(None))
)
_LATEST_WISHES = (
    select(Application.first, Application.second)
    .join(CaseFile, CaseFile.id == Application.case_id)
    .where(CaseFile.state != "closed")
    .ext(distinct_on(Application.case_id))
    .order_by(Application.case_id, Application.round.desc())
)


def _line(
    post: Post,
    matched: str | None,
    ended: bool,  # noqa: FBT001  # a fact of the row
    *,
    institution: Words,
    applicants: int,
) -> PostLine:
    return PostLine(
        post.id,
        post.cycle,
        post.institution,
        institution,
        post.specialty,
        post.mode,
        post.duties,
        MATCHED if matched else post.state,
        applicants,
        post.published_at,
        ended,
    )
