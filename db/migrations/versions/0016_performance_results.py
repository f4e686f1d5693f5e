"""Performance of each quarter of a term (DQ-3.3.1b)."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLE = "performance_result"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("rating", sa.LargeBinary(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_performance_result_case_id_case_file")),
        sa.ForeignKeyConstraint(["group"], ["institution.code"], name=op.f("fk_performance_result_group_institution")),
        sa.ForeignKeyConstraint(
            ["institution"], ["institution.code"], name=op.f("fk_performance_result_institution_institution")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_performance_result_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performance_result")),
    )
    op.create_index(op.f("ix_performance_result_case_id"), TABLE, ["case_id"])
    op.create_index(op.f("ix_performance_result_person"), TABLE, ["person"])
    op.create_index("ix_performance_result_group_programme", TABLE, ["group", "programme", "last_day"])


def downgrade() -> None:
    op.drop_table(TABLE)
