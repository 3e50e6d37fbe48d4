"""AES-256-CBC of the interpreter; for the one secret that travels in a message, see owner.py."""

import sys

_CBC = 2


def decrypted(key, iv, data):
    """data: whole blocks of 16 bytes. Raises ValueError on CPython: its devices leave Wi-Fi to their system."""
    if sys.implementation.name == "circuitpython":
        from aesio import AES

        out = bytearray(len(data))
        AES(key, _CBC, iv).decrypt_into(data, out)
        return bytes(out)
    if sys.implementation.name == "micropython":
        from cryptolib import aes

        return aes(key, _CBC, iv).decrypt(data)
    raise ValueError("no cipher")
