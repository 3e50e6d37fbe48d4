"""The verbs that speak DCMP, as commands against real virtual appliances: output, JSON and exit codes. Where no
process of its own is needed the command runs in this one, which is much quicker."""

import contextlib
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rumpus_host.cli.main import main

RUMPUS = str(Path(sys.executable).with_name("rumpus"))
TIMEOUT_S = 60


class Ran:
    """A command that has ended; no verb ever shows a traceback."""

    def __init__(self, code: int, out: str, err: str):
        self.code, self.out, self.words = code, out, " ".join(err.split())
        assert "Traceback" not in out + err, err

    @property
    def json(self) -> dict:
        return json.loads(self.out.splitlines()[-1])


def rumpus(*arguments: str | Path) -> Ran:
    """The command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.setattr(sys, "argv", ["rumpus", *map(str, arguments)])
        patch.setenv("COLUMNS", "160")
        code = main()
    return Ran(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def heater() -> Iterator[dict]:
    """What `rumpus sim --dcmp --announce` says of itself; it runs during the module."""
    command = [RUMPUS, "sim", "water_heater", "--dcmp", "--announce", "--seed", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)


@pytest.fixture(scope="module")
def url(heater: dict) -> str:
    return heater["url"]


def test_discover(heater: dict) -> None:
    asked = ("discover", "--interface", "127.0.0.1", "--seconds", "1.5")
    devices = rumpus(*asked, "--json").json["devices"]
    (device,) = [device for device in devices if heater["url"] in device["urls"]]
    assert device["protocols"] == ["rump", "dcmp"] and device["found_by"] == ["rmdp", "mdns"]
    assert device["capability"] == ["sensor"] and len(device["id"]) == 32
    ran = rumpus(*asked, "--id", device["id"])
    assert (
        ran.code == 0
        and device["id"] in ran.out
        and heater["url"] in ran.out
        and "Next: rumpus info" in ran.out
    )
    assert rumpus(*asked, "--type", "refrigerator", "--json").json == {"devices": []}
    ran = rumpus(*asked, "--name", "nobody")
    assert (
        ran.code == 0
        and "Nobody answered within 1.5 s" in ran.out
        and "dcmp: true" in " ".join(ran.out.split())
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("discover", "--type", "toaster"), "There is no device type 'toaster'"),
        (("discover", "--id", "12"), "32 hexadecimal digits"),
        (("discover", "--name", "a", "--type", "sensor"), "exclude each other"),
        (("info", "http://192.0.2.7"), "unknown kind of address"),
        (("info", "udp://"), "no host"),
        (("info", "tcp://127.0.0.1:1", "--id", "xyz"), "no device ID"),
        (("files", "tcp://127.0.0.1:1", "--type", "music"), "There is no file type 'music'"),
        (("put-file", "tcp://127.0.0.1:1", "/nowhere/at/all"), "There is no file /nowhere/at/all"),
        (("put-file", "tcp://127.0.0.1:1", __file__, "--version", "x" * 17), "longer than 16 bytes"),
        (("get-file", "tcp://127.0.0.1:1", "a", "--to", "/nowhere/at/all/a"), "There is no folder"),
        (("events", "tcp://127.0.0.1:1", "--type", "gossip"), "There is no event type 'gossip'"),
        (("set", "tcp://127.0.0.1:1", "power=on", "--over", "pigeon"), "no protocol 'pigeon'"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], words: str) -> None:
    ran = rumpus(*arguments)
    assert ran.code == 2 and words in ran.words and "Next:" in ran.words


@pytest.mark.parametrize(
    "verb", [("info",), ("files",), ("events",), ("get-file", "x"), ("put-file", __file__)]
)
def test_nobody_there(verb: tuple[str, ...]) -> None:
    ran = rumpus(verb[0], "tcp://127.0.0.1:1", *verb[1:], "--json")
    assert ran.code == 3 and ran.json["error"] == "unreachable"
    assert "No device answers over DCMP at tcp://127.0.0.1:1" in ran.json["message"]
    assert "rumpus discover" in ran.json["next"]


def test_info(url: str) -> None:
    ran = rumpus("info", url, "--functions")
    assert ran.code == 0
    for words in (
        "It is also a sensor",
        "heating_power_limit",
        "hardware_version",
        "0x0001 set",
        "Event",
    ):
        assert words in ran.out, words
    told = rumpus("info", url, "--json").json
    assert told["device"]["type"] == "water_heater"
    target = told["properties"]["target_temperature"]
    assert (target["id"], target["unit"]) == (0x1011, "°C") and f"{target['value']} °C" in ran.out
    assert told["properties"]["uptime"]["unit"] == "s" and "functions" not in told


def test_files(url: str, tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_text("{}" * 5000)
    ran = rumpus("put-file", url, path, "--version", "1.2", "--json")
    assert ran.code == 0 and ran.json["size"] == 10000 and ran.json["resumed_at"] == 0
    listed = {one["name"]: one for one in rumpus("files", url, "--json").json["files"]}
    assert listed["recipe.json"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    ran = rumpus("files", url, "--type", "user-defined")
    assert "recipe.json" in ran.out and "1.2" in ran.out and "10,000" in ran.out and "events" not in ran.out
    ran = rumpus("get-file", url, "recipe.json", "--to", tmp_path / "back")
    assert ran.code == 0 and "10,000 bytes" in ran.out
    assert (tmp_path / "back").read_bytes() == path.read_bytes()
    for arguments, words in (
        (("get-file", url, "missing", "--to", tmp_path / "x"), "no such file"),
        (("put-file", url, path, "--type", "log"), "may not be written"),
        (("put-file", url, path, "--name", "../settings.json"), "does not take that name"),
        (("put-file", url, path, "--name", ".part"), "does not take that name"),
    ):
        ran = rumpus(*arguments)
        assert ran.code == 1 and words in ran.words and "Next:" in ran.words
    assert not (tmp_path / "x").exists()


def test_events(url: str) -> None:
    command = [RUMPUS, "events", url, "--json", "--count", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        first = [json.loads(process.stdout.readline()) for _ in range(2)]
        assert {event["event"] for event in first} == {"status", "sensor"}
        assert rumpus("set", url, "child_lock=on", "--over", "dcmp").code == 0
        changed = json.loads(process.stdout.readline())
        assert changed["event"] == "status" and changed["child_lock"] is True
        assert process.wait(TIMEOUT_S) == 0
    ran = rumpus("events", url, "--count", "1", "--type", "sensordata")
    assert ran.code == 0 and "current_temperature" in ran.out


def test_set_and_get_are_the_same_over_both(url: str) -> None:
    for arguments, code in (
        (("power=off", "target_temperature=50"), 0),
        (("target_temperature=90", "--force"), 1),
        (("power=maybe",), 2),
    ):
        rump, dcmp = (rumpus("set", url, *arguments, "--over", over, "--json") for over in ("rump", "dcmp"))
        assert rump.code == dcmp.code == code
        assert still(rump.json) == still(dcmp.json)
    tables = [rumpus("get", url, "--over", over) for over in ("rump", "dcmp")]
    assert tables[0].code == tables[1].code == 0
    assert "No alarms." in tables[1].out and "target_temperature" in tables[1].out


def still(values: dict) -> dict:
    """Without what changes by itself."""
    moving = ("current_temperature", "hot_water", "heating_time_left", "heating_power", "work_state")
    return {name: value for name, value in values.items() if name not in moving}


def test_an_interrupted_command_leaves_the_device_free(url: str, tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.touch()
    os.truncate(path, 60_000_000)
    with subprocess.Popen([RUMPUS, "put-file", url, str(path)], stderr=subprocess.DEVNULL) as process:
        time.sleep(2.0)
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT_S) in (130, -signal.SIGINT)
    path.write_bytes(b"short")
    assert rumpus("put-file", url, path, "--name", "short").code == 0
