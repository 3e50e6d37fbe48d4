"""What the host's tests share."""

import tempfile
from pathlib import Path

import hypothesis
import pytest

# A machine that runs dozens of interpreters at once is slow at times; that is no failure.
hypothesis.settings.register_profile("rumpus", deadline=None)
hypothesis.settings.load_profile("rumpus")


@pytest.fixture
def short_path():
    """A folder for tests that count bytes: each file that a device has loaded keeps its path in its heap, and a
    board's paths are short."""
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as name:
        yield Path(name)
