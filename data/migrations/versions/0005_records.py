"""Records of a safety bureau: enterprises, drills, station areas, and when rows and plans were last looked at."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VERIFIED = ("depot", "hazard_source", "rescue_base", "stock", "team", "unit")
AUDITED = ("drill", "enterprise", "station_area")
PLAN_DAYS = ("filed_on", "revised_on")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "enterprise",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("revenue_yuan", sa.Double(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_enterprise_name_not_blank")),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_enterprise_headcount_not_negative")),
        sa.CheckConstraint(
            "revenue_yuan >= 0 AND revenue_yuan < 'Infinity'",
            name=op.f("ck_enterprise_revenue_yuan_not_negative"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
        sa.UniqueConstraint("name", name=op.f("uq_enterprise_name")),
    )
    op.create_table(
        "drill",
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("form IN ('tabletop', 'practical')", name=op.f("ck_drill_form_known")),
        sa.CheckConstraint(
            "organiser IN ('government', 'enterprise', 'team')", name=op.f("ck_drill_organiser_known")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["response_plan.id"],
            name=op.f("fk_drill_plan_id_response_plan"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_drill_team_id_team"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill")),
    )
    op.create_index(op.f("ix_drill_plan_id"), "drill", ["plan_id"], unique=False)
    op.create_index(op.f("ix_drill_team_id"), "drill", ["team_id"], unique=False)
    op.create_geospatial_table(
        "station_area",
        sa.Column("base_id", sa.BigInteger(), nullable=False),
        sa.Column("station_class", sa.Text(), nullable=False),
        sa.Column(
            "area",
            Geometry(
                geometry_type="POLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "NOT ST_IsEmpty(area) AND ST_XMin(area) >= -180 AND ST_XMax(area) <= 180 AND ST_YMin(area) >= -90 AND ST_YMax(area) <= 90",
            name=op.f("ck_station_area_area_on_earth"),
        ),
        sa.CheckConstraint("ST_IsValid(area)", name=op.f("ck_station_area_area_valid")),
        sa.CheckConstraint(
            "station_class IN ('class-1', 'class-2', 'small', 'suburban')",
            name=op.f("ck_station_area_station_class_known"),
        ),
        sa.ForeignKeyConstraint(
            ["base_id"],
            ["rescue_base.id"],
            name=op.f("fk_station_area_base_id_rescue_base"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_area")),
        sa.UniqueConstraint("base_id", name=op.f("uq_station_area_base_id")),
    )
    op.create_geospatial_index(
        "idx_station_area_area",
        "station_area",
        ["area"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    for table in VERIFIED:
        op.add_column(table, sa.Column("verified_on", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("verified_by", sa.Text(), nullable=True))
    for day in PLAN_DAYS:
        op.add_column("response_plan", sa.Column(day, sa.Date(), nullable=True))
    for table in AUDITED:
        op.execute(
            f"CREATE TRIGGER {table}_is_audited AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_change('id')"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_not_truncated BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
        )


def downgrade() -> None:
    """Undo the change; the records are lost."""
    for day in PLAN_DAYS:
        op.drop_column("response_plan", day)
    for table in VERIFIED:
        op.drop_column(table, "verified_by")
        op.drop_column(table, "verified_on")
    op.drop_geospatial_index(
        "idx_station_area_area", table_name="station_area", postgresql_using="gist", column_name="area"
    )
    op.drop_geospatial_table("station_area")
    op.drop_table("drill")
    op.drop_table("enterprise")
