"""`micropython` of a board: kbd_intr() switches whether character 3 interrupts. The unix builds make the
interrupt of the terminal's signal, so it is switched there."""

import termios

from micropython import *  # noqa: F403

_ISIG = 1
_CTRL_C = 3


def kbd_intr(character):
    mode = termios.tcgetattr(0)
    mode[3] = mode[3] | _ISIG if character == _CTRL_C else mode[3] & ~_ISIG
    termios.tcsetattr(0, termios.TCSANOW, mode)
