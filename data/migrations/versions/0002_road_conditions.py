"""Road conditions: written once, withdrawn once; every change counts their version up and is an event."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COUNT_UP = """
CREATE FUNCTION count_up_road_conditions_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE counted bigint;
BEGIN
    UPDATE road_conditions_version SET version = version + 1 RETURNING version INTO STRICT counted;
    PERFORM pg_notify('road_conditions', counted::text);
    RETURN NULL;
END
$$
"""
STAMP_ADDED = """
CREATE FUNCTION stamp_road_condition_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF num_nonnulls(NEW.withdrawn_at, NEW.withdrawn_by, NEW.withdrawn_why, NEW.withdrawn_in) > 0 THEN
        RAISE EXCEPTION 'a road condition is added before it is withdrawn' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT version INTO STRICT NEW.added_in FROM road_conditions_version;
    RETURN NEW;
END
$$
"""
STAMP_WITHDRAWN = """
CREATE FUNCTION stamp_road_condition_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE expected road_condition := OLD;
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL THEN
        RAISE EXCEPTION 'a road condition is withdrawn once and changed in no other way'
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT version INTO STRICT NEW.withdrawn_in FROM road_conditions_version;
    expected.withdrawn_at := NEW.withdrawn_at;
    expected.withdrawn_by := NEW.withdrawn_by;
    expected.withdrawn_why := NEW.withdrawn_why;
    expected.withdrawn_in := NEW.withdrawn_in;
    IF NOT (NEW *= expected) THEN
        RAISE EXCEPTION 'a road condition is withdrawn once and changed in no other way'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""
NOTE_ADDED = """
CREATE FUNCTION note_road_conditions_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO event (kind, who, detail, synthetic)
    SELECT 'road-condition.added', author,
           jsonb_build_object('road_condition', id, 'what', kind, 'reason', reason, 'conditions_version', added_in),
           synthetic
    FROM changed ORDER BY id;
    RETURN NULL;
END
$$
"""
NOTE_WITHDRAWN = """
CREATE FUNCTION note_road_conditions_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO event (kind, who, detail, synthetic)
    SELECT 'road-condition.withdrawn', withdrawn_by,
           jsonb_build_object('road_condition', id, 'why', withdrawn_why, 'conditions_version', withdrawn_in),
           synthetic
    FROM changed ORDER BY id;
    RETURN NULL;
END
$$
"""
REFUSE_TURNING_BACK = """
CREATE FUNCTION refuse_turning_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <= OLD.version THEN
        RAISE EXCEPTION 'the version of road conditions only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""
FUNCTIONS = (COUNT_UP, STAMP_ADDED, STAMP_WITHDRAWN, NOTE_ADDED, NOTE_WITHDRAWN, REFUSE_TURNING_BACK)
TRIGGERS = """
CREATE TRIGGER road_condition_counts_up BEFORE INSERT OR UPDATE ON road_condition
    FOR EACH STATEMENT EXECUTE FUNCTION count_up_road_conditions_version();
CREATE TRIGGER road_condition_is_stamped_added BEFORE INSERT ON road_condition
    FOR EACH ROW EXECUTE FUNCTION stamp_road_condition_added();
CREATE TRIGGER road_condition_is_stamped_withdrawn BEFORE UPDATE ON road_condition
    FOR EACH ROW EXECUTE FUNCTION stamp_road_condition_withdrawn();
CREATE TRIGGER road_condition_is_noted_added AFTER INSERT ON road_condition REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_road_conditions_added();
CREATE TRIGGER road_condition_is_noted_withdrawn AFTER UPDATE ON road_condition REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_road_conditions_withdrawn();
CREATE TRIGGER road_condition_is_never_removed BEFORE DELETE OR TRUNCATE ON road_condition
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER road_conditions_version_only_grows BEFORE UPDATE ON road_conditions_version
    FOR EACH ROW EXECUTE FUNCTION refuse_turning_back();
