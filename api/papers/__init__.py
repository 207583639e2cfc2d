"""The papers of an incident: orders, the handover sheet, reports, and the report after the action."""
