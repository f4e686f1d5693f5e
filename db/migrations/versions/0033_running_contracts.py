"""Flexible-talent contracts that were running, as they were imported."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talent_opening",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("with_others", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("talent_class", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Numeric(9, 2), nullable=False),
        sa.Column("periods", postgresql.JSONB(), nullable=False),
        sa.Column("fund_yuan", sa.Numeric(12, 2), nullable=False),
        sa.Column("filing_number", sa.Text(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("worked", sa.Numeric(9, 2), nullable=False),
        sa.Column("worked_before", sa.Numeric(9, 2), nullable=True),
        sa.Column("excused", sa.Numeric(9, 2), nullable=False),
        sa.Column("consent_service", sa.Text(), nullable=False),
        sa.Column("consent_basis", sa.Text(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("authority_basis", sa.Text(), nullable=False),
        sa.Column("authority_number", sa.Text(), nullable=False),
        sa.Column("authority_from", sa.Date(), nullable=True),
        sa.Column("past_results", sa.LargeBinary(), nullable=True),
        sa.Column("paid_yuan", sa.Numeric(12, 2), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("sheet_row", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_file", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_opening_case_id_case_file")),
        sa.ForeignKeyConstraint(["employer"], ["institution.code"], name=op.f("fk_talent_opening_employer_institution")),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_talent_opening_imported_by_person")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_talent_opening_person_person")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_talent_opening")),
    )
    op.create_index(op.f("ix_talent_opening_person"), "talent_opening", ["person"])


def downgrade() -> None:
    op.drop_table("talent_opening")
