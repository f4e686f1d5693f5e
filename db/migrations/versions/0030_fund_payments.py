"""Requests for talent funds, and how each was borne when it was paid."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KEYS = (("case_id", "case_file", "id"), ("fund", "case_file", "id"), ("hospital", "institution", "code"))
MORE_KEYS = (("contract", "case_file", "id"), ("person", "person", "id"))


def upgrade() -> None:
    op.create_table(
        "fund_payment",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fund", sa.Text(), nullable=True),
        sa.Column("hospital", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("yuan", sa.Numeric(14, 2), nullable=False),
        sa.Column("from_funds", sa.Numeric(14, 2), nullable=True),
        sa.Column("own_cost", sa.Numeric(14, 2), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("voucher", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.{key}"], name=op.f(f"fk_fund_payment_{name}_{table}"))
            for name, table, key in (*KEYS, *MORE_KEYS)
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_fund_payment")),
    )
    for name in ("fund", "contract", "person"):
        op.create_index(op.f(f"ix_fund_payment_{name}"), "fund_payment", [name])


def downgrade() -> None:
    op.drop_table("fund_payment")
