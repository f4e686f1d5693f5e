"""Places for one trainee each, beside the published posts; who mentors whom."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post", sa.Column("placement", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_post_placement_case_file"), "post", "case_file", ["placement"], ["id"])
    op.create_index(op.f("ix_post_placement"), "post", ["placement"])
    op.create_table(
        "mentorship",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mentor", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_mentorship_case_id_case_file")),
        sa.ForeignKeyConstraint(["mentor"], ["person.id"], name=op.f("fk_mentorship_mentor_person")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_mentorship")),
    )
    active = sa.text("ended_at IS NULL")
    op.create_index("uq_mentorship_active_mentor", "mentorship", ["mentor"], unique=True, postgresql_where=active)
    op.create_index("uq_mentorship_active_case", "mentorship", ["case_id"], unique=True, postgresql_where=active)


def downgrade() -> None:
    op.drop_table("mentorship")
    op.drop_column("post", "placement")
