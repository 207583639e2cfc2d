"""What a database says of rows: as they are, by their events, and by the audit."""

from sqlalchemy import text

NOW = text(
    """
    SELECT 'assignment' AS of, id, state FROM assignment
    UNION ALL SELECT 'reservation', id, state FROM reservation
    UNION ALL SELECT 'incident', id, status FROM incident
    ORDER BY 1, 2
    """
)
EVENTS = text(
    """
    SELECT of, state, who, unit_id,
        CASE of
            WHEN 'assignment' THEN assignment_id
            WHEN 'reservation' THEN (detail ->> 'reservation')::bigint
            ELSE incident_id
        END AS id
    FROM (
        SELECT *, split_part(kind, '.', 1) AS of,
            replace(split_part(kind, '.', 2), 'reported', 'open') AS state FROM event
    ) AS event
    JOIN (
        SELECT 'assignment' AS of, to_state AS state FROM assignment_transition
        UNION SELECT 'assignment', from_state FROM assignment_transition
        UNION SELECT 'reservation', to_state FROM reservation_transition
        UNION SELECT 'reservation', from_state FROM reservation_transition
        UNION SELECT 'incident', to_state FROM incident_transition
    ) AS known USING (of, state)
    ORDER BY event.id
    """
)
"""Those that say a state; other things happen to assignments and incidents too."""
AUDITED = text(
    """
    SELECT table_name AS of, row_key::bigint AS id, who, coalesce(new ->> 'state', new ->> 'status') AS state
    FROM audit
    WHERE table_name IN ('assignment', 'reservation', 'incident') AND new ?| ARRAY['state', 'status']
    ORDER BY audit.id
    """
)
STOCK = text(
    """
    SELECT id, quantity::text, reserved::text,
        (SELECT coalesce(sum(quantity::text::numeric), 0) FROM reservation
            WHERE stock_id = stock.id AND closed_at IS NULL)::text AS set_aside,
        (SELECT coalesce(sum(used_quantity::text::numeric), 0) FROM reservation
            WHERE stock_id = stock.id)::text AS used
    FROM stock ORDER BY id
    """
)
COUNTED = text(
    """
    SELECT row_key::bigint AS id, old ->> 'quantity' AS before, new ->> 'quantity' AS after
    FROM audit WHERE table_name = 'stock' AND new ? 'quantity' ORDER BY audit.id
    """
)
PARCELS = text(
    """
    SELECT (detail ->> 'stock')::bigint AS stock, detail ->> 'quantity' AS quantity,
        coalesce(detail ->> 'used', '0') AS used, NOT detail ? 'from' AS begins,
        split_part(kind, '.', 2) AS state
    FROM event WHERE kind LIKE 'reservation.%' ORDER BY id
    """
)
LEFT_BEHIND = text(
    """
    SELECT 'assignment ' || assignment.id || ' is open, and its incident is ' || status
    FROM assignment JOIN incident ON incident.id = incident_id
    WHERE assignment.closed_at IS NULL AND status IN ('closed', 'merged')
    UNION ALL
    SELECT 'reservation ' || reservation.id || ' is open, and its incident is ' || status
    FROM reservation JOIN incident ON incident.id = incident_id
    WHERE reservation.closed_at IS NULL AND status IN ('closed', 'merged')
    """
)
NOBODY = text(
    """
    SELECT table_name || ' ' || row_key || ' was changed by nobody, says the audit'
    FROM audit WHERE who = 'unknown' AND table_name IN ('assignment', 'reservation', 'incident') ORDER BY id
    """
)
EVENTS_BY_WHO = text(
    """
    SELECT kind, who,
        CASE split_part(kind, '.', 1)
            WHEN 'assignment' THEN assignment_id
            WHEN 'reservation' THEN (detail ->> 'reservation')::bigint
            ELSE incident_id
        END AS id
    FROM event
    """
)
