"""The ledger of grassroots service that counts before a promotion."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_credit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_service_credit_case_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_service_credit_confirmed_by")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_service_credit_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_credit")),
    )
    op.create_index("ix_service_credit_case_id", "service_credit", ["case_id"], unique=False)
    op.create_index("ix_service_credit_person", "service_credit", ["person"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_service_credit_person", table_name="service_credit")
    op.drop_index("ix_service_credit_case_id", table_name="service_credit")
    op.drop_table("service_credit")
