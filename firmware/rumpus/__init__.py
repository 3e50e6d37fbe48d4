"""Rumpus: networked water heater, air conditioner, refrigerator and microwave oven."""

__version__ = "0.1.0"
