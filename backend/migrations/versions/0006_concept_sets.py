"""Concept sets and their revisions.

Revision: 0006, after 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concept_sets",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concept_sets")),
        sa.UniqueConstraint("name", name=op.f("uq_concept_sets_name")),
    )
    table = "concept_set_revisions"
    op.create_table(
        table,
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("concept_set_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("parent_revision_id", sa.String(32), nullable=True),
        sa.Column("author_id", sa.String(32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_concept_set_revisions_number_positive")),
        _refers("concept_set_id", "concept_sets"),
        # By convention the name would be longer than the 63 letters that PostgreSQL takes.
        sa.ForeignKeyConstraint(["parent_revision_id"], [f"{table}.id"], name=op.f("fk_concept_set_revisions_parent")),
        _refers("author_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concept_set_revisions")),
        sa.UniqueConstraint("concept_set_id", "number", name=op.f("uq_concept_set_revisions_concept_set_id_number")),
    )
    for column in ("digest", "author_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_concept_set_revisions_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def downgrade() -> None:
    op.drop_table("concept_set_revisions")
    op.drop_table("concept_sets")
