"""Terms that were under way before the system was there, and the sheets that stated them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "opening_sheet",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_opening_sheet_uploaded_by_person")),
        sa.PrimaryKeyConstraint("sha256", "uploaded_by", name=op.f("pk_opening_sheet")),
    )
    op.create_table("opening_term", *_stated(), *_kept())
    op.create_index(op.f("ix_opening_term_person"), "opening_term", ["person"])


def _stated() -> list[sa.Column[object]]:
    return [
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("sending", sa.Text(), nullable=False),
        sa.Column("receiving", sa.Text(), nullable=False),
        sa.Column("specialty", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("filing_number", sa.Text(), nullable=False),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("half_days", sa.Integer(), nullable=False),
        sa.Column("absence_times", sa.Integer(), nullable=False),
        sa.Column("absence_days", sa.Numeric(5, 1), nullable=False),
        sa.Column("past_grade", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
    ]


def _kept() -> list[sa.Column[object] | sa.Constraint]:
    return [
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("sheet_row", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("in_file", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_opening_term_case_id_case_file")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_opening_term_person_person")),
        sa.ForeignKeyConstraint(["sending"], ["institution.code"], name=op.f("fk_opening_term_sending_institution")),
        sa.ForeignKeyConstraint(["receiving"], ["institution.code"], name=op.f("fk_opening_term_receiving_institution")),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_opening_term_imported_by_person")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_opening_term")),
    ]


def downgrade() -> None:
    for table in ("opening_term", "opening_sheet"):
        op.drop_table(table)
