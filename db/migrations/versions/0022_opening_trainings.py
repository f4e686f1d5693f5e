"""Trainings that were under way: their mentor and targets as they were stated."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("opening_term", sa.Column("mentor", sa.Text(), nullable=True))
    none = sa.text("'[]'::jsonb")
    op.add_column("opening_term", sa.Column("targets", postgresql.JSONB(), nullable=False, server_default=none))
    op.alter_column("opening_term", "targets", server_default=None)
    op.create_foreign_key(op.f("fk_opening_term_mentor_person"), "opening_term", "person", ["mentor"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_opening_term_mentor_person"), "opening_term", type_="foreignkey")
    op.drop_column("opening_term", "targets")
    op.drop_column("opening_term", "mentor")
