"""Attendance of a term day by day (COR-13)."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_day",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("morning", sa.Text(), nullable=False),
        sa.Column("afternoon", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_attendance_day_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "day", "revision", name=op.f("pk_attendance_day")),
    )
    op.create_table(
        "asked_stretch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("weighs", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_asked_stretch_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_stretch")),
    )
    op.create_index(op.f("ix_asked_stretch_case_id"), "asked_stretch", ["case_id"])


def downgrade() -> None:
    op.drop_table("asked_stretch")
    op.drop_table("attendance_day")
