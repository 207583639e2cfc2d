"""The life of an incident: assignments, reservations, positions, what is owed to others, and the audit."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CHECK_STEP = """
CREATE FUNCTION check_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := to_jsonb(OLD) ->> TG_ARGV[0];
    after text := to_jsonb(NEW) ->> TG_ARGV[0];
    allowed boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE from_state = $1 AND to_state = $2)', TG_TABLE_NAME || '_transition')
        INTO allowed USING before, after;
    IF NOT allowed THEN
        RAISE EXCEPTION '% % cannot go from % to %', TG_TABLE_NAME, OLD.id, before, after
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""
HOLD_STANDING_INCIDENT = """
CREATE FUNCTION hold_standing_incident(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM incident WHERE id = wanted AND status IN ('open', 'under-control') FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'incident % is over, or there is none: nothing can be sent to it', wanted
            USING ERRCODE = 'restrict_violation';
    END IF;
END
$$
"""
GUARD_ASSIGNMENT = """
CREATE FUNCTION guard_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.incident_id, NEW.unit_id) IS DISTINCT FROM (OLD.incident_id, OLD.unit_id) THEN
        RAISE EXCEPTION 'assignment % keeps its incident and its unit', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.state IN ('returning', 'released', 'refused', 'cancelled') THEN
        RAISE EXCEPTION 'an assignment does not begin as %', NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'INSERT' OR OLD.state = 'proposed' AND NEW.state NOT IN ('refused', 'cancelled') THEN
        PERFORM hold_standing_incident(NEW.incident_id);
    END IF;
    NEW.closed_at := CASE WHEN NEW.state IN ('released', 'refused', 'cancelled') THEN NEW.state_at END;
    RETURN NEW;
END
$$
"""
DIVERT_RETURNING = """
CREATE FUNCTION divert_returning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE assignment
    SET state = 'released', state_at = NEW.state_at, state_by = NEW.state_by, state_source = NEW.state_source,
        state_note = '', diverted_to_id = NEW.id
    WHERE unit_id = NEW.unit_id AND state = 'returning';
    RETURN NULL;
END
$$
"""
NOTE_ASSIGNMENT = """
CREATE FUNCTION note_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO event (incident_id, kind, who, detail, happened_at, source, assignment_id, unit_id, synthetic)
    VALUES (
        NEW.incident_id, 'assignment.' || NEW.state, NEW.state_by,
        jsonb_strip_nulls(jsonb_build_object(
            'from', OLD.state, 'note', nullif(NEW.state_note, ''), 'diverted_to', NEW.diverted_to_id
        )),
        NEW.state_at, NEW.state_source, NEW.id, NEW.unit_id, NEW.synthetic
    );
    RETURN NULL;
END
$$
"""
GUARD_INCIDENT = """
CREATE FUNCTION guard_incident() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ends boolean := TG_OP = 'UPDATE' AND NEW.status IN ('closed', 'merged') AND NEW.status <> OLD.status;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.merged_into_id <> NEW.merged_into_id THEN
        RAISE EXCEPTION 'incident % stays merged into %', OLD.id, OLD.merged_into_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF ends AND EXISTS (SELECT FROM assignment WHERE incident_id = NEW.id AND closed_at IS NULL) THEN
        RAISE EXCEPTION 'incident % has units that are not released', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF ends AND EXISTS (SELECT FROM reservation WHERE incident_id = NEW.id AND closed_at IS NULL) THEN
        RAISE EXCEPTION 'incident % has supplies that are not settled', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF ends AND NEW.merged_into_id IS NOT NULL THEN
        PERFORM hold_standing_incident(NEW.merged_into_id);
    END IF;
    NEW.under_control_at := CASE NEW.status
        WHEN 'under-control' THEN coalesce(NEW.under_control_at, now()) WHEN 'open' THEN NULL
        ELSE NEW.under_control_at END;
    NEW.closed_at := CASE WHEN NEW.status IN ('closed', 'merged') THEN coalesce(NEW.closed_at, now()) END;
    RETURN NEW;
END
$$
"""
GUARD_RESERVATION = """
CREATE FUNCTION guard_reservation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('reserved', 'issued') THEN
            RAISE EXCEPTION 'a reservation does not begin as %', NEW.state USING ERRCODE = 'restrict_violation';
        END IF;
        PERFORM hold_standing_incident(NEW.incident_id);
    ELSIF (NEW.incident_id, NEW.stock_id, NEW.quantity) IS DISTINCT FROM (OLD.incident_id, OLD.stock_id, OLD.quantity)
        OR OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'reservation % keeps its incident, its stock and its quantity, and all once it is settled', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.closed_at := CASE WHEN NEW.state NOT IN ('reserved', 'issued') THEN NEW.state_at END;
    RETURN NEW;
END
$$
"""
SETTLE_STOCK = """
CREATE FUNCTION settle_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE stock SET quantity = (quantity::text::numeric - coalesce(NEW.used_quantity, 0)::text::numeric)::float8
    WHERE id = NEW.stock_id;
    INSERT INTO event (incident_id, kind, who, detail, happened_at, source, assignment_id, synthetic)
    VALUES (
        NEW.incident_id, 'reservation.' || NEW.state, NEW.state_by,
        jsonb_strip_nulls(jsonb_build_object(
            'reservation', NEW.id, 'from', OLD.state, 'stock', NEW.stock_id, 'quantity', NEW.quantity,
            'used', NEW.used_quantity, 'approved_by', NEW.approved_by
        )),
        NEW.state_at, NEW.state_source, NEW.assignment_id, NEW.synthetic
    );
    RETURN NULL;
END
$$
"""
SUM_RESERVED = """
CREATE FUNCTION sum_reserved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(sum(quantity::text::numeric), 0) INTO NEW.reserved
    FROM reservation WHERE stock_id = NEW.id AND closed_at IS NULL;
    RETURN NEW;
END
$$
"""
OWE_EVENTS = """
CREATE FUNCTION owe_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO webhook_delivery (webhook_id, event_id)
    SELECT webhook.id, added.id FROM added JOIN webhook
        ON active AND (kinds = '{}' OR kind = ANY (kinds) OR split_part(kind, '.', 1) = ANY (kinds))
    ORDER BY added.id, webhook.id;
    RETURN NULL;
END
$$
"""
AUDIT_CHANGE = """
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD) - TG_ARGV[1:];
    after jsonb := to_jsonb(NEW) - TG_ARGV[1:];
    row_now jsonb := coalesce(after, before);
    key text;
BEGIN
    IF before = after THEN
        RETURN NULL;
    END IF;
    SELECT string_agg(row_now ->> part, '/' ORDER BY place) INTO key
    FROM unnest(string_to_array(TG_ARGV[0], ',')) WITH ORDINALITY AS parts (part, place);
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(was.key, was.value), jsonb_object_agg(was.key, after -> was.key) INTO before, after
        FROM jsonb_each(before) AS was WHERE was.value IS DISTINCT FROM after -> was.key;
    END IF;
    INSERT INTO audit (who, source, table_name, row_key, action, old, new)
    VALUES (
        coalesce(nullif(current_setting('rescuegrid.who', true), ''), row_now ->> 'state_by', 'unknown'),
        coalesce(nullif(current_setting('rescuegrid.source', true), ''), row_now ->> 'state_source', 'unknown'),
        TG_TABLE_NAME, key, lower(TG_OP),
        CASE WHEN before ? 'secret' THEN before || '{"secret": "***"}' ELSE before END,
        CASE WHEN after ? 'secret' THEN after || '{"secret": "***"}' ELSE after END
    );
    RETURN NULL;
END
$$
"""
REFUSE_TRUNCATE = """
CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are removed one by one, so that the audit tells of each', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$
"""
FUNCTIONS = {
    "check_step": CHECK_STEP,
    "hold_standing_incident": HOLD_STANDING_INCIDENT,
    "guard_assignment": GUARD_ASSIGNMENT,
    "divert_returning": DIVERT_RETURNING,
    "note_assignment": NOTE_ASSIGNMENT,
    "guard_incident": GUARD_INCIDENT,
    "guard_reservation": GUARD_RESERVATION,
    "settle_stock": SETTLE_STOCK,
    "sum_reserved": SUM_RESERVED,
    "owe_events": OWE_EVENTS,
    "audit_change": AUDIT_CHANGE,
    "refuse_truncate": REFUSE_TRUNCATE,
}
TRIGGERS = """
CREATE TRIGGER assignment_is_guarded BEFORE INSERT OR UPDATE ON assignment
    FOR EACH ROW EXECUTE FUNCTION guard_assignment();
CREATE TRIGGER assignment_takes_known_steps BEFORE UPDATE ON assignment
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION check_step('state');
CREATE TRIGGER assignment_begun_diverts AFTER INSERT ON assignment
    FOR EACH ROW WHEN (NEW.state <> 'proposed') EXECUTE FUNCTION divert_returning();
CREATE TRIGGER assignment_confirmed_diverts AFTER UPDATE ON assignment
    FOR EACH ROW WHEN (OLD.state = 'proposed' AND NEW.closed_at IS NULL) EXECUTE FUNCTION divert_returning();
CREATE TRIGGER assignment_is_noted_begun AFTER INSERT ON assignment
    FOR EACH ROW EXECUTE FUNCTION note_assignment();
CREATE TRIGGER assignment_is_noted_stepped AFTER UPDATE ON assignment
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION note_assignment();
CREATE TRIGGER assignment_is_never_removed BEFORE DELETE OR TRUNCATE ON assignment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_is_guarded BEFORE INSERT OR UPDATE ON incident
    FOR EACH ROW EXECUTE FUNCTION guard_incident();
CREATE TRIGGER incident_takes_known_steps BEFORE UPDATE ON incident
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION check_step('status');
CREATE TRIGGER reservation_is_guarded BEFORE INSERT OR UPDATE ON reservation
    FOR EACH ROW EXECUTE FUNCTION guard_reservation();
CREATE TRIGGER reservation_takes_known_steps BEFORE UPDATE ON reservation
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION check_step('state');
CREATE TRIGGER reservation_begun_counts AFTER INSERT ON reservation
    FOR EACH ROW EXECUTE FUNCTION settle_stock();
CREATE TRIGGER reservation_stepped_counts AFTER UPDATE ON reservation
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION settle_stock();
CREATE TRIGGER reservation_is_never_removed BEFORE DELETE OR TRUNCATE ON reservation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stock_reserved_is_summed BEFORE INSERT OR UPDATE ON stock
    FOR EACH ROW EXECUTE FUNCTION sum_reserved();
CREATE TRIGGER event_is_owed AFTER INSERT ON event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION owe_events();
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
AUDITED = {
    "agreement": "'id'",
    "assignment": "'id'",
    "authority": "'id'",
    "depot": "'id'",
    "gb_substance": "'id'",
    "gb_unit": "'id'",
    "hazard_source": "'id'",
    "incident": "'id'",
    "plan_contact": "'id'",
    "plan_need": "'id'",
    "plan_standard": "'plan_id,standard'",
    "plan_supply": "'id'",
    "rescue_base": "'id'",
    "reservation": "'id'",
    "response_plan": "'id'",
    "standard": "'code'",
    "stock": "'id', 'reserved'",
    "team": "'id'",
    "unit": "'id', 'position', 'position_at'",
    "unit_capability": "'unit_id,capability'",
    "webhook": "'id'",
}
"""The tables that are audited: the key of a row, then the columns whose changes are told elsewhere."""
INCIDENT_RULES = {
    "status_known": "status IN ('open', 'under-control', 'closed', 'merged')",
    "merged_into_another": "(status = 'merged') = (merged_into_id IS NOT NULL)",
    "merged_not_into_itself": "merged_into_id <> id",
    "closed_by_status": "(closed_at IS NOT NULL) = (status IN ('closed', 'merged'))",
    "under_control_by_status": "CASE status WHEN 'under-control' THEN under_control_at IS NOT NULL WHEN 'open' THEN under_control_at IS NULL ELSE true END",
}
HAPPENED_WHEN_ENTERED = """
ALTER TABLE event DISABLE TRIGGER event_is_append_only;
UPDATE event SET happened_at = at;
ALTER TABLE event ENABLE TRIGGER event_is_append_only;
"""
WITHOUT_NEW_STATUSES = """
UPDATE incident SET status = CASE status WHEN 'merged' THEN 'closed' ELSE 'open' END
WHERE status IN ('merged', 'under-control')
"""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "assignment_transition",
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "from_state IN ('proposed', 'reserved', 'ordered', 'requested', 'notified', 'acknowledged', 'mobilising', 'en-route', 'on-scene', 'returning', 'released', 'refused', 'cancelled')",
            name=op.f("ck_assignment_transition_from_state_known"),
        ),
        sa.CheckConstraint(
            "to_state IN ('proposed', 'reserved', 'ordered', 'requested', 'notified', 'acknowledged', 'mobilising', 'en-route', 'on-scene', 'returning', 'released', 'refused', 'cancelled')",
            name=op.f("ck_assignment_transition_to_state_known"),
        ),
        sa.PrimaryKeyConstraint("from_state", "to_state", name=op.f("pk_assignment_transition")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("old", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("new", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("action IN ('insert', 'update', 'delete')", name=op.f("ck_audit_action_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_row", "audit", ["table_name", "row_key"], unique=False)
    op.create_table(
        "idempotency_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("method_path", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("btrim(key) <> ''", name=op.f("ck_idempotency_key_key_not_blank")),
        sa.CheckConstraint(
            "(status IS NULL) = (response IS NULL)", name=op.f("ck_idempotency_key_answered_wholly")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "incident_transition",
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "from_state IN ('open', 'under-control', 'closed', 'merged')",
            name=op.f("ck_incident_transition_from_state_known"),
        ),
        sa.CheckConstraint(
            "to_state IN ('open', 'under-control', 'closed', 'merged')",
            name=op.f("ck_incident_transition_to_state_known"),
        ),
        sa.PrimaryKeyConstraint("from_state", "to_state", name=op.f("pk_incident_transition")),
    )
    op.create_table(
        "reservation_transition",
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "from_state IN ('reserved', 'issued', 'used', 'returned', 'cancelled')",
            name=op.f("ck_reservation_transition_from_state_known"),
        ),
        sa.CheckConstraint(
            "to_state IN ('reserved', 'issued', 'used', 'returned', 'cancelled')",
            name=op.f("ck_reservation_transition_to_state_known"),
        ),
        sa.PrimaryKeyConstraint("from_state", "to_state", name=op.f("pk_reservation_transition")),
    )
    op.create_table(
        "webhook",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("btrim(secret) <> ''", name=op.f("ck_webhook_secret_not_blank")),
        sa.CheckConstraint("btrim(url) <> ''", name=op.f("ck_webhook_url_not_blank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "assignment",
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column(
            "roles", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("recommendation_number", sa.Integer(), nullable=True),
        sa.Column("tier", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("predicted_turnout_s", sa.Double(), nullable=True),
        sa.Column("predicted_travel_s", sa.Double(), nullable=True),
        sa.Column("predicted_p90_s", sa.Double(), nullable=True),
        sa.Column("predicted_distance_m", sa.Double(), nullable=True),
        sa.Column("predicted_class", sa.Text(), nullable=True),
        sa.Column("preset", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state_by", sa.Text(), nullable=False),
        sa.Column("state_source", sa.Text(), server_default=sa.text("'api'"), nullable=False),
        sa.Column("state_note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("diverted_to_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('released', 'refused', 'cancelled'))",
            name=op.f("ck_assignment_closed_by_state"),
        ),
        sa.CheckConstraint("btrim(state_by) <> ''", name=op.f("ck_assignment_state_by_not_blank")),
        sa.CheckConstraint("btrim(state_source) <> ''", name=op.f("ck_assignment_state_source_not_blank")),
        sa.CheckConstraint("how IN ('order', 'request')", name=op.f("ck_assignment_how_known")),
        sa.CheckConstraint(
            "predicted_distance_m >= 0 AND predicted_distance_m < 'Infinity'",
            name=op.f("ck_assignment_predicted_distance_m_not_negative"),
        ),
        sa.CheckConstraint(
            "predicted_p90_s >= 0 AND predicted_p90_s < 'Infinity'",
            name=op.f("ck_assignment_predicted_p90_s_not_negative"),
        ),
        sa.CheckConstraint(
            "predicted_travel_s >= 0 AND predicted_travel_s < 'Infinity'",
            name=op.f("ck_assignment_predicted_travel_s_not_negative"),
        ),
        sa.CheckConstraint(
            "predicted_turnout_s >= 0 AND predicted_turnout_s < 'Infinity'",
            name=op.f("ck_assignment_predicted_turnout_s_not_negative"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'reserved', 'ordered', 'requested', 'notified', 'acknowledged', 'mobilising', 'en-route', 'on-scene', 'returning', 'released', 'refused', 'cancelled')",
            name=op.f("ck_assignment_state_known"),
        ),
        sa.CheckConstraint("diverted_to_id <> id", name=op.f("ck_assignment_diverted_to_another")),
        sa.CheckConstraint(
            "recommendation_number > 0", name=op.f("ck_assignment_recommendation_number_positive")
        ),
        sa.ForeignKeyConstraint(
            ["diverted_to_id"], ["assignment.id"], name=op.f("fk_assignment_diverted_to_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_assignment_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_diverted_to_id"), "assignment", ["diverted_to_id"], unique=False)
    op.create_index(op.f("ix_assignment_incident_id"), "assignment", ["incident_id"], unique=False)
    op.create_index(
        "ix_assignment_open_incident_id",
        "assignment",
        ["incident_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_assignment_unit_id"), "assignment", ["unit_id"], unique=False)
    op.create_index(
        "one_active_assignment_a_unit",
        "assignment",
        ["unit_id"],
        unique=True,
        postgresql_where=sa.text(
            "state IN ('reserved', 'ordered', 'requested', 'notified', 'acknowledged', 'mobilising', 'en-route', 'on-scene')"
        ),
    )
    op.create_geospatial_table(
        "unit_position",
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
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
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "NOT ST_IsEmpty(place) AND ST_XMin(place) >= -180 AND ST_XMax(place) <= 180 AND ST_YMin(place) >= -90 AND ST_YMax(place) <= 90",
            name=op.f("ck_unit_position_place_on_earth"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_unit_position_unit_id_unit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "at", name=op.f("pk_unit_position")),
    )
    op.create_table(
        "reservation",
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("stock_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'reserved'"), nullable=False),
        sa.Column("used_quantity", sa.Double(), nullable=True),
        sa.Column("assignment_id", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state_by", sa.Text(), nullable=False),
        sa.Column("state_source", sa.Text(), server_default=sa.text("'api'"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state IN ('reserved', 'issued'))",
            name=op.f("ck_reservation_closed_by_state"),
        ),
        sa.CheckConstraint(
            "CASE state WHEN 'used' THEN coalesce(used_quantity > 0 AND used_quantity <= quantity, false) ELSE used_quantity IS NULL END",
            name=op.f("ck_reservation_used_within_quantity"),
        ),
        sa.CheckConstraint("btrim(approved_by) <> ''", name=op.f("ck_reservation_approved_by_not_blank")),
        sa.CheckConstraint("btrim(state_by) <> ''", name=op.f("ck_reservation_state_by_not_blank")),
        sa.CheckConstraint("btrim(state_source) <> ''", name=op.f("ck_reservation_state_source_not_blank")),
        sa.CheckConstraint(
            "quantity > 0 AND quantity < 'Infinity'", name=op.f("ck_reservation_quantity_positive")
        ),
        sa.CheckConstraint(
            "state IN ('reserved', 'issued', 'used', 'returned', 'cancelled')",
            name=op.f("ck_reservation_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_reservation_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_reservation_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(["stock_id"], ["stock.id"], name=op.f("fk_reservation_stock_id_stock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    op.create_index(op.f("ix_reservation_assignment_id"), "reservation", ["assignment_id"], unique=False)
    op.create_index(op.f("ix_reservation_incident_id"), "reservation", ["incident_id"], unique=False)
    op.create_index(
        "ix_reservation_open_stock_id",
        "reservation",
        ["stock_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("webhook_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_webhook_delivery_attempts_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_webhook_delivery_event_id_event")),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhook.id"],
            name=op.f("fk_webhook_delivery_webhook_id_webhook"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_delivery_webhook_id")),
    )
    op.create_index(
        "ix_webhook_delivery_owed",
        "webhook_delivery",
        ["webhook_id", "event_id"],
        unique=False,
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_index(op.f("ix_webhook_delivery_event_id"), "webhook_delivery", ["event_id"], unique=False)
    op.add_column(
        "event",
        sa.Column("happened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.add_column("event", sa.Column("source", sa.Text(), server_default=sa.text("'api'"), nullable=False))
    op.add_column("event", sa.Column("assignment_id", sa.BigInteger(), nullable=True))
    op.add_column("event", sa.Column("unit_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_event_assignment_id"), "event", ["assignment_id"], unique=False)
    op.create_index(op.f("ix_event_unit_id"), "event", ["unit_id"], unique=False)
    op.create_foreign_key(op.f("fk_event_unit_id_unit"), "event", "unit", ["unit_id"], ["id"])
    op.create_foreign_key(
        op.f("fk_event_assignment_id_assignment"), "event", "assignment", ["assignment_id"], ["id"]
    )
    op.add_column("incident", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
    op.add_column("incident", sa.Column("under_control_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_incident_merged_into_id"), "incident", ["merged_into_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_incident_merged_into_id_incident"), "incident", "incident", ["merged_into_id"], ["id"]
    )
    op.add_column("stock", sa.Column("reserved", sa.Double(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint(
        op.f("ck_stock_reserved_within_quantity"), "stock", "reserved >= 0 AND reserved <= quantity"
    )
    op.execute(HAPPENED_WHEN_ENTERED)
    op.create_check_constraint(op.f("ck_event_source_not_blank"), "event", "btrim(source) <> ''")
    op.execute("UPDATE incident SET closed_at = now() WHERE status = 'closed'")
    op.drop_constraint(op.f("ck_incident_status_known"), "incident", type_="check")
    for name, rule in INCIDENT_RULES.items():
        op.create_check_constraint(op.f(f"ck_incident_{name}"), "incident", rule)
    for function in FUNCTIONS.values():
        op.execute(function)
    op.execute(TRIGGERS)
    for table, arguments in AUDITED.items():
        op.execute(
            f"CREATE TRIGGER {table}_is_audited AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION audit_change({arguments})"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_not_truncated BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
        )


def downgrade() -> None:
    """Undo the change; a merged incident becomes closed, one under control open."""
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name} CASCADE")
    for name in INCIDENT_RULES:
        op.drop_constraint(op.f(f"ck_incident_{name}"), "incident", type_="check")
    op.execute(WITHOUT_NEW_STATUSES)
    op.create_check_constraint(op.f("ck_incident_status_known"), "incident", "status IN ('open', 'closed')")
    op.drop_column("stock", "reserved")
    op.drop_constraint(op.f("fk_incident_merged_into_id_incident"), "incident", type_="foreignkey")
    op.drop_index(op.f("ix_incident_merged_into_id"), table_name="incident")
    op.drop_column("incident", "closed_at")
    op.drop_column("incident", "under_control_at")
    op.drop_column("incident", "merged_into_id")
    op.drop_constraint(op.f("fk_event_assignment_id_assignment"), "event", type_="foreignkey")
    op.drop_constraint(op.f("fk_event_unit_id_unit"), "event", type_="foreignkey")
    op.drop_index(op.f("ix_event_unit_id"), table_name="event")
    op.drop_index(op.f("ix_event_assignment_id"), table_name="event")
    op.drop_column("event", "unit_id")
    op.drop_column("event", "assignment_id")
    op.drop_column("event", "source")
    op.drop_column("event", "happened_at")
    op.drop_index(op.f("ix_webhook_delivery_event_id"), table_name="webhook_delivery")
    op.drop_index(
        "ix_webhook_delivery_owed",
        table_name="webhook_delivery",
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.drop_table("webhook_delivery")
    op.drop_index(
        "ix_reservation_open_stock_id",
        table_name="reservation",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_reservation_incident_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_assignment_id"), table_name="reservation")
    op.drop_table("reservation")
    op.drop_geospatial_table("unit_position")
    op.drop_index(
        "one_active_assignment_a_unit",
        table_name="assignment",
        postgresql_where=sa.text(
            "state IN ('reserved', 'ordered', 'requested', 'notified', 'acknowledged', 'mobilising', 'en-route', 'on-scene')"
        ),
    )
    op.drop_index(op.f("ix_assignment_unit_id"), table_name="assignment")
    op.drop_index(
        "ix_assignment_open_incident_id",
        table_name="assignment",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_assignment_incident_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_diverted_to_id"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_table("webhook")
    op.drop_table("reservation_transition")
    op.drop_table("incident_transition")
    op.drop_table("idempotency_key")
    op.drop_index("ix_audit_row", table_name="audit")
    op.drop_table("audit")
    op.drop_table("assignment_transition")
