"""Whether a holder of the private key has signed: RSASSA-PKCS1-v1_5 with SHA-256, exponent 65537.

Chosen by measurement, see docs/updates.md: of what protects with a public key it is the fastest on a
microcontroller and the shortest to write. The whole padding is compared, byte by byte, with what it must be.
"""

# RFC 8017 9.2, note 1: what says "SHA-256" before the digest.
_DIGEST_INFO = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"


def is_good(modulus, signature, digest, exponent_bits):
    """True when signature is one of digest (SHA-256, 32 bytes). modulus, signature: bytes, big-endian.
    The exponent is (1 << exponent_bits) + 1. Stall: stalls.py; about 2 kB of heap at a time."""
    size = len(modulus)
    n = int.from_bytes(modulus, "big")
    s = int.from_bytes(signature, "big")
    if len(signature) != size or s >= n:
        return False
    x = s
    for _ in range(exponent_bits):
        x = x * x % n
    x = x * s % n
    filling = b"\xff" * (size - 3 - len(_DIGEST_INFO) - len(digest))
    return x.to_bytes(size, "big") == b"\0\x01" + filling + b"\0" + _DIGEST_INFO + digest
