"""Response plans and standards, whose the teams are, levels and certificates, batches, decision inputs."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DONE_BY_THE_VEHICLE = (
    "UPDATE capability SET by_crew = false WHERE code IN ('foam', 'water', 'pumping', 'ladder-reach')"
)
STAFFED_BY_TIER = """
UPDATE team SET staffing = CASE tier
    WHEN 'enterprise-part-time' THEN 'part-time' WHEN 'volunteer' THEN 'volunteer' ELSE 'full-time'
END
"""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "authority",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("approval_s", sa.Double(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "approval_s >= 0 AND approval_s < 'Infinity'", name=op.f("ck_authority_approval_s_not_negative")
        ),
        sa.CheckConstraint("btrim(approver) <> ''", name=op.f("ck_authority_approver_not_blank")),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_authority_name_not_blank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority")),
        sa.UniqueConstraint("name", name=op.f("uq_authority_name")),
    )
    op.create_table(
        "decision_input",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("btrim(hash) <> ''", name=op.f("ck_decision_input_hash_not_blank")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_decision_input")),
    )
    op.create_table(
        "agreement",
        sa.Column("authority_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("incident_kind", sa.Text(), nullable=True),
        sa.Column("capability", sa.Text(), nullable=True),
        sa.Column("mobilise_within_s", sa.Double(), nullable=False),
        sa.Column("call_out_cost_yuan", sa.Double(), nullable=False),
        sa.Column("cost_per_hour_yuan", sa.Double(), nullable=False),
        sa.Column("consents_to_bare_site", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("btrim(number) <> ''", name=op.f("ck_agreement_number_not_blank")),
        sa.CheckConstraint(
            "call_out_cost_yuan >= 0 AND call_out_cost_yuan < 'Infinity'",
            name=op.f("ck_agreement_call_out_cost_yuan_not_negative"),
        ),
        sa.CheckConstraint(
            "cost_per_hour_yuan >= 0 AND cost_per_hour_yuan < 'Infinity'",
            name=op.f("ck_agreement_cost_per_hour_yuan_not_negative"),
        ),
        sa.CheckConstraint(
            "mobilise_within_s >= 0 AND mobilise_within_s < 'Infinity'",
            name=op.f("ck_agreement_mobilise_within_s_not_negative"),
        ),
        sa.CheckConstraint(
            "valid_until >= valid_from", name=op.f("ck_agreement_valid_until_not_before_valid_from")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_agreement_authority_id_authority")
        ),
        sa.ForeignKeyConstraint(
            ["capability"], ["capability.code"], name=op.f("fk_agreement_capability_capability")
        ),
        sa.ForeignKeyConstraint(
            ["incident_kind"], ["incident_kind.code"], name=op.f("fk_agreement_incident_kind_incident_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(
        "uq_agreement_promised",
        "agreement",
        ["authority_id", sa.text("coalesce(incident_kind, '')"), sa.text("coalesce(capability, '')")],
        unique=True,
    )
    op.create_table(
        "response_plan",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("incident_kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=True),
        sa.Column("grade", sa.SmallInteger(), nullable=True),
        sa.Column("substance", sa.Text(), nullable=True),
        sa.Column("lead_department", sa.Text(), nullable=False),
        sa.Column("order_text", sa.Text(), nullable=False),
        sa.Column("action_card", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "btrim(lead_department) <> ''", name=op.f("ck_response_plan_lead_department_not_blank")
        ),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_response_plan_name_not_blank")),
        sa.CheckConstraint("btrim(order_text) <> ''", name=op.f("ck_response_plan_order_text_not_blank")),
        sa.CheckConstraint(
            "substance <> '' AND substance = lower(btrim(substance))",
            name=op.f("ck_response_plan_substance_lower"),
        ),
        sa.CheckConstraint("grade BETWEEN 1 AND 4", name=op.f("ck_response_plan_grade_1_to_4")),
        sa.CheckConstraint("severity BETWEEN 1 AND 4", name=op.f("ck_response_plan_severity_1_to_4")),
        sa.ForeignKeyConstraint(
            ["incident_kind"],
            ["incident_kind.code"],
            name=op.f("fk_response_plan_incident_kind_incident_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_plan")),
        sa.UniqueConstraint("name", name=op.f("uq_response_plan_name")),
    )
    op.create_index(
        "uq_response_plan_matched_by",
        "response_plan",
        [
            "incident_kind",
            sa.text("coalesce(severity::integer, 0)"),
            sa.text("coalesce(grade::integer, 0)"),
            sa.text("coalesce(substance, '')"),
        ],
        unique=True,
    )
    op.create_table(
        "standard",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("strength", sa.Text(), nullable=False),
        sa.Column("clock_start", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("percentile", sa.Double(), nullable=True),
        sa.Column("vehicle_profile", sa.Text(), nullable=True),
        sa.Column("capability", sa.Text(), nullable=True),
        sa.Column("capability_level", sa.Double(), nullable=True),
        sa.Column("applies_to", sa.Text(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("btrim(applies_to) <> ''", name=op.f("ck_standard_applies_to_not_blank")),
        sa.CheckConstraint("btrim(code) <> ''", name=op.f("ck_standard_code_not_blank")),
        sa.CheckConstraint("btrim(name_en) <> ''", name=op.f("ck_standard_name_en_not_blank")),
        sa.CheckConstraint("btrim(name_zh) <> ''", name=op.f("ck_standard_name_zh_not_blank")),
        sa.CheckConstraint("btrim(source) <> ''", name=op.f("ck_standard_source_not_blank")),
        sa.CheckConstraint(
            "capability_level >= 0 AND capability_level < 'Infinity'",
            name=op.f("ck_standard_capability_level_not_negative"),
        ),
        sa.CheckConstraint(
            "clock_start IN ('accident', 'alarm', 'answer', 'order', 'departure')",
            name=op.f("ck_standard_clock_start_known"),
        ),
        sa.CheckConstraint("seconds > 0 AND seconds < 'Infinity'", name=op.f("ck_standard_seconds_positive")),
        sa.CheckConstraint("strength IN ('shall', 'should')", name=op.f("ck_standard_strength_known")),
        sa.CheckConstraint(
            "vehicle_profile IN ('passenger', 'fire-engine', 'heavy-hazmat-truck', 'ambulance', 'on-foot')",
            name=op.f("ck_standard_vehicle_profile_known"),
        ),
        sa.CheckConstraint(
            "capability_level IS NULL OR capability IS NOT NULL",
            name=op.f("ck_standard_capability_level_of_capability"),
        ),
        sa.CheckConstraint("grade BETWEEN 1 AND 4", name=op.f("ck_standard_grade_1_to_4")),
        sa.CheckConstraint(
            "percentile > 0 AND percentile <= 100", name=op.f("ck_standard_percentile_above_0_to_100")
        ),
        sa.ForeignKeyConstraint(
            ["capability"], ["capability.code"], name=op.f("fk_standard_capability_capability")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_standard")),
    )
    op.create_geospatial_table(
        "plan_contact",
        sa.Column(
            "area",
            Geometry(
                geometry_type="POLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_plan_contact_name_not_blank")),
        sa.CheckConstraint("btrim(role) <> ''", name=op.f("ck_plan_contact_role_not_blank")),
        sa.CheckConstraint(
            "NOT ST_IsEmpty(area) AND ST_XMin(area) >= -180 AND ST_XMax(area) <= 180 AND ST_YMin(area) >= -90 AND ST_YMax(area) <= 90",
            name=op.f("ck_plan_contact_area_on_earth"),
        ),
        sa.CheckConstraint("ST_IsValid(area)", name=op.f("ck_plan_contact_area_valid")),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["response_plan.id"],
            name=op.f("fk_plan_contact_plan_id_response_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_contact")),
    )
    op.create_geospatial_index(
        "idx_plan_contact_area",
        "plan_contact",
        ["area"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_table(
        "plan_need",
        sa.Column("capability", sa.Text(), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=False),
        sa.Column("deadline_s", sa.Double(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "deadline_s > 0 AND deadline_s < 'Infinity'", name=op.f("ck_plan_need_deadline_s_positive")
        ),
        sa.CheckConstraint("level >= 0 AND level < 'Infinity'", name=op.f("ck_plan_need_level_not_negative")),
        sa.CheckConstraint(
            "quantity > 0 AND quantity < 'Infinity'", name=op.f("ck_plan_need_quantity_positive")
        ),
        sa.CheckConstraint("weight > 0 AND weight < 'Infinity'", name=op.f("ck_plan_need_weight_positive")),
        sa.ForeignKeyConstraint(
            ["capability"], ["capability.code"], name=op.f("fk_plan_need_capability_capability")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["response_plan.id"],
            name=op.f("fk_plan_need_plan_id_response_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_need")),
        sa.UniqueConstraint("plan_id", "capability", "level", name=op.f("uq_plan_need_plan_id")),
    )
    op.create_table(
        "plan_standard",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["response_plan.id"],
            name=op.f("fk_plan_standard_plan_id_response_plan"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["standard"], ["standard.code"], name=op.f("fk_plan_standard_standard_standard")
        ),
        sa.PrimaryKeyConstraint("plan_id", "standard", name=op.f("pk_plan_standard")),
    )
    op.create_table(
        "plan_supply",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=False),
        sa.Column("unit_of_measure", sa.Text(), nullable=False),
        sa.Column("deadline_s", sa.Double(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("btrim(item) <> ''", name=op.f("ck_plan_supply_item_not_blank")),
        sa.CheckConstraint(
            "btrim(unit_of_measure) <> ''", name=op.f("ck_plan_supply_unit_of_measure_not_blank")
        ),
        sa.CheckConstraint(
            "deadline_s > 0 AND deadline_s < 'Infinity'", name=op.f("ck_plan_supply_deadline_s_positive")
        ),
        sa.CheckConstraint(
            "quantity > 0 AND quantity < 'Infinity'", name=op.f("ck_plan_supply_quantity_positive")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["response_plan.id"],
            name=op.f("fk_plan_supply_plan_id_response_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_supply")),
        sa.UniqueConstraint("plan_id", "item", name=op.f("uq_plan_supply_plan_id")),
    )
    op.add_column(
        "capability", sa.Column("by_crew", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.execute(DONE_BY_THE_VEHICLE)
    op.add_column("incident", sa.Column("hazard_source_id", sa.BigInteger(), nullable=True))
    op.add_column("incident", sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_index(op.f("ix_incident_hazard_source_id"), "incident", ["hazard_source_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_incident_hazard_source_id_hazard_source"),
        "incident",
        "hazard_source",
        ["hazard_source_id"],
        ["id"],
    )
    op.add_column("recommendation", sa.Column("decision_version", sa.Text(), nullable=True))
    op.add_column(
        "recommendation", sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.add_column("stock", sa.Column("batch", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("stock", sa.Column("expires_on", sa.Date(), nullable=True))
    op.add_column(
        "stock", sa.Column("available_after_s", sa.Double(), server_default=sa.text("0"), nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_stock_available_after_s_not_negative"),
        "stock",
        "available_after_s >= 0 AND available_after_s < 'Infinity'",
    )
    op.drop_constraint(op.f("uq_stock_depot_id"), "stock", type_="unique")
    op.create_unique_constraint(
        op.f("uq_stock_depot_id"), "stock", ["depot_id", "item", "batch", "available_after_s"]
    )
    op.add_column("team", sa.Column("staffing", sa.Text(), nullable=True))
    op.execute(STAFFED_BY_TIER)
    op.alter_column("team", "staffing", nullable=False)
    op.create_check_constraint(
        op.f("ck_team_staffing_known"), "team", "staffing IN ('full-time', 'part-time', 'volunteer')"
    )
    op.add_column("team", sa.Column("authority_id", sa.BigInteger(), nullable=True))
    op.add_column("team", sa.Column("hazard_source_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_team_authority_id"), "team", ["authority_id"], unique=False)
    op.create_index(op.f("ix_team_hazard_source_id"), "team", ["hazard_source_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_team_authority_id_authority"), "team", "authority", ["authority_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_team_hazard_source_id_hazard_source"), "team", "hazard_source", ["hazard_source_id"], ["id"]
    )
    op.add_column(
        "unit_capability", sa.Column("level", sa.Double(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("unit_capability", sa.Column("crew", sa.Integer(), nullable=True))
    op.add_column("unit_capability", sa.Column("valid_until", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_unit_capability_level_not_negative"), "unit_capability", "level >= 0 AND level < 'Infinity'"
    )
    op.create_check_constraint(op.f("ck_unit_capability_crew_not_negative"), "unit_capability", "crew >= 0")
    op.execute(
        "CREATE TRIGGER decision_input_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision_input "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Undo the change; refused where a depot holds several batches of an item, which were one row before."""
    op.drop_column("unit_capability", "valid_until")
    op.drop_column("unit_capability", "crew")
    op.drop_column("unit_capability", "level")
    op.drop_constraint(op.f("fk_team_hazard_source_id_hazard_source"), "team", type_="foreignkey")
    op.drop_constraint(op.f("fk_team_authority_id_authority"), "team", type_="foreignkey")
    op.drop_index(op.f("ix_team_hazard_source_id"), table_name="team")
    op.drop_index(op.f("ix_team_authority_id"), table_name="team")
    op.drop_column("team", "hazard_source_id")
    op.drop_column("team", "authority_id")
    op.drop_column("team", "staffing")
    op.drop_constraint(op.f("uq_stock_depot_id"), "stock", type_="unique")
    op.create_unique_constraint(op.f("uq_stock_depot_id"), "stock", ["depot_id", "item"])
    op.drop_column("stock", "available_after_s")
    op.drop_column("stock", "expires_on")
    op.drop_column("stock", "batch")
    op.drop_column("recommendation", "inputs")
    op.drop_column("recommendation", "decision_version")
    op.drop_constraint(op.f("fk_incident_hazard_source_id_hazard_source"), "incident", type_="foreignkey")
    op.drop_index(op.f("ix_incident_hazard_source_id"), table_name="incident")
    op.drop_column("incident", "plan")
    op.drop_column("incident", "hazard_source_id")
    op.drop_column("capability", "by_crew")
    op.drop_table("plan_supply")
    op.drop_table("plan_standard")
    op.drop_table("plan_need")
    op.drop_geospatial_index(
        "idx_plan_contact_area", table_name="plan_contact", postgresql_using="gist", column_name="area"
    )
    op.drop_geospatial_table("plan_contact")
    op.drop_table("standard")
    op.drop_table("response_plan")
    op.drop_table("agreement")
    op.drop_table("decision_input")
    op.drop_table("authority")
