"""One part per file: a pin and an option in, counts or levels out."""
