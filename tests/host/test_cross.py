"""What CPython encodes MicroPython decodes, and back: byte-identical messages, identical verdicts.

RUMPUS_FULL=1 makes ten times as many messages.
"""

import json
import os
import random
import subprocess
from pathlib import Path

import cross_peer
import get_micropython
import pytest

from rumpus.rump.state import not_available
from rumpus.rump.tables.results import REASONS

HERE = Path(__file__).resolve().parent
FIRMWARE = HERE.parent.parent / "firmware"
MESSAGES = 20000 if os.environ.get("RUMPUS_FULL") else 2000

# kind of message -> who reads it
READERS = {
    "control": "device",
    "status_query": "device",
    "version_query": "controller",
    "status": "controller",
    "response": "controller",
    "status_query_response": "controller",
    "alarm": "controller",
    "version_response": "controller",
    "controller_hello": "ra",
    "device_hello": "ra",
    "serial": "serial",
    "stream": "stream",
}
# The messages that carry fields are the most, for they differ the most.
WEIGHTS = [6, 1, 1, 6, 6, 3, 3, 2, 1, 1, 3, 1]
TEXTS = ("", "a", "rumpus 0.1", "Öko", "naïve Küche", "冷蔵庫", "🔥", "x" * 40, "\x00\x7f")


