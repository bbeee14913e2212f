"""Cases keep values, how they are shown, what was taken out, and whether a person must look at the pixels.

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("values_kept", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("display", sa.JSON(none_as_null=True)))
        batch.add_column(sa.Column("rendering", sa.JSON(none_as_null=True)))
        batch.add_column(sa.Column("deidentification", sa.JSON(none_as_null=True)))
        batch.add_column(sa.Column("review", sa.String(16), nullable=False, server_default="not_needed"))
        batch.add_column(sa.Column("suspects", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("regions", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("header_key", sa.String(200)))
        batch.add_column(sa.Column("frames_key", sa.String(200)))
        batch.add_column(sa.Column("original_key", sa.String(200)))
        batch.create_check_constraint(op.f("ck_cases_review_known"), "review IN ('not_needed', 'waiting', 'done')")
        batch.create_index("ix_cases_owner_id_sha256", ["owner_id", "sha256"])


def downgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_index("ix_cases_owner_id_sha256")
        batch.drop_constraint(op.f("ck_cases_review_known"), type_="check")
        for column in ("values_kept", "display", "rendering", "deidentification", "review", "suspects", "regions",
                       "header_key", "frames_key", "original_key"):  # fmt: skip
            batch.drop_column(column)
