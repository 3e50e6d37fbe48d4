"""Microwave oven: control loop in appliance.py, what must never happen in interlocks.py."""
