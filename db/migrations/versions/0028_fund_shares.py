"""What each hospital has of a year's funds for flexible talent."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund_share",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hospital", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wan_yuan", sa.Numeric(9, 2), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_fund_share_case_id_case_file")),
        sa.ForeignKeyConstraint(["hospital"], ["institution.code"], name=op.f("fk_fund_share_hospital_institution")),
        sa.PrimaryKeyConstraint("case_id", "number", "hospital", name=op.f("pk_fund_share")),
    )


def downgrade() -> None:
    op.drop_table("fund_share")
