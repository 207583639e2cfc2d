"""First tables: hazard sources, responders, supplies, incidents; events and answers are append-only."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("event", "recommendation")
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once and never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$
"""


def upgrade() -> None:
    """Apply the change."""
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.create_table(
        "capability",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("adds_up", sa.Text(), nullable=False),
        sa.Column("unit_of_measure", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "adds_up IN ('additive', 'maximum', 'squads')", name=op.f("ck_capability_adds_up_known")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_capability")),
    )
    op.create_geospatial_table(
        "depot",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("loading_s", sa.Double(), nullable=False),
        sa.Column("delivers", sa.Boolean(), nullable=False),
        sa.Column(
            "place",
            Geometry(
                geometry_type="POINT",
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
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_depot_name_not_blank")),
        sa.CheckConstraint(
            "loading_s >= 0 AND loading_s < 'Infinity'", name=op.f("ck_depot_loading_s_not_negative")
        ),
        sa.CheckConstraint(
            "tier IN ('province', 'city', 'county', 'township', 'enterprise')",
            name=op.f("ck_depot_tier_known"),
        ),
        sa.CheckConstraint(
            "NOT ST_IsEmpty(place) AND ST_XMin(place) >= -180 AND ST_XMax(place) <= 180 AND ST_YMin(place) >= -90 AND ST_YMax(place) <= 90",
            name=op.f("ck_depot_place_on_earth"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_depot")),
        sa.UniqueConstraint("name", name=op.f("uq_depot_name")),
    )
    op.create_geospatial_index(
        "idx_depot_place", "depot", ["place"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_table(
        "hazard_kind",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_hazard_kind")),
    )
    op.create_table(
        "incident_kind",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_incident_kind")),
    )
    op.create_geospatial_table(
        "rescue_base",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column(
            "place",
            Geometry(
                geometry_type="POINT",
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
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_rescue_base_name_not_blank")),
        sa.CheckConstraint(
            "NOT ST_IsEmpty(place) AND ST_XMin(place) >= -180 AND ST_XMax(place) <= 180 AND ST_YMin(place) >= -90 AND ST_YMax(place) <= 90",
            name=op.f("ck_rescue_base_place_on_earth"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescue_base")),
        sa.UniqueConstraint("name", name=op.f("uq_rescue_base_name")),
    )
    op.create_geospatial_index(
        "idx_rescue_base_place",
        "rescue_base",
        ["place"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "hazard_source",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column(
            "place",
            Geometry(
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("grade", sa.SmallInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "ST_GeometryType(place) IN ('ST_Point', 'ST_LineString', 'ST_Polygon')",
            name=op.f("ck_hazard_source_place_simple"),
        ),
        sa.CheckConstraint("btrim(enterprise) <> ''", name=op.f("ck_hazard_source_enterprise_not_blank")),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_hazard_source_name_not_blank")),
        sa.CheckConstraint(
            "NOT ST_IsEmpty(place) AND ST_XMin(place) >= -180 AND ST_XMax(place) <= 180 AND ST_YMin(place) >= -90 AND ST_YMax(place) <= 90",
            name=op.f("ck_hazard_source_place_on_earth"),
        ),
        sa.CheckConstraint("ST_IsValid(place)", name=op.f("ck_hazard_source_place_valid")),
        sa.CheckConstraint("grade BETWEEN 1 AND 4", name=op.f("ck_hazard_source_grade_1_to_4")),
        sa.ForeignKeyConstraint(
            ["kind"], ["hazard_kind.code"], name=op.f("fk_hazard_source_kind_hazard_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_source")),
    )
    op.create_geospatial_index(
        "idx_hazard_source_place",
        "hazard_source",
        ["place"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "incident",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column(
            "place",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("substance", sa.Text(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("btrim(reported_by) <> ''", name=op.f("ck_incident_reported_by_not_blank")),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_incident_status_known")),
        sa.CheckConstraint(
            "NOT ST_IsEmpty(place) AND ST_XMin(place) >= -180 AND ST_XMax(place) <= 180 AND ST_YMin(place) >= -90 AND ST_YMax(place) <= 90",
            name=op.f("ck_incident_place_on_earth"),
        ),
        sa.CheckConstraint("severity BETWEEN 1 AND 4", name=op.f("ck_incident_severity_1_to_4")),
        sa.ForeignKeyConstraint(
            ["kind"], ["incident_kind.code"], name=op.f("fk_incident_kind_incident_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_geospatial_index(
        "idx_incident_place", "incident", ["place"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_table(
        "stock",
        sa.Column("depot_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("unit_of_measure", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=False),
        sa.Column("minimum", sa.Double(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("btrim(item) <> ''", name=op.f("ck_stock_item_not_blank")),
        sa.CheckConstraint("btrim(unit_of_measure) <> ''", name=op.f("ck_stock_unit_of_measure_not_blank")),
        sa.CheckConstraint(
            "minimum >= 0 AND minimum < 'Infinity'", name=op.f("ck_stock_minimum_not_negative")
        ),
        sa.CheckConstraint(
            "quantity >= 0 AND quantity < 'Infinity'", name=op.f("ck_stock_quantity_not_negative")
        ),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_stock_depot_id_depot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock")),
        sa.UniqueConstraint("depot_id", "item", name=op.f("uq_stock_depot_id")),
    )
    op.create_index(op.f("ix_stock_item"), "stock", ["item"], unique=False)
    op.create_table(
        "team",
        sa.Column("base_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("call_sign", sa.Text(), nullable=False),
        sa.Column("radio", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_team_name_not_blank")),
        sa.CheckConstraint(
            "tier IN ('enterprise-full-time', 'enterprise-part-time', 'fire-brigade', 'district-comprehensive', 'professional', 'volunteer', 'other')",
            name=op.f("ck_team_tier_known"),
        ),
        sa.ForeignKeyConstraint(["base_id"], ["rescue_base.id"], name=op.f("fk_team_base_id_rescue_base")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("call_sign", name=op.f("uq_team_call_sign")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_index(op.f("ix_team_base_id"), "team", ["base_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("incident_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column(
            "detail", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("btrim(kind) <> ''", name=op.f("ck_event_kind_not_blank")),
        sa.CheckConstraint("btrim(who) <> ''", name=op.f("ck_event_who_not_blank")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_event_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_incident_id"), "event", ["incident_id"], unique=False)
    op.create_table(
        "gb_unit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("hazard_source_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("residents_500m", sa.Integer(), nullable=False),
        sa.Column("alpha", sa.Double(), nullable=False),
        sa.Column("s", sa.Double(), nullable=False),
        sa.Column("r", sa.Double(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("alpha > 0 AND alpha < 'Infinity'", name=op.f("ck_gb_unit_alpha_positive")),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_gb_unit_name_not_blank")),
        sa.CheckConstraint("r >= 0 AND r < 'Infinity'", name=op.f("ck_gb_unit_r_not_negative")),
        sa.CheckConstraint("s >= 0 AND s < 'Infinity'", name=op.f("ck_gb_unit_s_not_negative")),
        sa.CheckConstraint("(grade IS NOT NULL) = (s >= 1)", name=op.f("ck_gb_unit_graded_when_major")),
        sa.CheckConstraint("grade BETWEEN 1 AND 4", name=op.f("ck_gb_unit_grade_1_to_4")),
        sa.CheckConstraint("residents_500m >= 0", name=op.f("ck_gb_unit_residents_not_negative")),
        sa.ForeignKeyConstraint(
            ["hazard_source_id"],
            ["hazard_source.id"],
            name=op.f("fk_gb_unit_hazard_source_id_hazard_source"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gb_unit")),
        sa.UniqueConstraint("hazard_source_id", "name", name=op.f("uq_gb_unit_hazard_source_id")),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("roads_hash", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_recommendation_number_positive")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_recommendation_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_recommendation_incident_id")),
    )
    op.create_geospatial_table(
        "unit",
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vehicle_profile", sa.Text(), nullable=False),
        sa.Column("crew", sa.Integer(), nullable=False),
        sa.Column("turnout_s", sa.Double(), nullable=False),
        sa.Column("in_service", sa.Boolean(), nullable=False),
        sa.Column(
            "position",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("position_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_unit_name_not_blank")),
        sa.CheckConstraint(
            "turnout_s >= 0 AND turnout_s < 'Infinity'", name=op.f("ck_unit_turnout_s_not_negative")
        ),
        sa.CheckConstraint(
            "vehicle_profile IN ('passenger', 'fire-engine', 'heavy-hazmat-truck', 'ambulance', 'on-foot')",
            name=op.f("ck_unit_vehicle_profile_known"),
        ),
        sa.CheckConstraint(
            "(position IS NULL) = (position_at IS NULL)", name=op.f("ck_unit_position_has_time")
        ),
        sa.CheckConstraint(
            "NOT ST_IsEmpty(position) AND ST_XMin(position) >= -180 AND ST_XMax(position) <= 180 AND ST_YMin(position) >= -90 AND ST_YMax(position) <= 90",
            name=op.f("ck_unit_position_on_earth"),
        ),
        sa.CheckConstraint("crew > 0", name=op.f("ck_unit_crew_positive")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_unit_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("team_id", "name", name=op.f("uq_unit_team_id")),
    )
    op.create_geospatial_index(
        "idx_unit_position", "unit", ["position"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("ix_unit_team_id"), "unit", ["team_id"], unique=False)
    op.create_table(
        "gb_substance",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("gb_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cas", sa.Text(), nullable=True),
        sa.Column("hazard_class", sa.Text(), nullable=True),
        sa.Column("design_max_t", sa.Double(), nullable=False),
        sa.Column("threshold_t", sa.Double(), nullable=False),
        sa.Column("beta", sa.Double(), nullable=False),
        sa.Column("beta_source", sa.Text(), nullable=False),
        sa.CheckConstraint("beta > 0 AND beta < 'Infinity'", name=op.f("ck_gb_substance_beta_positive")),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_gb_substance_name_not_blank")),
        sa.CheckConstraint(
            "design_max_t > 0 AND design_max_t < 'Infinity'",
            name=op.f("ck_gb_substance_design_max_t_positive"),
        ),
        sa.CheckConstraint(
            "threshold_t > 0 AND threshold_t < 'Infinity'", name=op.f("ck_gb_substance_threshold_t_positive")
        ),
        sa.ForeignKeyConstraint(
            ["gb_unit_id"],
            ["gb_unit.id"],
            name=op.f("fk_gb_substance_gb_unit_id_gb_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gb_substance")),
    )
    op.create_index(op.f("ix_gb_substance_gb_unit_id"), "gb_substance", ["gb_unit_id"], unique=False)
    op.create_table(
        "unit_capability",
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("capability", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "quantity > 0 AND quantity < 'Infinity'", name=op.f("ck_unit_capability_quantity_positive")
        ),
        sa.ForeignKeyConstraint(
            ["capability"], ["capability.code"], name=op.f("fk_unit_capability_capability_capability")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_unit_capability_unit_id_unit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "capability", name=op.f("pk_unit_capability")),
    )
    op.execute(REFUSE_CHANGE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("unit_capability")
    op.drop_index(op.f("ix_gb_substance_gb_unit_id"), table_name="gb_substance")
    op.drop_table("gb_substance")
    op.drop_index(op.f("ix_unit_team_id"), table_name="unit")
    op.drop_geospatial_index(
        "idx_unit_position", table_name="unit", postgresql_using="gist", column_name="position"
    )
    op.drop_geospatial_table("unit")
    op.drop_table("recommendation")
    op.drop_table("gb_unit")
    op.drop_index(op.f("ix_event_incident_id"), table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_team_base_id"), table_name="team")
    op.drop_table("team")
    op.drop_index(op.f("ix_stock_item"), table_name="stock")
    op.drop_table("stock")
    op.drop_geospatial_index(
        "idx_incident_place", table_name="incident", postgresql_using="gist", column_name="place"
    )
    op.drop_geospatial_table("incident")
    op.drop_geospatial_index(
        "idx_hazard_source_place", table_name="hazard_source", postgresql_using="gist", column_name="place"
    )
    op.drop_geospatial_table("hazard_source")
    op.drop_geospatial_index(
        "idx_rescue_base_place", table_name="rescue_base", postgresql_using="gist", column_name="place"
    )
    op.drop_geospatial_table("rescue_base")
    op.drop_table("incident_kind")
    op.drop_table("hazard_kind")
    op.drop_geospatial_index(
        "idx_depot_place", table_name="depot", postgresql_using="gist", column_name="place"
    )
    op.drop_geospatial_table("depot")
    op.drop_table("capability")
    op.execute("DROP FUNCTION refuse_change()")
