"""A decision taken in a meeting carries the number of its minutes (COR-04)."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("inbox", "decision")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("minutes", sa.Text(), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "minutes")
