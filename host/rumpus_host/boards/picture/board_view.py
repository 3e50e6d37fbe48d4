"""The board: its two rows of pins with their printed names, the chip, the antenna and the USB connector."""

from ..load import Pin
from .plan import BOARD_RIGHT, BOARD_X, HEAD, Plan
from .scene import Box, Scene, wrap

_PCB = "#e3f2e1"
_PAD = "#cfd8dc"
NOT_FOR_PARTS = ("flash_psram", "usb", "console", "strapping", "eeprom")
_POWER = ("3V3", "5V", "GND", "VBUS", "VSYS", "USB", "AGND")
_USB_SIZE = (52.0, 20.0)


def draw(scene: Scene, plan: Plan, used: dict[str, str]) -> None:
    """used: printed name to the colour of its cable."""
    box = Box(BOARD_X, plan.board_y, BOARD_RIGHT - BOARD_X, plan.board_bottom - plan.board_y)
    scene.boxes.append(box)
    scene.rect(box, _PCB, "#33691e", radius=8, width=2)
    _middle(scene, plan, box)
    for names, x, anchor in ((plan.left, BOARD_X + 10, "start"), (plan.right, BOARD_RIGHT - 10, "end")):
        for i, name in enumerate(names):
            if name:
                _pin(scene, name, plan.board.printed(name), x, plan.pin_y(i), anchor, used.get(name, ""))


def _middle(scene: Scene, plan: Plan, box: Box) -> None:
    middle = (BOARD_X + BOARD_RIGHT) / 2
    scene.lines(middle, box.y + 26, wrap(plan.board.title, 10, 175)[:3], 10, "middle", True, "#1b5e20")
    height = min(box.height - HEAD - 60, 110)
    chip = Box(middle - 21, box.y + HEAD + (box.height - HEAD - height) / 2 - 10, 42, height)
    scene.rect(chip, "#37474f", "#263238", "symbol", 3)
    scene.text(middle, chip.y + chip.height / 2 + 3, plan.board.chip, 8, "middle", colour="#ffffff")
    if plan.usb_at:
        width, depth = _USB_SIZE
        top = box.y - 7 if plan.usb_at == "top" else box.bottom - depth + 7
        scene.rect(Box(middle - width / 2, top, width, depth), "#b0bec5", "#455a64", "symbol", 3)
        scene.text(middle, top + 14, "USB", 10, "middle", True)
    if not plan.board.in_order:
        y = box.bottom - (18 if plan.usb_at == "bottom" else 10)
        scene.text(middle, y, "not in the board's order", 8.5, "middle", colour="#b71c1c")


def _pin(scene: Scene, name: str, pin: Pin | None, x: float, y: float, anchor: str, colour: str) -> None:
    size = 7
    is_taken = pin is not None and bool(set(pin.warnings) & set(NOT_FOR_PARTS))
    fill = colour or ("#ffccbc" if is_taken else _PAD)
    scene.rect(Box(x - size, y - size, 2 * size, 2 * size), fill, "#263238", "symbol", 2, 1)
    scene.circle(x, y, 2.6, "#ffffff", "#263238", 0.8)
    inside = x + 12 if anchor == "start" else x - 12
    shade = "#263238" if colour or name in _POWER else ("#bf360c" if is_taken else "#78909c")
    scene.text(inside, y + 3.8, name, 10.5, anchor, bool(colour), shade)
