"""Plants: the physics behind an appliance's pins. One file per plant; TYPES says which appliance has which.

First-order models with stated equations and units, made to be believable to a control loop and to its
interlocks, not to design an appliance by. Exact and repeatable: the same steps, outputs and seed give the
same readings to the bit. Floats are fine here; this is the host.
"""

from .base import Plant
from .cabinet import Cabinet
from .cavity import Cavity
from .room import Room
from .tank import Tank

TYPES: dict[str, type[Plant]] = {
    "water_heater": Tank,
    "air_conditioner": Room,
    "refrigerator": Cabinet,
    "microwave_oven": Cavity,
}


def make(type: str, seed: int = 0) -> Plant:
    """The plant of an appliance type. Raises ValueError for an unknown type."""
    if type not in TYPES:
        raise ValueError(f"appliance type {type!r} is none of {', '.join(TYPES)}")
    return TYPES[type](seed)


__all__ = ["TYPES", "Cabinet", "Cavity", "Plant", "Room", "Tank", "make"]