CREATE TRIGGER road_conditions_version_is_never_removed BEFORE DELETE OR TRUNCATE ON road_conditions_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "road_conditions_version",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("single", name=op.f("ck_road_conditions_version_only_one")),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_road_conditions_version")),
    )
    op.execute("INSERT INTO road_conditions_version DEFAULT VALUES")
    op.create_geospatial_table(
        "road_condition",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "shape",
            Geometry(
                geometry_type="GEOMETRY",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("roads", sa.Text(), nullable=True),
        sa.Column("roads_hash", sa.Text(), nullable=True),
        sa.Column("segments", postgresql.ARRAY(sa.Integer()), nullable=True),
        sa.Column("factor", sa.Double(), nullable=True),
        sa.Column("preset", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("added_in", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("withdrawn_in", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("kind IN ('closure', 'slowdown')", name=op.f("ck_road_condition_kind_known")),
        sa.CheckConstraint("preset IN ('night', 'ice', 'fog')", name=op.f("ck_road_condition_preset_known")),
        sa.CheckConstraint("btrim(reason) <> ''", name=op.f("ck_road_condition_reason_not_blank")),
        sa.CheckConstraint("btrim(author) <> ''", name=op.f("ck_road_condition_author_not_blank")),
        sa.CheckConstraint(
            "btrim(withdrawn_by) <> ''", name=op.f("ck_road_condition_withdrawn_by_not_blank")
        ),
        sa.CheckConstraint(
            "btrim(withdrawn_why) <> ''", name=op.f("ck_road_condition_withdrawn_why_not_blank")
        ),
        sa.CheckConstraint("factor BETWEEN 1 AND 100", name=op.f("ck_road_condition_factor_1_to_100")),
        sa.CheckConstraint(
            "num_nonnulls(factor, preset) = CASE kind WHEN 'slowdown' THEN 1 ELSE 0 END",
            name=op.f("ck_road_condition_slowdown_has_factor_or_preset"),
        ),
        sa.CheckConstraint(
            "ST_GeometryType(shape) IN "
            "('ST_Point', 'ST_LineString', 'ST_MultiLineString', 'ST_Polygon', 'ST_MultiPolygon')",
            name=op.f("ck_road_condition_shape_simple"),
        ),
        sa.CheckConstraint("ST_IsValid(shape)", name=op.f("ck_road_condition_shape_valid")),
        sa.CheckConstraint(
            "NOT ST_IsEmpty(shape) AND ST_XMin(shape) >= -180 AND ST_XMax(shape) <= 180 AND ST_YMin(shape) >= -90 AND ST_YMax(shape) <= 90",
            name=op.f("ck_road_condition_shape_on_earth"),
        ),
        sa.CheckConstraint(
            "num_nulls(roads, roads_hash, segments) IN (0, 3)",
            name=op.f("ck_road_condition_segments_of_roads"),
        ),
        sa.CheckConstraint(
            "cardinality(segments) > 0 AND 0 <= ALL (segments)",
            name=op.f("ck_road_condition_segments_named"),
        ),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_road_condition_valid_to_after_valid_from")),
        sa.CheckConstraint(
            "num_nulls(withdrawn_at, withdrawn_by, withdrawn_why, withdrawn_in) IN (0, 4)",
            name=op.f("ck_road_condition_withdrawn_by_somebody"),
        ),
        sa.CheckConstraint("withdrawn_in > added_in", name=op.f("ck_road_condition_withdrawn_after_added")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road_condition")),
    )
    op.create_geospatial_index(
        "idx_road_condition_shape",
        "road_condition",
        ["shape"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "ix_road_condition_standing",
        "road_condition",
        ["valid_to"],
        unique=False,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    for function in FUNCTIONS:
        op.execute(function)
    op.execute(TRIGGERS)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_road_condition_standing", table_name="road_condition")
    op.drop_geospatial_index(
        "idx_road_condition_shape", table_name="road_condition", postgresql_using="gist", column_name="shape"
    )
    op.drop_geospatial_table("road_condition")
    op.drop_table("road_conditions_version")
    for name in (
        "count_up_road_conditions_version",
        "stamp_road_condition_added",
        "stamp_road_condition_withdrawn",
        "note_road_conditions_added",
        "note_road_conditions_withdrawn",
        "refuse_turning_back",
    ):
        op.execute(f"DROP FUNCTION {name}()")
