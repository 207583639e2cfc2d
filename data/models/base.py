"""What tables share: names for constraints, a key, whether the row is made up, and when it was verified."""

from datetime import date

from sqlalchemy import BigInteger, Boolean, Identity, MetaData, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

WGS84_SRID = 4326


class Base(DeclarativeBase):
    """The registry of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Row(Base):
    """A row that people can point at: numbered by the database, and honest about being made up."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    synthetic: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))


class Verified:
    """A row that stands for something out there, which somebody has to look at from time to time."""

    verified_on: Mapped[date | None]
    """When somebody last checked the row against the place; null where nobody ever did."""
    verified_by: Mapped[str | None] = mapped_column(Text)
