"""Settings, read once at the door from the environment."""

from pathlib import Path
from zoneinfo import available_timezones

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """
    Every setting of the service, each overridable as ``RESCUEGRID_NAME`` in the environment.

    ``database_url`` is also read from ``DATABASE_URL``; without it the product runs a private PostGIS cluster
    under ``var`` and keeps its rows in ``database`` there.
    """

    model_config = SettingsConfigDict(
        env_prefix="RESCUEGRID_", env_ignore_empty=True, frozen=True, populate_by_name=True
    )

    database_url: str | None = Field(
        default=None, validation_alias=AliasChoices("RESCUEGRID_DATABASE_URL", "DATABASE_URL")
    )
    database: str = "rescuegrid"
    var: Path = Path("var")
    roads: str = "wuhan"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    snap_limit_m: float = Field(default=500.0, gt=0)
    incident_limit_m: float = Field(default=50_000.0, gt=0)
    stale_after_s: float = Field(default=1800.0, gt=0)
    clock_tolerance_s: float = Field(default=60.0, ge=0)
    time_zone: str = "Asia/Shanghai"
    tolerance_s: float = Field(default=60.0, ge=0)
    choice_time_limit_s: float = Field(default=2.0, gt=0)
    stale_speed_kmh: float = Field(default=30.0, gt=0)
    stale_reach_m: float = Field(default=10_000.0, gt=0)
    site_radius_m: float = Field(default=300.0, ge=0)
    duplicate_within_m: float = Field(default=500.0, ge=0)
    duplicate_within_s: float = Field(default=1800.0, ge=0)
    redispatch_threshold_s: float = Field(default=120.0, ge=0)
    relief_after_s: float = Field(default=14_400.0, gt=0)

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name!r} is not a time zone, e.g. Asia/Shanghai")
        return name

    @property
    def roads_root(self) -> Path:
        """Where the road networks are kept."""
        return self.var / "roads"

    @property
    def cluster_directory(self) -> Path:
        """Where the private cluster is kept."""
        return self.var / "postgres"
