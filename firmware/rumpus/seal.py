"""Proof that both ends have one key, and packets that only its holder can have written.

A session is opened by two packets, the controller's nonce and the device's nonce with its proof; the
controller proves itself by its first sealed packet. Each direction has a key and a counter of its own, so
a packet that is repeated, left out, turned round or of another session does not open. What is sealed is
authentic, not secret. Layouts: ra/tables/sealed.py. Bytes in, bytes out; the nonces come from outside.

HMAC-SHA-256 (RFC 2104), cut to 16 bytes. Each sealed packet costs some hundred bytes of garbage, since
no interpreter lets a hash object be used twice.
"""

import hashlib

from . import wire
from .errors import DecodeError
from .ra.tables import sealed as t

_BLOCK = 64


class Mac:
    """HMAC-SHA-256 with one key of at most 64 bytes, its two pads kept."""

    def __init__(self, key):
        padded = key + bytes(_BLOCK - len(key))
        self._inner = bytes([byte ^ 0x36 for byte in padded])
        self._outer = bytes([byte ^ 0x5C for byte in padded])

    def digest(self, *parts):
        """The 32 bytes for the parts in a row."""
        inner = hashlib.sha256(self._inner)
        for part in parts:
            inner.update(part)
        outer = hashlib.sha256(self._outer)
        outer.update(inner.digest())
        return outer.digest()


class Seal:
    """One session. key: 32 bytes. uuid: of the device. mine, theirs: what the tags are made for that are written here
    and there. nonces: the controller's and then the device's.

    proof: what the device shows. secret_key: 32 bytes, for what must not be read in a message.
    """

    def __init__(self, key, uuid, nonces, mine, theirs):
        root = Mac(key)
        keys = [root.digest(text.encode(), uuid, nonces) for text in (t.PROOF, t.SECRET, mine, theirs)]
        self.proof = keys[0][: t.TAG_SIZE]
        self.secret_key = keys[1]
        self._mine = Mac(keys[2])
        self._theirs = Mac(keys[3])
        self._sent = 0
        self._taken = 0

    def close(self, packet):
        """The body of a sealed packet around a packet. Raises OverflowError after 2**32 - 1 of them."""
        if self._sent == t.LAST_COUNTER:
            raise OverflowError("a new session is needed")
        self._sent += 1
        head = bytearray(t.PACKET_AT)
        head[0] = t.SEALED
        wire.write(">I", head, t.COUNTER_AT, self._sent)
        return bytes(head) + packet + self._mine.digest(head, packet)[: t.TAG_SIZE]

    def open(self, body):
        """The packet in the body of a sealed one. Raises DecodeError when it is not from the other end, or
        not the next one; the session goes on as if it had not come."""
        at = len(body) - t.TAG_SIZE
        if at <= t.PACKET_AT:
            raise DecodeError("truncated", len(body))
        if body[0] != t.SEALED or not is_same(self._theirs.digest(body[:at])[: t.TAG_SIZE], body[at:]):
            raise DecodeError("seal", at)
        if wire.read(">I", body, t.COUNTER_AT) != self._taken + 1:
            raise DecodeError("replay", t.COUNTER_AT)
        self._taken += 1
        return body[t.PACKET_AT : at]


def is_same(one, other):
    """Whether two bytes are equal, found out in a time that does not say where they differ."""
    if len(one) != len(other):
        return False
    difference = 0
    for i in range(len(one)):
        difference |= one[i] ^ other[i]
    return difference == 0
