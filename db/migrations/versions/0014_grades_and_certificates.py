"""Grades, the lists of the excellent, certificates (DQ-3.3.3b to d, DQ-3.5.1a)."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grade",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_grade_case_id_case_file")),
        sa.ForeignKeyConstraint(["group"], ["institution.code"], name=op.f("fk_grade_group_institution")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_grade_person_person")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_grade")),
    )
    op.create_index("ix_grade_group_year", "grade", ["group", "year"])
    op.create_index(op.f("ix_grade_person"), "grade", ["person"])
    op.create_table(
        "grade_item",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["case_file.id"], name=op.f("fk_grade_item_batch_case_file")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_grade_item_case_id_case_file")),
        sa.PrimaryKeyConstraint("batch", "case_id", name=op.f("pk_grade_item")),
    )
    op.create_index(op.f("ix_grade_item_case_id"), "grade_item", ["case_id"])
    op.create_table(
        "certificate",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("priority", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_certificate_case_id_case_file")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_certificate_person_person")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    op.create_index(op.f("ix_certificate_person"), "certificate", ["person"])


def downgrade() -> None:
    op.drop_table("certificate")
    op.drop_table("grade_item")
    op.drop_table("grade")
