"""What offices give to printed documents, each recording a row of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "official_record",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.LargeBinary(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("incoming", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_official_record_case_id"),
        sa.ForeignKeyConstraint(["evidence"], ["evidence.sha256"], name="fk_official_record_evidence"),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name="fk_official_record_recorded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_official_record"),
    )
    op.create_index("ix_official_record_case_id_document", "official_record", ["case_id", "document"])


def downgrade() -> None:
    op.drop_table("official_record")
