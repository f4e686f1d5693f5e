"""Who answers for whom while they are away, and for whom a seat is held."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deputy",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("deputy", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("proof_type", sa.Text(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=True),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["deputy"], ["person.id"], name=op.f("fk_deputy_deputy_person")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_deputy_ended_by_person")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_deputy_entered_by_person")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_deputy_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    op.add_column("seat", sa.Column("acting_for", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_seat_acting_for_person"), "seat", "person", ["acting_for"], ["id"])
    op.create_index(op.f("ix_deputy_deputy"), "deputy", ["deputy", "until_day"])
    op.create_index(op.f("ix_deputy_person"), "deputy", ["person", "until_day"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_seat_acting_for_person"), "seat", type_="foreignkey")
    op.drop_column("seat", "acting_for")
    op.drop_table("deputy")
