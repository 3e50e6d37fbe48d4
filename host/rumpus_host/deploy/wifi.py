"""Wi-Fi, tried by the board itself: only it knows whether the password is right where it stands."""

import json
import time
from collections.abc import Callable

from .problem import DeployError
from .repl import Repl
from .settings import Settings

_TRY_S = 20.0
_LOOK_S = 0.3

_BEGIN = """
import network, json
_w = network.WLAN(network.STA_IF)
_w.active(True)
try:
    _w.disconnect()
except OSError:
    pass
_w.connect({ssid!r}, {password!r})
def _seen():
    s = _w.status()
    for name in ('STAT_GOT_IP', 'STAT_WRONG_PASSWORD', 'STAT_NO_AP_FOUND'):
        if getattr(network, name, None) == s:
            return name, s
    return ('STAT_GOT_IP' if _w.isconnected() else ''), s
"""
_ASK = "print(json.dumps([_seen(), _w.ifconfig()[0], _w.isconnected()]))"
_END = "_w.disconnect()\n_w.active(False)"


def join(repl: Repl, ssid: str, password: str) -> str:
    """Let the board in maintenance join a network; the address that it is given. Raises DeployError with
    what the board reports."""
    repl.run(_BEGIN.format(ssid=ssid, password=password))
    deadline = time.monotonic() + _TRY_S
    seen: list = ["", 0]
    while time.monotonic() < deadline:
        seen, address, is_connected = json.loads(repl.run(_ASK))
        if is_connected and address != "0.0.0.0":
            repl.run(_END)
            return address
        if seen[0] in ("STAT_WRONG_PASSWORD", "STAT_NO_AP_FOUND"):
            break
        time.sleep(_LOOK_S)
    repl.run(_END)
    raise _failure(ssid, seen[0], seen[1])


def _failure(ssid: str, name: str, number: int) -> DeployError:
    if name == "STAT_WRONG_PASSWORD":
        message = f"The board found the network {ssid!r}, and its password is wrong (status {number})."
        return DeployError(
            "wifi_password", message, "Capitals count. Try: --wifi-ssid NAME, and type it anew."
        )
    if name == "STAT_NO_AP_FOUND":
        message = f"The board does not see a network {ssid!r} (status {number})."
        advice = "Most boards know 2.4 GHz only. Is the name right, capitals too, and the board near enough?"
        return DeployError("wifi_not_found", message, advice)
    message = f"The board could not join {ssid!r} within {_TRY_S:g} s (status {number})."
    return DeployError(
        "wifi_failed", message, "Often a wrong password. Or the router gives no address (DHCP)."
    )


def address(repl: Repl, settings: Settings, say: Callable[[str], None]) -> str | None:
    """The board's address, where it has a network and listens there; None else. In maintenance."""
    if settings["transport"] != "tcp_listen" or not settings.get("wifi_ssid"):
        return None
    say(f"join {settings['wifi_ssid']}")
    try:
        return join(repl, settings["wifi_ssid"], settings.get("wifi_password", ""))
    except DeployError as error:
        say(f"{error.message} {error.next} The device goes on trying.")
        return None
