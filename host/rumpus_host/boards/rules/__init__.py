"""The rules that a wiring is checked by, and what they are about."""
