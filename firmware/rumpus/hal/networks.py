"""The Wi-Fi networks that a device knows: those in its settings, or those that its owner told it since.

A list of (ssid, password). The first is the one wanted; the second, if there is one, the network that the
device was in before: they are tried in turn, so that a wrong password or a router that is away cuts
nobody off.
"""

import json

RECORD = "network"  # Files name; its content: a JSON list of [ssid, password]


def known(settings, files):
    """The networks to try. settings: wifi_ssid, wifi_password; wifi_ssid_before, wifi_password_before."""
    told = files.load(RECORD)
    if told:
        try:
            found = [(ssid, password) for ssid, password in json.loads(told)]
        except (ValueError, TypeError):
            found = []  # of a version that kept it otherwise
        if found:
            return found
    found = []
    for end in ("", "_before"):
        if settings.get("wifi_ssid" + end):
            found.append((settings["wifi_ssid" + end], settings.get("wifi_password" + end, "")))
    return found


def with_new(ssid, password, networks, joined):
    """The networks with a new one wanted; of the others that one stays which the device is in, or else the
    one that it wanted so far."""
    kept = [network for network in networks if network[0] == joined] or networks[:1]
    return [(ssid, password)] + [network for network in kept if network[0] != ssid]


def save(files, networks):
    """True when they are durable."""
    return files.save(RECORD, json.dumps(networks).encode())
