"""The key pair of whoever may update a device.

The private key signs bundles and stays with its owner. The public one goes to each device once, by cable, as
the file `update_key` in its root: the bytes of the modulus. No protocol can replace it.
"""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from rumpus.update.tables.bundle import EXPONENT_BITS, KEY_SIZE

EXPONENT = (1 << EXPONENT_BITS) + 1
DEVICE_FILE = "update_key"


class BadKey(ValueError):
    """Not a key that signs updates; the text says why."""


class PassphraseNeeded(BadKey):
    """The private key is encrypted."""


def make() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=EXPONENT, key_size=8 * KEY_SIZE)


def save(key: rsa.RSAPrivateKey, path: Path, passphrase: str | None = None) -> Path:
    """Write the private key (PEM, readable by its owner alone) and beside it the file for devices, whose path
    is returned. Raises FileExistsError."""
    secret = passphrase.encode() if passphrase else None
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption(),
    )
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    public = path.with_suffix("." + DEVICE_FILE)
    public.write_bytes(public_bytes(key))
    return public


def load(path: Path, passphrase: str | None = None) -> rsa.RSAPrivateKey:
    """The private key of a PEM file. Raises OSError, BadKey, PassphraseNeeded."""
    pem = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(pem, passphrase.encode() if passphrase else None)
    except TypeError:
        raise PassphraseNeeded(f"{path} is protected by a passphrase.") from None
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKey(f"{path} is no private key that can be read: {error}") from None
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size != 8 * KEY_SIZE:
        raise BadKey(f"{path} is no RSA key of {8 * KEY_SIZE} bits. Make one: rumpus bundle --new-key FILE")
    if key.public_key().public_numbers().e != EXPONENT:
        raise BadKey(f"{path} has another exponent than {EXPONENT}.")
    return key


def public_bytes(key: rsa.RSAPrivateKey | rsa.RSAPublicKey) -> bytes:
    """What a device keeps: the modulus, big-endian."""
    public = key if isinstance(key, rsa.RSAPublicKey) else key.public_key()
    return public.public_numbers().n.to_bytes(KEY_SIZE, "big")


def sign(key: rsa.RSAPrivateKey, data: bytes) -> bytes:
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def is_good(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a holder of the key that belongs to public signed data; public_bytes() made public."""
    from cryptography.exceptions import InvalidSignature

    numbers = rsa.RSAPublicNumbers(EXPONENT, int.from_bytes(public, "big"))
    try:
        numbers.public_key().verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
