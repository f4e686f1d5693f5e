"""Flexible-talent contracts, their schedule, sessions, force majeure and figures."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talent_contract",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("commission", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Numeric(9, 2), nullable=True),
        sa.Column("fund_yuan", sa.Numeric(12, 2), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("no_clinic_before", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_contract_case_id_case_file")),
        sa.ForeignKeyConstraint(["commission"], ["institution.code"], name=op.f("fk_talent_contract_commission_institution")),
        sa.ForeignKeyConstraint(["employer"], ["institution.code"], name=op.f("fk_talent_contract_employer_institution")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_talent_contract_person_person")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_talent_contract")),
    )
    op.create_index(op.f("ix_talent_contract_person"), "talent_contract", ["person"])
    op.create_index(op.f("ix_talent_contract_employer"), "talent_contract", ["employer"])
    op.create_table(
        "talent_period",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Numeric(9, 2), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_period_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "first_day", name=op.f("pk_talent_period")),
    )
    op.create_table(
        "talent_session",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("units", sa.Numeric(7, 2), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_session_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "key", "revision", name=op.f("pk_talent_session")),
    )
    op.create_table(
        "talent_excuse",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("units", sa.Numeric(7, 2), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_excuse_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talent_excuse")),
    )
    op.create_index(op.f("ix_talent_excuse_case_id"), "talent_excuse", ["case_id"])
    op.create_table(
        "talent_figure",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Numeric(12, 4), nullable=False),
        sa.Column("worked", sa.Numeric(12, 4), nullable=False),
        sa.Column("excused", sa.Numeric(12, 4), nullable=False),
        sa.Column("claimed", sa.Numeric(12, 4), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_talent_figure_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_talent_figure")),
    )


def downgrade() -> None:
    op.drop_table("talent_figure")
    op.drop_table("talent_excuse")
    op.drop_table("talent_session")
    op.drop_table("talent_period")
    op.drop_table("talent_contract")
