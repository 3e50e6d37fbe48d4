"""Remote access: literals only, all OURS. Columns as in rump/tables/__init__.py."""
