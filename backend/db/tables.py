"""All tables. Relationships are ``lazy="raise"``: a query says what it loads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db.base import Base, UtcDateTime, new_id, now


class Case(Base):
    """One image under review."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0 AND frames > 0", name="size_positive"),
        CheckConstraint("visibility IN ('private', 'groups', 'open')", name="visibility_known"),
        CheckConstraint("review IN ('not_needed', 'waiting', 'done')", name="review_known"),
        Index("ix_cases_created_at_id", "created_at", "id"),
        Index("ix_cases_owner_id_sha256", "owner_id", "sha256"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    pseudonym: Mapped[str] = mapped_column(String(120))
    notes: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    frames: Mapped[int]
    source_format: Mapped[str] = mapped_column(String(16))
    deidentified: Mapped[bool]
    dataset: Mapped[str | None] = mapped_column(String(64))
    synthetic: Mapped[bool]
    # None for DICOM: there it often names the patient.
    filename: Mapped[str | None] = mapped_column(String(255))
    image_key: Mapped[str] = mapped_column(String(200))
    thumbnail_key: Mapped[str] = mapped_column(String(200))
    # Whether there is a file of values for each frame, and how they are shown: intake.display.Display and .Rendering.
    values_kept: Mapped[bool] = mapped_column(default=False, server_default=false())
    display: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    rendering: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # intake.result.Deidentification; None: from before it was written down.
    deidentification: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    review: Mapped[str] = mapped_column(String(16), default="not_needed", server_default="not_needed")
    suspects: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    regions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    # Lines that look like text, as detected at upload: intake.result.Box.
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    # Of the DICOM header: Modality and Body Part Examined, where they are defined terms.
    modality: Mapped[str | None] = mapped_column(String(16))
    body_part: Mapped[str | None] = mapped_column(String(16))
    # The header that is left after de-identification (DICOM JSON).
    header_key: Mapped[str | None] = mapped_column(String(200))
    # Folder of the frames' values (intake.result.frame_name).
    frames_key: Mapped[str | None] = mapped_column(String(200))
    # The upload itself, encrypted, if a setting says so.
    original_key: Mapped[str | None] = mapped_column(String(200))
    # None: from before there were accounts, or made by the server itself; administrators see it.
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    visibility: Mapped[str] = mapped_column(String(16), default="private", server_default="private")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class CaseShare(Base):
    """A group that sees a case whose visibility is ``groups``."""

    __tablename__ = "case_shares"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True)


