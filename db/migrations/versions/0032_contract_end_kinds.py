"""Why a contract cannot go on, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_end_kind",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_contract_end_kind_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_contract_end_kind")),
    )


def downgrade() -> None:
    op.drop_table("contract_end_kind")
