"""What the commission has said of one figure about working time."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talent_ruling",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_ruling_case_id_case_file")),
        sa.ForeignKeyConstraint(["matter"], ["case_file.id"], name=op.f("fk_talent_ruling_matter_case_file")),
        sa.PrimaryKeyConstraint("case_id", "number", "question", name=op.f("pk_talent_ruling")),
    )


def downgrade() -> None:
    op.drop_table("talent_ruling")
