"""Exchanges that a county health bureau has held."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("bureau", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bureau"], ["institution.code"], name=op.f("fk_exchange_bureau")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_exchange_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
    )
    op.create_index("ix_exchange_bureau_held_on", "exchange", ["bureau", "held_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_exchange_bureau_held_on", table_name="exchange")
    op.drop_table("exchange")
