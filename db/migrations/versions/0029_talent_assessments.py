"""Annual assessments of flexible-talent contracts: sheets, items, ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talent_assessment",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("least", sa.Numeric(5, 2), nullable=False),
        sa.Column("most", sa.Numeric(5, 2), nullable=False),
        sa.Column("veto", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_assessment_case_id_case_file")),
        sa.ForeignKeyConstraint(["contract"], ["case_file.id"], name=op.f("fk_talent_assessment_contract_case_file")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_talent_assessment")),
    )
    op.create_index(op.f("ix_talent_assessment_contract"), "talent_assessment", ["contract"])
    op.create_table(
        "talent_score",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("points", sa.Numeric(5, 2), nullable=True),
        sa.Column("least", sa.Numeric(5, 2), nullable=False),
        sa.Column("most", sa.Numeric(5, 2), nullable=False),
        sa.Column("ruled", sa.Boolean(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_score_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "sheet", "item", name=op.f("pk_talent_score")),
    )
    op.create_table(
        "talent_rating",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rater", sa.Text(), nullable=False),
        sa.Column("points", sa.Numeric(5, 2), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_rating_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_talent_rating")),
    )


def downgrade() -> None:
    op.drop_table("talent_rating")
    op.drop_table("talent_score")
    op.drop_table("talent_assessment")
