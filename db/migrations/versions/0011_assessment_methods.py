"""Assessment methods in force."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLE = "assessment_method"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_assessment_method_case_id_case_file")),
        sa.ForeignKeyConstraint(["group"], ["institution.code"], name=op.f("fk_assessment_method_group_institution")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_assessment_method")),
    )
    op.create_index("ix_assessment_method_group_programme", TABLE, ["group", "programme", "in_force_on"])


def downgrade() -> None:
    op.drop_table(TABLE)
