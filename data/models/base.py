"""What every table shares: names for constraints, a key, and whether the row is made up."""

from sqlalchemy import BigInteger, Boolean, Identity, MetaData, text
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
