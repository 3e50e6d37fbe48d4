"""RUMP: control, response, status, alarm, status query and version query."""
