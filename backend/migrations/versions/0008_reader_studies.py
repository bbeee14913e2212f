"""Reader studies: designs, protocols, items, readers, stored orders, answers.

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "reader_studies", "study_members", "study_protocols", "study_cases", "study_items", "study_readers",
    "study_assignments", "study_responses", "study_response_amendments", "study_queries",
)  # fmt: skip

# Deleting is possible: with the whole study, which only a demonstration can be.
_SQLITE = (
    """
    CREATE TRIGGER study_responses_stay BEFORE UPDATE ON study_responses
    BEGIN SELECT RAISE(ABORT, 'locked answers are never changed'); END
    """,
    """
    CREATE TRIGGER study_protocols_stay BEFORE UPDATE ON study_protocols
    BEGIN SELECT RAISE(ABORT, 'protocols are never changed'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION study_responses_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'locked answers are never changed'; END $$
    """,
    """
    CREATE TRIGGER study_responses_stay BEFORE UPDATE ON study_responses
    FOR EACH ROW EXECUTE FUNCTION study_responses_refuse()
    """,
    """
    CREATE FUNCTION study_protocols_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'protocols are never changed'; END $$
    """,
    """
    CREATE TRIGGER study_protocols_stay BEFORE UPDATE ON study_protocols
    FOR EACH ROW EXECUTE FUNCTION study_protocols_refuse()
    """,
)


def upgrade() -> None:
    _create_studies()
    _create_items()
    _create_readers()
    _create_answers()
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def _create_studies() -> None:
    op.create_table(
        "reader_studies",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("design", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=True),
        sa.Column("job_id", sa.String(32), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'publishing', 'open', 'closed')", name=op.f("ck_reader_studies_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('open', 'closed') OR published_at IS NOT NULL",
            name=op.f("ck_reader_studies_published_dated"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_reader_studies_job_id_jobs")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_reader_studies_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_studies")),
    )
    op.create_index("ix_reader_studies_created_at_id", "reader_studies", ["created_at", "id"])
    op.create_index(op.f("ix_reader_studies_job_id"), "reader_studies", ["job_id"])
    op.create_index(op.f("ix_reader_studies_owner_id"), "reader_studies", ["owner_id"])
    op.create_table(
        "study_members",
        sa.Column("study_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.CheckConstraint("role IN ('coordinator', 'observer')", name=op.f("ck_study_members_role_known")),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["reader_studies.id"],
            name=op.f("fk_study_members_study_id_reader_studies"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_study_members_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_id", "user_id", name=op.f("pk_study_members")),
    )
    op.create_index(op.f("ix_study_members_user_id"), "study_members", ["user_id"])
    op.create_table(
        "study_protocols",
        sa.Column("study_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_study_protocols_version_positive")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_study_protocols_author_id_users")),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["reader_studies.id"],
            name=op.f("fk_study_protocols_study_id_reader_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("study_id", "version", name=op.f("pk_study_protocols")),
    )
    op.create_index(op.f("ix_study_protocols_author_id"), "study_protocols", ["author_id"])


def _create_items() -> None:
    op.create_table(
        "study_cases",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("study_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=True),
        sa.Column("dataset", sa.String(64), nullable=True),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("truth_class", sa.String(64), nullable=True),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("image_key", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_study_cases_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["reader_studies.id"], name=op.f("fk_study_cases_study_id_reader_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_cases")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_study_cases_study_id_number")),
    )
    op.create_index(op.f("ix_study_cases_case_id"), "study_cases", ["case_id"])
    op.create_table(
        "study_items",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("study_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("study_case_id", sa.String(32), nullable=False),
        sa.Column("task_key", sa.String(32), nullable=False),
        sa.Column("arm_key", sa.String(32), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("option_id", sa.String(140), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("truth", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_case_id"],
            ["study_cases.id"],
            name=op.f("fk_study_items_study_case_id_study_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["reader_studies.id"], name=op.f("fk_study_items_study_id_reader_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_items")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_study_items_study_id_number")),
    )
    op.create_index(op.f("ix_study_items_study_case_id"), "study_items", ["study_case_id"])


def _create_readers() -> None:
    op.create_table(
        "study_readers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("study_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("profile", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("order_digest", sa.String(64), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminder_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('invited', 'reading', 'finished', 'withdrawn')", name=op.f("ck_study_readers_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["reader_studies.id"],
            name=op.f("fk_study_readers_study_id_reader_studies"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_study_readers_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_readers")),
        sa.UniqueConstraint("study_id", "slot", name=op.f("uq_study_readers_study_id_slot")),
        sa.UniqueConstraint("study_id", "user_id", name=op.f("uq_study_readers_study_id_user_id")),
    )
    op.create_index(op.f("ix_study_readers_user_id"), "study_readers", ["user_id"])
    op.create_table(
        "study_assignments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("study_id", sa.String(32), nullable=False),
        sa.Column("reader_id", sa.String(32), nullable=False),
        sa.Column("item_id", sa.String(32), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["study_items.id"], name=op.f("fk_study_assignments_item_id_study_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["study_readers.id"],
            name=op.f("fk_study_assignments_reader_id_study_readers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["reader_studies.id"],
            name=op.f("fk_study_assignments_study_id_reader_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_assignments")),
        sa.UniqueConstraint(
            "reader_id", "session", "position", name=op.f("uq_study_assignments_reader_id_session_position")
        ),
    )
    op.create_index(op.f("ix_study_assignments_item_id"), "study_assignments", ["item_id"])
    op.create_index(op.f("ix_study_assignments_study_id"), "study_assignments", ["study_id"])


def _create_answers() -> None:
    op.create_table(
        "study_responses",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("study_id", sa.String(32), nullable=False),
        sa.Column("reader_id", sa.String(32), nullable=False),
        sa.Column("assignment_id", sa.String(32), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("cannot_judge", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("active_ms", sa.Integer(), nullable=False),
        sa.Column("idle_ms", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("protocol_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("active_ms >= 0 AND idle_ms >= 0", name=op.f("ck_study_responses_times_positive")),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["study_assignments.id"],
            name=op.f("fk_study_responses_assignment_id_study_assignments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["study_readers.id"],
            name=op.f("fk_study_responses_reader_id_study_readers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["reader_studies.id"],
            name=op.f("fk_study_responses_study_id_reader_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_responses")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_study_responses_assignment_id")),
    )
    op.create_index(op.f("ix_study_responses_reader_id"), "study_responses", ["reader_id"])
    op.create_index("ix_study_responses_study_id_submitted_at", "study_responses", ["study_id", "submitted_at"])
    op.create_table(
        "study_response_amendments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("study_id", sa.String(32), nullable=False),
        sa.Column("response_id", sa.String(32), nullable=False),
        sa.Column("reader_id", sa.String(32), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("cannot_judge", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["study_readers.id"],
            name=op.f("fk_study_response_amendments_reader_id_study_readers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["study_responses.id"],
            name=op.f("fk_study_response_amendments_response_id_study_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["reader_studies.id"],
            name=op.f("fk_study_response_amendments_study_id_reader_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_response_amendments")),
    )
    op.create_index(op.f("ix_study_response_amendments_reader_id"), "study_response_amendments", ["reader_id"])
    op.create_index(op.f("ix_study_response_amendments_response_id"), "study_response_amendments", ["response_id"])
    op.create_index(op.f("ix_study_response_amendments_study_id"), "study_response_amendments", ["study_id"])
    op.create_table(
        "study_queries",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("study_id", sa.String(32), nullable=False),
        sa.Column("reader_id", sa.String(32), nullable=False),
        sa.Column("assignment_id", sa.String(32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_by_id", sa.String(32), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["study_assignments.id"],
            name=op.f("fk_study_queries_assignment_id_study_assignments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["study_readers.id"],
            name=op.f("fk_study_queries_reader_id_study_readers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["replied_by_id"], ["users.id"], name=op.f("fk_study_queries_replied_by_id_users")),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["reader_studies.id"],
            name=op.f("fk_study_queries_study_id_reader_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_queries")),
    )
    op.create_index(op.f("ix_study_queries_reader_id"), "study_queries", ["reader_id"])
    op.create_index(op.f("ix_study_queries_study_id"), "study_queries", ["study_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION study_responses_refuse()")
        op.execute("DROP FUNCTION study_protocols_refuse()")