class Maker:
    """Makes jobs from a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        # Shapes are compiled once each, so there is a stock of them.
        self.shapes = [[self.fitted(number) for _ in range(25)] for number in range(4)]

    def fitted(self, number):
        part = self.random.random()
        names = [name for name in cross_peer.ROWS[number] if self.random.random() < part]
        return self.random.choice([names, names, names, names, None, []])

    def encode_job(self):
        kind = self.random.choices(list(READERS), WEIGHTS)[0]
        number = self.random.randrange(4)
        sequence = self.random.choice([1, 255, 256, 0xFFFF, self.random.randint(1, 0xFFFF)])
        make = getattr(self, kind, lambda number: None)
        return ["encode", kind, number, sequence, make(number)]

    def counts(self, row):
        low, high = row[4], row[5]
        return self.random.choice([low, high, self.random.randint(low, high), self.random.randint(low, high)])

    def control(self, number):
        rows = [row for row in cross_peer.ROWS[number].values() if "w" in row[3]]
        chosen = self.random.sample(rows, self.random.randint(0, min(12, len(rows))))
        values = [[row[1], self.counts(row)] for row in chosen]
        if values and self.random.random() < 0.3:  # one that is refused
            name = self.random.choice(values)[0]
            row = cross_peer.ROWS[number][name]
            values.append([name, self.random.choice([row[4], not_available(row[2])])])
        return values

    def status(self, number):
        values = {}
        for name, row in cross_peer.ROWS[number].items():
            if self.random.random() < 0.8:
                values[name] = self.counts(row)
        return {"fitted": self.random.choice(self.shapes[number]), "values": values}

    status_query_response = status

    def response(self, number):
        return self.status(number) | {
            "field": self.random.randrange(256),
            "reason": self.random.randrange(len(REASONS)),
        }

    def alarm(self, _number):
        sizes = {"boot_count": 16, "sequence": 32, "active": 32, "latched": 32, "changed": 32, "uptime": 32}
        sizes |= {"clock_day": 16, "clock_second": 32}
        some = self.random.choice
        return {
            name: some([0, 1, (1 << bits) - 1, 1 << bits - 1, self.random.getrandbits(bits)])
            for name, bits in sizes.items()
        }

    def version_response(self, _number):
        names = ("protocol", "firmware", "hardware", "vendor", "model")
        return {name: self.random.choice(TEXTS) for name in names}

    def controller_hello(self, _number):
        return {"last_event": self.random.getrandbits(32), "name": self.random.choice(TEXTS)}

    def device_hello(self, _number):
        values = {name: self.random.choice(TEXTS) for name in ("firmware", "hardware", "vendor", "model")}
        numbers = {"answers": 8, "revision": 8, "boot_count": 16, "event_sequence": 32, "oldest_event": 32}
        values |= {name: self.random.getrandbits(bits) for name, bits in numbers.items()}
        return values | {"uuid": self.random.randbytes(16).hex()}

    def serial(self, _number):
        n = self.random.choice([1, 2, 20, 90, 250, 253, 254, 255, 280, self.random.randint(1, 300)])
        alphabet = self.random.choice([b"\x00\x01", b"\x03", bytes(range(256)), bytes(range(1, 256))])
        return bytes(self.random.choices(alphabet, k=n)).hex()

    def stream(self, number):
        return self.serial(number)

    def mutate(self, raw):
        """Other bytes: some changed, some gone, some more."""
        raw = bytearray(raw)
        for _ in range(self.random.choice([1, 1, 1, 2, 5])):
            at = self.random.randrange(len(raw) + 1)
            what = self.random.randrange(6)
            if what == 0:
                del raw[at : at + self.random.randint(1, 8)]
            elif what == 1:
                raw[at:at] = self.random.randbytes(self.random.randint(1, 8))
            elif what == 2:
                raw[at:at] = raw[: self.random.randint(1, 40)]
            elif raw:
                raw[at % len(raw)] = self.random.choice(
                    [0, 1, 3, 0x7F, 0x80, 0xFF, self.random.randrange(256)]
                )
            if len(raw) >= 18 and self.random.random() < 0.5 and raw[0] == 1:  # so that the length fits
                raw[16:18] = (len(raw) - 18).to_bytes(2, "big")
        return bytes(raw)


def meaning(job):
    """What a good message says once it is decoded, or None where another test says it."""
    _what, kind, number, sequence, values = job
    text = cross_peer.text_of
    if kind == "alarm":
        return text(["alarm", sequence, values, b""])
    if kind == "version_response":
        return text(["answer", sequence, values, b""])
    if kind == "controller_hello":
        return text([2, values])
    if kind == "device_hello":
        return text([1, values | {"device_id": cross_peer.DEVICE_ID, "uuid": bytes.fromhex(values["uuid"])}])
    if kind in ("serial", "stream"):
        packet = bytes.fromhex(values)
        return text([[packet], b"", 0, 0]) if kind == "serial" else text([[packet], 0, False])
    if kind not in ("status", "response", "status_query_response"):
        return None
    fitted = values["fitted"]
    shown = {}
    for name, row in cross_peer.ROWS[number].items():
        if "r" in row[3] and (fitted is None or "!" in row[3] or name in fitted):
            shown[name] = values["values"].get(name)
    outcome = [0, 0, 0]
    if kind == "response" and values["reason"]:
        outcome = [REASONS[values["reason"]][2], values["field"], values["reason"]]
    return text(["status" if kind == "status" else "answer", sequence, [*outcome, shown]])[:-1]


def lines_of(jobs):
    # Not as \u escapes: MicroPython's json makes two surrogates of a character beyond U+FFFF.
    return [json.dumps(job, ensure_ascii=False) for job in jobs]


def ask(bits, jobs, folder):
    """What MicroPython answers to the jobs."""
    path = folder / f"jobs{bits}"
    path.write_text("\n".join(lines_of(jobs)) + "\n", encoding="utf-8")
    command = [get_micropython.find(bits), HERE / "cross_peer.py", FIRMWARE, path]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout.splitlines()


def assert_same(jobs, ours, theirs):
    assert len(theirs) == len(jobs)
    for job, our, their in zip(jobs, ours, theirs, strict=True):
        assert their == our, job


@pytest.fixture(scope="module")
def encode_jobs():
    maker = Maker(2020)
    return [maker.encode_job() for _ in range(MESSAGES)]


@pytest.fixture(scope="module")
def encoded(encode_jobs):
    return [cross_peer.run(line) for line in lines_of(encode_jobs)]


def decode_jobs(encode_jobs, encoded):
    """Each message as it is, and changed, for its reader."""
    maker = Maker(14543)
    jobs = []
    for job, raw in zip(encode_jobs, encoded, strict=True):
        _what, kind, number, sequence, _values = job
        side = READERS[kind]
        jobs.append(["decode", side, number, sequence, raw])
        jobs.append(["decode", side, number, sequence, maker.mutate(bytes.fromhex(raw)).hex()])
        if kind == "version_response":
            jobs.append(["decode", "device", number, sequence, maker.mutate(bytes.fromhex(raw)).hex()])
    return jobs


def test_good_messages_mean_what_was_encoded(encode_jobs, encoded):
    for job, raw in zip(encode_jobs, encoded, strict=True):
        _what, kind, number, sequence, _values = job
        said = cross_peer.decode(READERS[kind], number, sequence, bytes.fromhex(raw))
        wish = meaning(job)
        assert not said.startswith("[x" + b"dropped".hex()), job
        assert wish is None or said.startswith(wish), job


def test_status_that_was_read_packs_to_the_same_bytes(encode_jobs, encoded):
    for job, raw in zip(encode_jobs, encoded, strict=True):
        _what, kind, number, sequence, _values = job
        if kind in ("status", "response", "status_query_response"):
            said = cross_peer.decode("controller", number, sequence, bytes.fromhex(raw))
            assert said.endswith(f" x{raw[36:]}]"), job


@pytest.mark.parametrize("bits", [64, 32])
def test_messages_are_byte_identical(bits, encode_jobs, encoded, tmp_path):
    assert_same(encode_jobs, encoded, ask(bits, encode_jobs, tmp_path))


@pytest.mark.parametrize("bits", [64, 32])
def test_verdicts_on_good_and_changed_bytes_are_identical(bits, encode_jobs, encoded, tmp_path):
    jobs = decode_jobs(encode_jobs, encoded)
    ours = [cross_peer.run(line) for line in lines_of(jobs)]
    assert_same(jobs, ours, ask(bits, jobs, tmp_path))
    # Both kinds of verdict did occur.
    dropped = sum("x" + b"dropped".hex() in line for line in ours)
    assert len(jobs) // 20 < dropped < len(jobs) // 2
