"""Keys, signatures and bundles on this side, and that the device's arithmetic says the same."""

import hashlib
import json
import os
import random
from pathlib import Path

import pytest

from rumpus.signature import is_good
from rumpus.update.tables.bundle import EXPONENT_BITS
from rumpus_host.update import bundle, keys

VECTORS = Path(__file__).parent.parent / "vectors" / "update.json"


def test_the_vector_is_good():
    vector = json.loads(VECTORS.read_text())
    modulus, signature = bytes.fromhex(vector["modulus"]), bytes.fromhex(vector["signature"])
    assert keys.is_good(modulus, signature, vector["signed"].encode())


def test_both_say_the_same_of_each_signature():
    rng = random.Random(3)
    key = keys.make()
    public = keys.public_bytes(key)
    for i in range(40):
        data = rng.randbytes(rng.randrange(200))
        signature = bytearray(keys.sign(key, data))
        if i % 2:
            signature[rng.randrange(len(signature))] ^= 1 << rng.randrange(8)
        digest = hashlib.sha256(data).digest()
        ours = is_good(public, bytes(signature), digest, EXPONENT_BITS)
        assert ours == keys.is_good(public, bytes(signature), data) == (i % 2 == 0)


def test_a_key_pair_on_disk(tmp_path):
    key = keys.make()
    public = keys.save(key, tmp_path / "my.pem")
    assert public.read_bytes() == keys.public_bytes(key) == keys.public_bytes(keys.load(tmp_path / "my.pem"))
    assert os.stat(tmp_path / "my.pem").st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        keys.save(key, tmp_path / "my.pem")
    keys.save(key, tmp_path / "other.pem", "secret")
    with pytest.raises(keys.PassphraseNeeded):
        keys.load(tmp_path / "other.pem")
    assert keys.public_bytes(keys.load(tmp_path / "other.pem", "secret")) == keys.public_bytes(key)
    for text in ("nonsense", (tmp_path / "my.pem").read_text()[:500]):
        (tmp_path / "bad.pem").write_text(text)
        with pytest.raises(keys.BadKey):
            keys.load(tmp_path / "bad.pem")


ABOUT = {"board": "esp32_devkitc", "appliance": "refrigerator", "version": "1.10.0", "floor": "1.9.0"}
FILES = {"rumpus/b.mpy": b"b" * 900, "rumpus/a.mpy": b"", "boards/x/y.mpy": b"y", "rumpus/c/d.mpy": b"d"}


def test_a_bundle_is_read_as_it_was_packed_and_no_bit_of_it_may_change():
    key = keys.make()
    raw = bundle.pack(FILES, key=key, **ABOUT)
    good = read = bundle.read(raw)
    assert read.files == FILES
    assert (read.board, read.appliance, read.version, read.floor) == tuple(ABOUT.values())
    assert keys.is_good(keys.public_bytes(key), read.signature, read.signed)
    rng = random.Random(4)
    for _ in range(200):
        bent = bytearray(raw)
        bent[rng.randrange(len(bent))] ^= 1 << rng.randrange(8)
        try:
            read = bundle.read(bytes(bent))
        except bundle.BadBundle:
            continue
        if keys.is_good(keys.public_bytes(key), read.signature, read.signed):  # a hex digit in capitals
            assert (read.signed, read.files) == (good.signed, FILES)
    for n in range(0, len(raw), 7):
        with pytest.raises(bundle.BadBundle):
            bundle.read(raw[:n])


@pytest.mark.parametrize(
    ("change", "files"),
    (
        ({"version": "1.10"}, FILES),
        ({"version": "1.8.0"}, FILES),  # below its own floor
        ({"floor": "x"}, FILES),
        ({}, {}),
        ({}, {"../boot.py": b""}),
        ({}, {"manifest": b""}),
        ({}, {"a b.py": b""}),
    ),
)
def test_what_no_device_would_take_is_not_packed(change, files):
    with pytest.raises(bundle.BadBundle):
        bundle.manifest(files, **{**ABOUT, **change})
