"""Serial ports: which one, and why one cannot be opened."""

import errno
import os

import serial
from serial.tools import list_ports

from .problem import DeployError

_LIST = "List the ports: mpremote connect list"


def choose(port: str | None) -> str:
    """The port that was named, or the only USB one that there is. Raises DeployError.

    pyserial's own URLs (rfc2217://HOST:PORT?...) stay as they are."""
    if port and "://" in port and not port.startswith("serial://"):
        return port
    if port:
        return port.removeprefix("serial://").partition("?")[0]
    found = usb_ports()
    if not found:
        message = "No board was found: this computer has no USB serial port."
        advice = "Plug the board in with a USB cable that carries data, not only power; or name it: --port"
        raise DeployError("no_port", message, advice)
    if len(found) > 1:
        message = f"There are several ports: {', '.join(found)}."
        raise DeployError("which_port", message, f"Say which: --port {found[0]}")
    return found[0]


def usb_ports() -> list[str]:
    return sorted(info.device for info in list_ports.comports() if info.vid is not None)


def why_not(port: str) -> DeployError:
    """What keeps us from opening a port, found by trying it."""
    if os.name == "posix" and "://" not in port and not os.path.exists(port):
        there = usb_ports()
        message = f"There is no port {port}."
        advice = f"There is: {', '.join(there)}." if there else "Is the board plugged in?"
        return DeployError("no_port", message, f"{advice} {_LIST}")
    try:
        serial.serial_for_url(port, exclusive=True).close()
    except (OSError, ValueError) as error:
        return of_error(port, error)
    return DeployError("lost", f"{port} was there, and then it was not.", "Check the plug and try again.")


def of_error(port: str, error: Exception) -> DeployError:
    """What an error at opening means."""
    number, text = getattr(error, "errno", None), str(error)
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in text:
        message = f"{port} is busy: another program has it open, such as a serial monitor or an editor."
        return DeployError("busy_port", message, "Close that program (or its terminal) and try again.")
    if number in (errno.EACCES, errno.EPERM) or "PermissionError" in text:
        message = f"You may not use {port}; or, on Windows, another program has it open."
        advice = "On Linux: sudo usermod -aG dialout $USER, then log in anew."
        return DeployError("port_not_allowed", message, advice)
    return DeployError("no_port", f"{port} cannot be opened: {text}.", _LIST)
