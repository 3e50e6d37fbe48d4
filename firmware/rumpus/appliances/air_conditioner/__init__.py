"""Air conditioner: control loop in appliance.py, what must never happen in interlocks.py."""
