"""Interventions, labels, batches; tokens kept with a prediction.

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("predictions") as predictions:
        predictions.add_column(sa.Column("tokens_key", sa.String(200), nullable=True))
    _interventions()
    _labels()
    _batches()


def _interventions() -> None:
    table = "interventions"
    op.create_table(
        table,
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("prediction_id", sa.String(32), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("baseline_class", sa.String(64), nullable=False),
        sa.Column("predicted_class", sa.String(64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        _refers(table, "case_id", "cases", "CASCADE"),
        _refers(table, "prediction_id", "predictions", "CASCADE"),
        _refers(table, "author_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interventions")),
    )
    op.create_index("ix_interventions_case_id_created_at_id", table, ["case_id", "created_at", "id"])
    _index(table, "prediction_id")
    _index(table, "author_id")


def _labels() -> None:
    table = "labels"
    op.create_table(
        table,
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=False),
        sa.Column("prediction_id", sa.String(32), nullable=False),
        sa.Column("concept_set_digest", sa.String(64), nullable=False),
        sa.Column("class_key", sa.String(64), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        _refers(table, "case_id", "cases", "CASCADE"),
        _refers(table, "author_id", "users"),
        _refers(table, "prediction_id", "predictions", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint(
            "case_id", "author_id", "concept_set_digest", name=op.f("uq_labels_case_id_author_id_concept_set_digest")
        ),
    )
    _index(table, "author_id")
    _index(table, "prediction_id")


def _batches() -> None:
    table = "intervention_batches"
    op.create_table(
        table,
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("model_version_id", sa.String(32), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("rows_key", sa.String(200), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')",
            name=op.f("ck_intervention_batches_status_known"),
        ),
        sa.CheckConstraint(
            "status <> 'succeeded' OR (result IS NOT NULL AND rows_key IS NOT NULL)",
            name=op.f("ck_intervention_batches_success_whole"),
        ),
        _refers(table, "model_version_id", "model_versions"),
        _refers(table, "author_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention_batches")),
    )
    op.create_index("ix_intervention_batches_created_at_id", table, ["created_at", "id"])
    _index(table, "model_version_id")
    _index(table, "author_id")


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _refers(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete=ondelete)


def downgrade() -> None:
    for table in ("intervention_batches", "labels", "interventions"):
        op.drop_table(table)
    with op.batch_alter_table("predictions") as predictions:
        predictions.drop_column("tokens_key")
