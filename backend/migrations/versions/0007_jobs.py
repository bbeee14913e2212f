"""Jobs that workers do: training runs, diagnoses, comparisons; and which model version came into use when.

Revision: 0007, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATUS = "status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')"


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("queue", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(200), nullable=True),
        sa.Column("device", sa.String(200), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(STATUS, name=op.f("ck_jobs_status_known")),
        sa.CheckConstraint("status <> 'running' OR lease_expires_at IS NOT NULL", name=op.f("ck_jobs_running_leased")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_status_queue_created_at"), "jobs", ["status", "queue", "created_at"])
    op.create_table(
        "job_events",
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_events_job_id_jobs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "sequence", name=op.f("pk_job_events")),
    )
    _create(
        "training_runs",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("test_dataset_id", sa.String(64), nullable=True),
        sa.Column("concept_set_revision_id", sa.String(32), nullable=False),
        sa.Column("parent_model_version_id", sa.String(32), nullable=True),
        sa.Column("author_id", sa.String(32), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("model_version_id", sa.String(32), nullable=True),
        refers={
            "concept_set_revision_id": "concept_set_revisions",
            "parent_model_version_id": "model_versions",
            "author_id": "users",
            "model_version_id": "model_versions",
        },
    )
    _create(
        "diagnoses",
        sa.Column("model_version_id", sa.String(32), nullable=False),
        *_result_columns(),
        refers={"model_version_id": "model_versions", "author_id": "users"},
    )
    _create(
        "comparisons",
        sa.Column("model_a_id", sa.String(32), nullable=False),
        sa.Column("model_b_id", sa.String(32), nullable=False),
        *_result_columns(),
        refers={"model_a_id": "model_versions", "model_b_id": "model_versions", "author_id": "users"},
    )
    _create_activations()


def _result_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=True),
        sa.Column("result_key", sa.String(200), nullable=True),
        sa.Column("summary", sa.JSON(none_as_null=True), nullable=True),
    ]


def _create(table: str, *columns: sa.Column[object], refers: dict[str, str]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.String(32), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["id"], ["jobs.id"], name=op.f(f"fk_{table}_id_jobs")),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
            for column, to in refers.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in refers:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _create_activations() -> None:
    table = "model_activations"
    refers = {"model_version_id": "model_versions", "previous_id": "model_versions", "author_id": "users"}
    op.create_table(
        table,
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("dataset", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("model_version_id", sa.String(32), nullable=False),
        sa.Column("previous_id", sa.String(32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('first', 'promotion', 'rollback')", name=op.f("ck_model_activations_kind_known")),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
            for column, to in refers.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in refers:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index(op.f(f"ix_{table}_dataset_created_at"), table, ["dataset", "created_at"])


def downgrade() -> None:
    for table in ("model_activations", "comparisons", "diagnoses", "training_runs", "job_events", "jobs"):
        op.drop_table(table)
