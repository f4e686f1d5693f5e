"""Approved pay totals, payments within them, inflows of the guarantee pool."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
YUAN = sa.Numeric(16, 2)


def upgrade() -> None:
    op.create_table(
        "approved_total",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("yuan", YUAN, nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_approved_total_case_id_case_file")),
        sa.ForeignKeyConstraint(["group"], ["institution.code"], name=op.f("fk_approved_total_group_institution")),
        sa.PrimaryKeyConstraint("case_id", "submission", name=op.f("pk_approved_total")),
    )
    _payments()
    _inflows()


def _payments() -> None:
    op.create_table(
        "payment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("total", sa.LargeBinary(), nullable=False),
        sa.Column("reverses", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_payment_case_id_case_file")),
        sa.ForeignKeyConstraint(["reverses"], ["payment.id"], name=op.f("fk_payment_reverses_payment")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_payment_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("reverses", name=op.f("uq_payment_reverses")),
    )
    op.create_index(op.f("ix_payment_case_id"), "payment", ["case_id"])


def _inflows() -> None:
    op.create_table(
        "pool_inflow",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("yuan", YUAN, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_pool_inflow_case_id_case_file")),
        sa.ForeignKeyConstraint(["institution"], ["institution.code"], name=op.f("fk_pool_inflow_institution_institution")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_pool_inflow_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_inflow")),
    )
    op.create_index("ix_pool_inflow_case_id", "pool_inflow", ["case_id"])


def downgrade() -> None:
    for table in ("pool_inflow", "payment", "approved_total"):
        op.drop_table(table)
