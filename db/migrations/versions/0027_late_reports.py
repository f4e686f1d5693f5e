"""Absences and days of a term that are reported after the person has gone on elsewhere (EXC-08)."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("absence", "asked_stretch"):
        op.add_column(table, sa.Column("asked_in", sa.Text(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_asked_in_case_file"), table, "case_file", ["asked_in"], ["id"])
        op.create_index(op.f(f"ix_{table}_asked_in"), table, ["asked_in"])


def downgrade() -> None:
    for table in ("asked_stretch", "absence"):
        op.drop_column(table, "asked_in")