class ModelVersion(Base):
    """Weights with concept set, data set and metrics. The id follows from the weights' digest."""

    __tablename__ = "model_versions"
    __table_args__ = (
        # At most one active version a data set, held by the database itself.
        Index(
            "uq_model_versions_active_dataset",
            "dataset",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    dataset: Mapped[str] = mapped_column(String(64))
    synthetic: Mapped[bool]
    active: Mapped[bool]
    folder: Mapped[str] = mapped_column(Text)
    weights_digest: Mapped[str] = mapped_column(String(64))
    concept_set: Mapped[dict[str, Any]] = mapped_column(JSON)
    concept_set_digest: Mapped[str] = mapped_column(String(64))
    metrics: Mapped[dict[str, Any]] = mapped_column(JSON)
    card: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ConceptSetRow(Base):
    """A concept set by name. What it says stands in its revisions."""

    __tablename__ = "concept_sets"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(64))


class ConceptSetRevision(Base):
    """What a concept set says from some moment on. Written once."""

    __tablename__ = "concept_set_revisions"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        UniqueConstraint("concept_set_id", "number"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    concept_set_id: Mapped[str] = mapped_column(ForeignKey("concept_sets.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    # None: the first one, or one that came with a model or a new release beside what people edit.
    # Named by hand: by convention it would be longer than the 63 letters that PostgreSQL takes.
    parent_revision_id: Mapped[str | None] = mapped_column(
        ForeignKey("concept_set_revisions.id", name="fk_concept_set_revisions_parent")
    )
    # None: it came with Vitrine or with a model.
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Prediction(Base):
    """One model version's explained output for one case. Written once."""

    __tablename__ = "predictions"
    __table_args__ = (Index("ix_predictions_case_id_created_at_id", "case_id", "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    model_version_id: Mapped[str] = mapped_column(ForeignKey("model_versions.id"), index=True)
    predicted_class: Mapped[str] = mapped_column(String(64))
    predicted_class_name: Mapped[str] = mapped_column(String(300))
    probability: Mapped[float]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    maps_key: Mapped[str] = mapped_column(String(200))
    # None: from before tokens were kept, so that regions cannot be recomputed.
    tokens_key: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    case: Mapped[Case] = relationship(lazy="raise")
    model_version: Mapped[ModelVersion] = relationship(lazy="raise")


class Intervention(Base):
    """Edits of what a model believes about an image, and the decision that follows. Written once."""

    __tablename__ = "interventions"
    __table_args__ = (Index("ix_interventions_case_id_created_at_id", "case_id", "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    prediction_id: Mapped[str] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    edits: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    baseline_class: Mapped[str] = mapped_column(String(64))
    predicted_class: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    prediction: Mapped[Prediction] = relationship(lazy="raise")


class Label(Base):
    """What a person sees in a case: the true class and the true option of each group, of one concept set."""

    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("case_id", "author_id", "concept_set_digest"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    # The one that was looked at; its model's concept set is what the keys below belong to.
    prediction_id: Mapped[str] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), index=True)
    concept_set_digest: Mapped[str] = mapped_column(String(64))
    class_key: Mapped[str | None] = mapped_column(String(64))
    # Option id of each marked group; None: the only option of its group is absent.
    options: Mapped[dict[str, str | None]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    case: Mapped[Case] = relationship(lazy="raise")
    prediction: Mapped[Prediction] = relationship(lazy="raise")


class InterventionBatch(Base):
    """One list of edits over a whole data set: a job and its result."""

    __tablename__ = "intervention_batches"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="status_known"),
        CheckConstraint("status <> 'succeeded' OR (result IS NOT NULL AND rows_key IS NOT NULL)", name="success_whole"),
        Index("ix_intervention_batches_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    dataset_id: Mapped[str] = mapped_column(String(64))
    model_version_id: Mapped[str] = mapped_column(ForeignKey("model_versions.id"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    # none_as_null: SQL's NULL, not JSON's, so that the constraint can see it.
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    rows_key: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Dataset(Base):
    """An imported data set, or an import. Its files lie in the data folder, under its name."""

    __tablename__ = "datasets"
    __table_args__ = (
        CheckConstraint("status IN ('importing', 'ready', 'failed', 'cancelled')", name="status_known"),
        CheckConstraint("status <> 'ready' OR (info IS NOT NULL AND stamp IS NOT NULL)", name="ready_described"),
        UniqueConstraint("name"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    adapter: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    # none_as_null: SQL's NULL, not JSON's, so that the constraint can see it.
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None] = mapped_column(Text)
    info: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    stamp: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class User(Base):
    """An account. Accounts are deactivated, never deleted: the audit trail and cases refer to them."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role IN ('administrator', 'researcher', 'coordinator', 'reader')", name="role_known"),
        CheckConstraint("(issuer IS NULL) = (subject IS NULL)", name="identity_whole"),
        UniqueConstraint("email"),
        UniqueConstraint("issuer", "subject"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    active: Mapped[bool] = mapped_column(default=True)
    # Argon2id; None: signs in elsewhere, or has not chosen one yet.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    # Who they are at the site's identity provider (OpenID Connect: iss and sub).
    issuer: Mapped[str | None] = mapped_column(String(500))
    subject: Mapped[str | None] = mapped_column(String(255))
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Group(Base):
    """People who share cases and studies."""

    __tablename__ = "groups"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Membership(Base):
    """Somebody in a group."""

    __tablename__ = "memberships"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True)


class UserSession(Base):
    """Somebody signed in with a browser. Of the cookie only a hash is kept."""

    __tablename__ = "user_sessions"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A personal token for scripts. Of the token only a hash is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AccountLink(Base):
    """A link that lets somebody choose a password, once: an invitation or a reset. Of its token only a hash is kept."""

    __tablename__ = "account_links"
    __table_args__ = (
        CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose_known"),
        UniqueConstraint("token_hash"),
        UniqueConstraint("user_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInFlow(Base):
    """Somebody who was sent to the identity provider and has not come back yet."""

    __tablename__ = "sign_in_flows"
    __table_args__ = (UniqueConstraint("state_hash"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    state_hash: Mapped[str] = mapped_column(String(64))
    # Binds the flow to the browser that began it: the hash of a cookie.
    browser_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    next_path: Mapped[str] = mapped_column(String(500))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEvent(Base):
    """Something that somebody did. Rows are only ever added: triggers refuse everything else (migration 0003)."""

    __tablename__ = "audit_events"
    __table_args__ = (
        CheckConstraint("sequence > 0", name="sequence_positive"),
        Index("ix_audit_events_subject_sequence", "subject", "sequence"),
        Index("ix_audit_events_action_sequence", "action", "sequence"),
        Index("ix_audit_events_actor_sequence", "actor", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # ISO 8601, UTC, microseconds: the very text that the hash was made of, and it sorts.
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(320))
    address: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
