"""Where the files of a checkout are that the bench needs: the firmware, the boards, the tools."""

from pathlib import Path

import rumpus

FIRMWARE = Path(rumpus.__file__).resolve().parent.parent
ROOT = FIRMWARE.parent
ENTRY = FIRMWARE / "entry" / "main.py"
BOARDS = ROOT / "boards"
TOOLS = ROOT / "tools"
CHIPS = ROOT / "tests" / "shared"  # simulated chips for real buses
