"""Updates: literals only, all OURS. Layout rows: name, format, count, source."""
