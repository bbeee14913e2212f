"""Cases know what their header says of modality and body part, and where text was found; DICOM keeps no file name.

Revision: 0010, after 0009

A name that was kept of a DICOM file is cleared for good: such names often are the patient's.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("found", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("modality", sa.String(16)))
        batch.add_column(sa.Column("body_part", sa.String(16)))
    op.execute("UPDATE cases SET filename = NULL WHERE source_format = 'dicom'")


def downgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        for column in ("found", "modality", "body_part"):
            batch.drop_column(column)
