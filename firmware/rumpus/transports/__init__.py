"""Carriers: one per file, chosen by name in the settings."""
