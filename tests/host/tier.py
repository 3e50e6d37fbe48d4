"""Which tests run: a sample that fits into ten minutes, or, with RUMPUS_FULL=1, every figure that is claimed."""

import os

FULL = bool(os.environ.get("RUMPUS_FULL"))


def full_only(test):
    """A slow test: without RUMPUS_FULL it does not exist, and quicker ones stand for it."""
    return test if FULL else None
