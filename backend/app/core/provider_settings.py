"""Settings of what does the work behind Debrief: stores, engines and the vendors of both."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from app.core.settings_group import Names, SettingsGroup, http_address, names_of

OPENAI_ADDRESS: Final = "https://api.openai.com/v1"


class TranscriptionEngine(StrEnum):
    AUTO = "auto"
    DEEPGRAM = "deepgram"
    POCKETSPHINX = "pocketsphinx"
    WHISPER = "whisper"


class DeepgramDelivery(StrEnum):
    """How a transcript comes back: to our webhook, or as the answer to a request that waits for it."""

    AUTO = "auto"
    CALLBACK = "callback"
    WAIT = "wait"


class IntelligenceFeature(StrEnum):
    """What Deepgram can find in a transcript besides the words; English only."""

    SUMMARY = "summary"
    TOPICS = "topics"
    INTENTS = "intents"
    SENTIMENT = "sentiment"


class AnalysisEngine(StrEnum):
    """The best engine that organisations get; those below it serve when it does not work."""

    AUTO = "auto"
    OPENAI = "openai"
    DEEPGRAM = "deepgram"
    BASELINE = "baseline"


class ReasoningEffort(StrEnum):
    NONE = "none"
    MINIMAL = "minimal"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    MAX = "max"


class StorageBackend(StrEnum):
    AUTO = "auto"
    LOCAL = "local"
    R2 = "r2"


class StorageSettings(SettingsGroup):
    storage_backend: StorageBackend = StorageBackend.AUTO
    signed_url_seconds: int = Field(default=3600, ge=60, le=604_800)
    upload_part_bytes: int = Field(default=16 * 2**20, ge=5 * 2**20)
    r2_account_id: str | None = None
    r2_access_key_id: str | None = None
    r2_secret_access_key: SecretStr | None = None
    r2_bucket: str | None = None
    r2_endpoint: str | None = Field(
        default=None, description="Of another S3-compatible store, or another jurisdiction"
    )
    r2_public_endpoint: str | None = Field(
        default=None, description="Address in signed URLs, when browsers reach the store under another one"
    )
    r2_region: str = "auto"

    @field_validator("r2_endpoint", "r2_public_endpoint")
    @classmethod
    def _no_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else None

    @property
    def backend(self) -> StorageBackend:
        """`LOCAL` or `R2`: `AUTO` means R2 as soon as anything of it is configured."""
        if self.storage_backend is not StorageBackend.AUTO:
            return self.storage_backend
        given = (self.r2_account_id, self.r2_access_key_id, self.r2_secret_access_key, self.r2_bucket)
        return StorageBackend.R2 if any(given) else StorageBackend.LOCAL

    @property
    def endpoint(self) -> str:
        """Where the store answers; empty when nothing says so."""
        if self.r2_endpoint or not self.r2_account_id:
            return self.r2_endpoint or ""
        return f"https://{self.r2_account_id}.r2.cloudflarestorage.com"


class ChannelRole(StrEnum):
    INTERVIEWER = "interviewer"
    CANDIDATE = "candidate"
    OBSERVER = "observer"
    UNKNOWN = "unknown"
    """Of a channel that tells nothing, or changes."""


class EngineSettings(SettingsGroup):
    transcription_engine: TranscriptionEngine = TranscriptionEngine.AUTO
    whisper_model_dir: Path | None = None
    whisper_model_size: str | None = None
    whisper_allow_download: bool = False
    channel_roles: Annotated[tuple[ChannelRole, ...], NoDecode] = Field(
        default=(), description="Who is on which channel of recordings with one person on each, in order"
    )

    @field_validator("channel_roles", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return names_of(value)


class AnalysisSettings(SettingsGroup):
    analysis_engine: AnalysisEngine = AnalysisEngine.AUTO
    eu_mode: bool = Field(default=False, description="No sentiment anywhere, for all organisations")
    analysis_interview_tokens: int = Field(
        default=1_000_000, ge=1000, description="Input and output tokens that one analysis may use"
    )
    analysis_interview_usd: float | None = Field(default=None, gt=0)
    analysis_day_tokens: int = Field(
        default=50_000_000, ge=1000, description="The same for an organisation and day (UTC)"
    )
    analysis_day_usd: float | None = Field(default=None, gt=0)


class DeepgramSettings(SettingsGroup):
    deepgram_api_key: SecretStr | None = None
    deepgram_webhook_secret: SecretStr | None = Field(
        default=None, description="Password of Deepgram's calls to our webhook"
    )
    deepgram_base_url: str = Field(
        default="https://api.deepgram.com",
        description="https://api.eu.deepgram.com and so on for other regions",
    )
    deepgram_delivery: DeepgramDelivery = DeepgramDelivery.AUTO
    deepgram_model: str = "nova-3"
    deepgram_intelligence: Annotated[tuple[IntelligenceFeature, ...], NoDecode] = tuple(IntelligenceFeature)
    deepgram_redact: Names = ()
    deepgram_tags: Names = ("debrief",)
    deepgram_mip_opt_out: bool = Field(
        default=True, description="Keep recordings out of model training; may cost more"
    )
    deepgram_concurrency: int = Field(
        default=50, ge=1, description="Transcriptions under way, without Intelligence"
    )
    deepgram_intelligence_concurrency: int = Field(default=8, ge=1, description="The same, with Intelligence")
    deepgram_timeout_seconds: float = Field(default=60.0, gt=0, description="For the answer to a submission")
    deepgram_deadline_seconds: float = Field(
        default=900.0, gt=0, description="For the callback: ten minutes of work and five of repeated delivery"
    )

    @field_validator("deepgram_redact", "deepgram_tags", "deepgram_intelligence", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return names_of(value)

    @field_validator("deepgram_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return http_address(value)

    @property
    def in_flight(self) -> int:
        """How many transcriptions may be under way at once: Intelligence lowers the vendor's limit."""
        return (
            self.deepgram_intelligence_concurrency
            if self.deepgram_intelligence
            else self.deepgram_concurrency
        )


class OpenAISettings(SettingsGroup):
    openai_api_key: SecretStr | None = None
    openai_base_url: str = Field(default=OPENAI_ADDRESS, description="Of any server with the same interface")
    openai_model: str = "gpt-4o-mini"
    openai_effort: ReasoningEffort | None = Field(default=None, description="Not sent when unset")
    openai_temperature: float | None = Field(default=None, ge=0, le=2, description="Not sent when unset")
    openai_context_tokens: int | None = Field(
        default=None, ge=4096, description="What the model takes at once; known for OpenAI's own models"
    )
    openai_max_output_tokens: int | None = Field(default=None, ge=512)
    openai_input_usd: float | None = Field(
        default=None, ge=0, description="Price of a million input tokens; known for OpenAI's own models"
    )
    openai_output_usd: float | None = Field(default=None, ge=0)
    openai_timeout_seconds: float = Field(default=180.0, gt=0, description="For one answer")
    openai_concurrency: int = Field(default=4, ge=1, description="Requests that may be under way at once")

    @field_validator("openai_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return http_address(value)

    @property
    def is_configured(self) -> bool:
        """A key, or the address of a server of one's own, which may ask for none."""
        return self.openai_api_key is not None or self.openai_base_url != OPENAI_ADDRESS
