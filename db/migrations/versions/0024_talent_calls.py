"""Who was reminded of a call for a talent scheme."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talent_listed",
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("sending", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["case_file.id"], name=op.f("fk_talent_listed_call_case_file")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_talent_listed_person_person")),
        sa.ForeignKeyConstraint(["sending"], ["institution.code"], name=op.f("fk_talent_listed_sending_institution")),
        sa.ForeignKeyConstraint(["term"], ["case_file.id"], name=op.f("fk_talent_listed_term_case_file")),
        sa.PrimaryKeyConstraint("call", "term", name=op.f("pk_talent_listed")),
    )
    op.create_index(op.f("ix_talent_listed_person"), "talent_listed", ["person"])


def downgrade() -> None:
    op.drop_table("talent_listed")
