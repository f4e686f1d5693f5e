"""Posts, applications and matches: two-way selection of person and post (DQ-3.1.3a, b)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind


class Post(Row):
    """One published place for one person. `state` is open, closed (EXC-04) or unfilled; matched is a row in
    `post_match`. `placement`: the case of the one trainee for whom the place is; NULL for a post that a balancing has
    published.
    """

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_cycle_state", "cycle", "state"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    cycle: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    demand: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    institution: Mapped[str] = mapped_column(ForeignKey("institution.code"), index=True)
    specialty: Mapped[str]
    mode: Mapped[str]
    duties: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    published_at: Mapped[datetime]
    placement: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"), index=True)


class PostMatch(Row):
    """The match of one post and one case: a unique row on both sides, written in the commit that agrees."""

    __tablename__ = "post_match"

    post: Mapped[str] = mapped_column(ForeignKey("post.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), unique=True)
    at: Mapped[datetime]


class Application(Row):
    """What an applicant asked for: first and second choice and whether reassignment is accepted (COR-21)."""

    __tablename__ = "application"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[str] = mapped_column(ForeignKey("post.id"))
    second: Mapped[str | None] = mapped_column(ForeignKey("post.id"))
    accepts_reassignment: Mapped[bool]
    at: Mapped[datetime]


class UnmetDemand(Row):
    """Demand that the group could not meet, with its reason; the imbalance is recorded and the cycle goes on
    (DQ-3.1.2d).
    """

    __tablename__ = "unmet_demand"

    cycle: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    institution: Mapped[str] = mapped_column(ForeignKey("institution.code"), primary_key=True)
    specialty: Mapped[str] = mapped_column(primary_key=True)
    headcount: Mapped[int]
    request: Mapped[str]


class BatchItem(Row):
    """One person in a filing batch (F-07) with the bureau's verdict: "", file, return or object."""

    __tablename__ = "batch_item"

    batch: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


# What the files name. A post is published by its cycle's balancing; whether it was taken back, the cycle says.
_PUBLISHED = (
    Post.id, Post.cycle, Post.demand, Post.institution, Post.specialty, Post.mode, Post.duties, Post.published_at,
)  # fmt: skip
POST = RowKind(
    "post",
    _PUBLISHED,
    key=lambda row: str(row["id"]),
    owned=(Owner.cycle == Post.cycle) & (Owner.lifecycle == "Balancing"),
    where=Post.placement.is_(None),
)
TRAINING_PLACE = RowKind(
    "training_place",
    (*_PUBLISHED, Post.placement),
    key=lambda row: str(row["id"]),
    owned=Owner.id == Post.placement,
    where=Post.placement.is_not(None),
)
CLOSED_POST = RowKind(
    "closed_post",
    (Post.id, Post.state),
    key=lambda row: str(row["id"]),
    owned=Owner.id == Post.cycle,
    where=Post.state != "open",
)
MATCH = RowKind(
    "match",
    (PostMatch.post, PostMatch.case_id, PostMatch.at),
    key=lambda row: str(row["post"]),
    owned=Owner.id == PostMatch.case_id,
)
VERDICT = RowKind(
    "verdict",
    (BatchItem.batch, BatchItem.case_id, BatchItem.verdict, BatchItem.at),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == BatchItem.batch,
    where=BatchItem.verdict != "",
)
