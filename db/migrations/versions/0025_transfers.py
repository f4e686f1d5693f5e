"""A transfer of a running term to another institution (EXC-08)."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("term_change", sa.Column("destination", sa.Text(), nullable=True))
    op.add_column("term_change", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column("term_change", sa.Column("site_months", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_term_change_destination_institution"), "term_change", "institution", ["destination"], ["code"]
    )


def downgrade() -> None:
    for column in ("site_months", "starts_on", "destination"):
        op.drop_column("term_change", column)
