"""Holds on certificates while a matter about their term is open (EXC-11)."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_hold",
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["matter"], ["case_file.id"], name=op.f("fk_certificate_hold_matter_case_file")),
        sa.ForeignKeyConstraint(["term"], ["case_file.id"], name=op.f("fk_certificate_hold_term_case_file")),
        sa.PrimaryKeyConstraint("matter", name=op.f("pk_certificate_hold")),
    )
    op.create_index(op.f("ix_certificate_hold_term"), "certificate_hold", ["term"])


def downgrade() -> None:
    op.drop_table("certificate_hold")
