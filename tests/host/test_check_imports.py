"""The layer check finds each kind of mistake, and nothing in a clean checkout."""

from pathlib import Path

import check_imports
import pytest

CLEAN = {
    "firmware/rumpus/__init__.py": "__version__ = '0'\n",
    "firmware/rumpus/errors.py": "class RumpusError(Exception):\n    pass\n",
    "firmware/rumpus/wire.py": "import struct\nfrom micropython import const\nfrom .errors import X\n",
    "firmware/rumpus/link.py": "import sys\nfrom binascii import crc32\nfrom . import errors, wire\n",
    "firmware/rumpus/rump/__init__.py": "",
    "firmware/rumpus/rump/tables/__init__.py": "",
    "firmware/rumpus/rump/tables/frame.py": "SIZE = 8\n",
    "firmware/rumpus/rump/device.py": "from .. import wire\nfrom . import tables\nfrom .tables import X\n",
    "firmware/rumpus/hal/micropython.py": "import machine\nimport time\nfrom ..errors import RumpusError\n",
    "firmware/rumpus/drivers/ntc.py": "import math\nHALF = 1 / 2\n",
    "firmware/rumpus/app.py": "from . import __version__, wire\nfrom .rump import device\nimport gc\n",
    "boards/virtual/board.py": "PINS = ()\n",
    "host/rumpus_host/client.py": "import asyncio\nfrom rumpus import wire\nfrom rumpus.hal import virtual\n",
    "tests/shared/test_wire.py": "import unittest\nfrom rumpus import wire\n",
}

# file, its text, the line reported, a part of what is reported
WRONG = [
    ("firmware/rumpus/rump/tables/frame.py", "import struct\n", 1, "imports struct"),
    ("firmware/rumpus/rump/tables/frame.py", "from micropython import const\n", 1, "imports micropython"),
    ("firmware/rumpus/errors.py", "from . import wire\n", 1, "imports rumpus.wire"),
    ("firmware/rumpus/wire.py", "from .rump.tables import frame\n", 1, "imports rumpus.rump.tables.frame"),
    ("firmware/rumpus/wire.py", "import json\n", 1, "imports json"),
    ("firmware/rumpus/link.py", "X = 1\nfrom rumpus import app\n", 2, "imports rumpus.app"),
    ("firmware/rumpus/rump/device.py", "from ..ra import hello\n", 1, "imports rumpus.ra"),
    ("firmware/rumpus/rump/device.py", "def f():\n    import time\n", 2, "core files know no clock"),
    ("firmware/rumpus/rump/device.py", "import socket\n", 1, "core files know no clock"),
    ("firmware/rumpus/rump/device.py", "import os\n", 1, "core files know no clock"),
    ("firmware/rumpus/rump/device.py", "from machine import Pin\n", 1, "core files know no clock"),
    ("firmware/rumpus/rump/device.py", "def f():\n    return open('x')\n", 2, "calls open()"),
    ("firmware/rumpus/appliances/oven.py", "from ..rump.device import X\n", 1, "imports rumpus.rump.device"),
    ("firmware/rumpus/appliances/oven.py", "from ..transports import tcp\n", 1, "imports rumpus.transports"),
    ("firmware/rumpus/appliances/oven.py", "import rumpus.hal.virtual\n", 1, "imports rumpus.hal.virtual"),
    ("firmware/rumpus/appliances/oven.py", "from ..drivers import relay\n", 1, "imports rumpus.drivers"),
    ("firmware/rumpus/interlocks.py", "from .rump import device\n", 1, "imports rumpus.rump"),
    ("firmware/rumpus/drivers/relay.py", "from ..hal import virtual\n", 1, "imports rumpus.hal"),
    ("firmware/rumpus/drivers/relay.py", "import machine\n", 1, "imports machine"),
    ("firmware/rumpus/transports/tcp.py", "import socket\n", 1, "imports socket"),
    ("firmware/rumpus/transports/tcp.py", "from ..rump import device\n", 1, "imports rumpus.rump"),
    ("firmware/rumpus/hal/virtual.py", "from .. import wire\n", 1, "imports rumpus.wire"),
    ("firmware/rumpus/novelty.py", "X = 1\n", 1, "is in no layer"),
    ("firmware/rumpus/wire.py", "X = 1.5\n", 1, "float 1.5"),
    ("firmware/rumpus/wire.py", "def f(a, b):\n    return a / b\n", 2, "true division"),
    ("firmware/rumpus/rump/device.py", "def f(a):\n    a /= 2\n", 2, "true division"),
    ("firmware/rumpus/interlocks.py", "X = float('1')\n", 1, "calls float()"),
    ("firmware/rumpus/appliances/oven.py", "X = 0.5\n", 1, "float 0.5"),
    ("firmware/rumpus/app.py", "try:\n    pass\nexcept:\n    pass\n", 3, "bare except"),
    ("firmware/rumpus/app.py", "X = 1\n" * 301, 301, "301 lines"),
    ("firmware/rumpus/app.py", "def f(:\n", 1, "syntax error"),
    ("firmware/entry/main.py", "import logging\n", 1, "imports logging"),
    ("boards/virtual/board.py", "from machine import Pin\n", 1, "imports machine"),
    ("tests/shared/test_wire.py", "import pytest\n", 1, "imports pytest"),
    ("host/rumpus_host/client.py", "import rumpus.hal.micropython\n", 1, "the host has no pins"),
    ("host/rumpus_host/client.py", "from rumpus.hal import circuitpython\n", 1, "the host has no pins"),
    ("host/rumpus_host/client.py", "from rumpus.hal.micropython import Pin\n", 1, "the host has no pins"),
]
WRONG += [
    ("firmware/rumpus/app.py", f"from {name} import x\n", 1, f"imports {name}")
    for name in ("typing", "dataclasses", "enum", "abc", "functools", "logging", "__future__")
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, text in CLEAN.items():
        write(tmp_path, name, text)
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def test_a_clean_checkout_has_no_violations(checkout: Path) -> None:
    assert check_imports.check(checkout) == []


@pytest.mark.parametrize(("name", "text", "line", "expected"), WRONG)
def test_each_mistake_is_reported_at_its_line(
    checkout: Path, name: str, text: str, line: int, expected: str
) -> None:
    write(checkout, name, text)
    found = [str(violation) for violation in check_imports.check(checkout)]
    assert any(report.startswith(f"{name}:{line}: ") and expected in report for report in found), found


def test_the_command_fails_and_names_the_mistake(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(checkout, "firmware/rumpus/wire.py", "import time\n")
    monkeypatch.setattr("sys.argv", ["check_imports.py", str(checkout)])
    assert check_imports.main() == 1
    assert "firmware/rumpus/wire.py:1: imports time" in capsys.readouterr().out
