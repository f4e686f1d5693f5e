"""Who heads the department in which an expert works, and what the commission has said of a gap."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talent_host",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_host_case_id_case_file")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_talent_host_person_person")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_talent_host")),
    )
    op.create_index(op.f("ix_talent_host_person"), "talent_host", ["person"])
    op.create_table(
        "talent_answer",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_answer_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "question", name=op.f("pk_talent_answer")),
    )


def downgrade() -> None:
    op.drop_table("talent_answer")
    op.drop_table("talent_host")
