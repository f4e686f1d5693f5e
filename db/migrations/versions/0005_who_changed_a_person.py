"""An entry of a person says who changed it last, by which way, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXTS = ("changed_by", "changed_way")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("person", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("person", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("changed_at", *TEXTS):
        op.drop_column("person", name)
