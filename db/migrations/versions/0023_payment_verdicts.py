"""A payment is recorded by one person and confirmed by another. Those on record wait for their second person."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_verdict",
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_payment_verdict_case_id_case_file")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_payment_verdict_given_by_person")),
        sa.ForeignKeyConstraint(["payment"], ["payment.id"], name=op.f("fk_payment_verdict_payment_payment")),
        sa.PrimaryKeyConstraint("payment", name=op.f("pk_payment_verdict")),
    )
    op.create_index(op.f("ix_payment_verdict_case_id"), "payment_verdict", ["case_id"])
    # A payment whose taking back was sent back may be taken back again.
    op.drop_constraint("uq_payment_reverses", "payment")
    op.create_index(op.f("ix_payment_reverses"), "payment", ["reverses"])


def downgrade() -> None:
    op.drop_index(op.f("ix_payment_reverses"), "payment")
    op.create_unique_constraint(op.f("uq_payment_reverses"), "payment", ["reverses"])
    op.drop_table("payment_verdict")
