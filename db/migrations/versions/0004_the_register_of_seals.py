"""The register of seals: entries can be added, never changed or removed; every case there is waits for its first."""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("seal", "seal_line")


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
    )
    op.create_table(
        "seal_line",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["seal"], ["seal.number"], name=op.f("fk_seal_line_seal")),
        sa.PrimaryKeyConstraint("case_id", "seal", name=op.f("pk_seal_line")),
    )
    op.create_index("ix_seal_line_seal", "seal_line", ["seal"], unique=False)
    op.create_table(
        "unsealed",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_unsealed")),
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute("INSERT INTO unsealed (case_id, seq) SELECT id, seq FROM case_file")


def downgrade() -> None:
    op.drop_table("unsealed")
    op.drop_index("ix_seal_line_seal", table_name="seal_line")
    op.drop_table("seal_line")
    op.drop_table("seal")
