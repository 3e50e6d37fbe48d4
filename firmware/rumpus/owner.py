"""Who has proved to know the device's key, and what it may do that nobody else may. Loaded when first asked.

One Owner belongs to one Conversation. A packet that does not open is a counted drop: to whoever has no
key the device is silent here.
"""

from . import wire
from .errors import DecodeError
from .link import RA
from .link import SEALED as CHANNEL
from .ra.tables import owner as m
from .ra.tables import sealed as t
from .ra.tables.messages import HEADER_SIZE, VERSION
from .seal import Seal

_BODIES = ((m.NETWORK_QUERY, m.NETWORK_QUERY_BODY), (m.NETWORK_CHANGE, m.NETWORK_CHANGE_BODY))


class Owner:
    """Takes the packets of the sealed channel of one conversation."""

    def __init__(self):
        self._seal = None

    def take(self, app, conversation, body):
        """Answer a packet. Raises DecodeError for one that is not what it should be."""
        if body[:1] == bytes((t.OPEN,)):
            values, _at = wire.unpack(t.OPEN_BODY, body, 0, len(body))
            conversation.send_body(app, CHANNEL, self._open(app, values["nonce"]))
        elif self._seal is None:
            raise DecodeError("seal", 0)
        else:
            packet = self._seal.open(body)
            answer = _answer(app, self._seal, packet)
            conversation.send_body(app, CHANNEL, self._seal.close(bytes((RA,)) + answer))
            app.answered(True)

    def _open(self, app, nonce):
        """Begin a session, in the place of the one before: the body of the answer."""
        if app.key is None:
            values = {"kind": t.OPENED, "result": t.NO_KEY, "nonce": bytes(16), "proof": bytes(16)}
            return wire.pack(t.OPENED_BODY, values)
        own = _nonce(app)
        self._seal = Seal(app.key, app.uuid, nonce + own, t.TO_CONTROLLER, t.TO_DEVICE)
        values = {"kind": t.OPENED, "result": t.IS_OPEN, "nonce": own, "proof": self._seal.proof}
        return wire.pack(t.OPENED_BODY, values)


def _nonce(app):
    """Never twice: the count of starts, and random bytes, should their source be poor."""
    return app.log.boot_count.to_bytes(2, "big") + app.hal.entropy(t.NONCE_SIZE - 2)


def _answer(app, seal, packet):
    """The RA message that answers the one in a sealed packet. Raises DecodeError."""
    if len(packet) < 1 + HEADER_SIZE or packet[0] != RA:
        raise DecodeError("channel", 0)
    if packet[1] != VERSION:
        raise DecodeError("version", 1)
    for kind, layout in _BODIES:
        if packet[2] == kind:
            values, _at = wire.unpack(layout, packet, 1 + HEADER_SIZE, len(packet))
            return _network_state(app) if kind == m.NETWORK_QUERY else _network_changed(app, seal, values)
    raise DecodeError("unknown_message", 2)


def _network_state(app):
    wifi = app.hal.wifi
    values = {"wanted": wifi.networks[0][0] if wifi else "", "joined": wifi.joined() if wifi else ""}
    return bytes((VERSION, m.NETWORK_STATE)) + wire.pack(m.NETWORK_STATE_BODY, values)


def _network_changed(app, seal, values):
    result = _change_network(app.hal, seal, values)
    return bytes((VERSION, m.NETWORK_CHANGED)) + wire.pack(m.NETWORK_CHANGED_BODY, {"result": result})


def _change_network(hal, seal, values):
    if hal.wifi is None:
        return m.NO_WIFI
    from .hal import cipher, networks

    try:
        secret = cipher.decrypted(seal.secret_key, values["iv"], values["password"])
        ssid, password = values["ssid"], str(secret.rstrip(b"\0"), "utf-8")
    except ValueError:
        return m.BAD_VALUE
    size = len(password.encode())
    if not 0 < len(ssid.encode()) <= m.SSID_SIZE or 0 < size < m.LEAST_PASSWORD or "\0" in ssid + password:
        return m.BAD_VALUE
    known = networks.with_new(ssid, password, hal.wifi.networks, hal.wifi.joined())
    if not networks.save(hal.files, known):
        return m.NOT_KEPT
    hal.wifi.change(known)
    return m.ACCEPTED
