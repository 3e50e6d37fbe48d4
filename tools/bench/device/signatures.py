"""Ways to check who made an update, on the MicroPython that runs this: time, and heap that becomes garbage.

    micropython tools/bench/device/signatures.py

Numbers of the right length in the place of keys and signatures: only what they cost is of interest here. What
was chosen, and why: docs/updates.md.
"""

# ruff: noqa: UP031  f-strings cost more there

import gc
import hashlib
import time

LONGEST_MANIFEST = bytes(14000)
BLOCK = bytes(1024)


def number(bits):
    """An odd number of so many bits, the same each time."""
    raw = b""
    while len(raw) < bits // 8:
        raw += hashlib.sha256(raw + b"rumpus").digest()
    return int.from_bytes(raw[: bits // 8], "big") | 1 << bits - 1 | 1


def measure(name, work, times):
    work()
    gc.collect()
    before = gc.mem_alloc()
    gc.disable()
    work()
    garbage = gc.mem_alloc() - before
    gc.enable()
    best = None
    for _ in range(times):
        gc.collect()
        start = time.ticks_us()
        work()
        took = time.ticks_diff(time.ticks_us(), start)
        best = took if best is None else min(best, took)
    print("%-34s %8.2f ms %8d bytes of garbage" % (name, best / 1000, garbage))


def rsa(bits, squarings):
    n, s = number(bits), number(bits - 8)

    def work():
        x = s
        for _ in range(squarings):
            x = x * x % n
        return x * s % n

    return work


# --- Ed25519: the arithmetic of RFC 8032, without SHA-512 -------------------------------------------------

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    t, u = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    v, w = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = u - t, w - v, w + v, u + t
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def root(y):
    """What finding the other coordinate of a point costs."""
    return pow(y * y * pow(D * y * y + 1, P - 2, P) % P, (P + 3) // 8, P)


def ed25519():
    x, y = number(248), number(240)
    point = (x, y, 1, x * y % P)
    root(x), root(y)
    add(point, times(number(248), point))
    times(number(248), point)


def sha512_block():
    """Of the 110 that a manifest has; SHA-512 is in no firmware, so it is Python."""
    mask = (1 << 64) - 1
    a = b = c = d = e = f = g = h = number(64)
    words = [a] * 80
    for i in range(80):
        x, y = words[i - 15], words[i - 2]
        s = (x >> 1 | x << 63) & mask ^ (x >> 8 | x << 56) & mask ^ x >> 7
        t = (y >> 19 | y << 45) & mask ^ (y >> 61 | y << 3) & mask ^ y >> 6
        words[i] = (words[i] + s + t) & mask
        s = (e >> 14 | e << 50) & mask ^ (e >> 18 | e << 46) & mask ^ (e >> 41 | e << 23) & mask
        t = (h + s + (e & f ^ ~e & g) + words[i]) & mask
        h, g, f, e, d, c, b = g, f, e, (d + t) & mask, c, b, a
        a = (t + (b & c ^ b & d ^ c & d)) & mask


# --- hashes -----------------------------------------------------------------------------------------------


def chains(n, steps):
    """Winternitz: n chains of so many steps on average, and a tree of ten levels."""

    def work():
        x = bytes(32)
        for _ in range(n * steps + 10):
            digest = hashlib.sha256(x)
            digest.update(b"which chain, step")
            x = digest.digest()

    return work


def sha256_manifest():
    hashlib.sha256(LONGEST_MANIFEST).digest()


def loop():
    x = 0
    for i in range(100000):
        x = x + i & 0xFFFF


for bits in (2048, 3072, 4096):
    measure("RSA %d, exponent 3" % bits, rsa(bits, 1), 20)
    measure("RSA %d, exponent 65537" % bits, rsa(bits, 16), 20)
measure("Ed25519 without its SHA-512", ed25519, 3)
measure("SHA-512, one block of 128 bytes", sha512_block, 10)
measure("LMS, 4 bits a chain", chains(67, 8), 5)
measure("LMS, 8 bits a chain", chains(34, 128), 5)
measure("SHA-256 of a manifest (and HMAC)", sha256_manifest, 20)
measure("100,000 turns of a loop", loop, 5)
