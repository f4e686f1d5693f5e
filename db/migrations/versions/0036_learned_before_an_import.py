"""Since when an employer knew that the working time of an imported contract was below 70 %."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("talent_opening", sa.Column("learned_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("talent_opening", "learned_on")
