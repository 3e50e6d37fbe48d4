"""`os` of a board: what the interpreter has, and uname(), which its unix build lacks."""

from collections import namedtuple

from uos import *  # noqa: F403

_Names = namedtuple("uname", ("sysname", "nodename", "release", "version", "machine"))

_MACHINES = {
    "esp32": ("esp32", "Generic ESP32 module with ESP32"),
    "esp32s3": ("esp32", "Generic ESP32S3 module with ESP32S3"),
    "esp32c3": ("esp32", "ESP32C3 module with ESP32C3"),
}
chip = "esp32"  # the stand sets it


def uname():
    system, machine = _MACHINES[chip]
    return _Names(system, system, "1.25.0", "v1.25.0 on a test stand", machine)
