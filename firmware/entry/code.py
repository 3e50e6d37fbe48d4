"""Start file on CircuitPython boards; see main.py."""

import main  # noqa: F401  importing it runs the device
