"""The real `rumpus` command, in processes of its own, against real virtual appliances."""

import asyncio
import contextlib
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rumpus import __version__
from rumpus.link import RUMP
from rumpus.rump.tables import messages
from rumpus.rump.tables.water_heater import ALARMS
from rumpus_host import explain, fields
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.cli.main import verb_names

RUMPUS = str(Path(sys.executable).with_name("rumpus"))
TIMEOUT_S = 60
# The verbs that this file tests; more may be there.
VERBS = ("decode", "fields", "get", "set", "sim", "version", "watch")
# Each type over each carrier, and each interpreter over each carrier.
DEVICES = [
    ("water_heater", "tcp", "micropython"),
    ("air_conditioner", "tcp", "micropython"),
    ("refrigerator", "tcp", "micropython"),
    ("microwave_oven", "tcp", "micropython"),
    ("water_heater", "serial", "micropython32"),
    ("air_conditioner", "serial", "micropython32"),
    ("refrigerator", "serial", "micropython32"),
    ("microwave_oven", "serial", "micropython32"),
    ("water_heater", "tcp", "micropython32"),
    ("water_heater", "serial", "micropython"),
    ("water_heater", "tcp", "cpython"),
]


class Ran:
    """A command that has ended."""

    def __init__(self, code: int, out: str, err: str):
        self.code, self.out, self.err = code, out, err
        assert "Traceback" not in out + err, err

    @property
    def json(self) -> dict:
        """The one JSON object on stdout."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self.out + self.err
        return json.loads(lines[0])

    @property
    def words(self) -> str:
        """What stderr says, whatever lines it was broken into."""
        return " ".join(self.err.split())


def rumpus(*args: str, **environment: str) -> Ran:
    done = subprocess.run(
        [RUMPUS, *args],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        env={**os.environ, "COLUMNS": "160", **environment},
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


class Simulator:
    """A `rumpus sim` process; what it said first is in `about`."""

    def __init__(self, *args: str):
        self.process = subprocess.Popen(
            [RUMPUS, "sim", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1])
        self.about = json.loads(line)
        self.url = self.about["url"]

    def stop(self, number: int = signal.SIGINT) -> Ran:
        if self.process.poll() is None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=TIMEOUT_S)
        return Ran(self.process.returncode, out, err)


@pytest.fixture(scope="module")
def simulators():
    """Running simulators by (type, carrier, interpreter); each is started when it is first asked for."""
    running: dict[tuple, Simulator] = {}

    def simulator(type_name: str, carrier: str = "tcp", interpreter: str = "micropython") -> Simulator:
        key = (type_name, carrier, interpreter)
        if key not in running:
            serial = ["--serial"] if carrier == "serial" else []
            # Faster than real time, so that nobody waits long for a heartbeat.
            options = ["--interpreter", interpreter, "--seed", "3", "--time-scale", "3", *serial]
            running[key] = Simulator(type_name, *options)
        return running[key]

    yield simulator
    for one in running.values():
        one.stop()


@pytest.fixture(scope="module")
def heater(simulators) -> str:
    return simulators("water_heater").url


class Bench:
    """An event loop in a thread, for what a test drives while a command runs."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(TIMEOUT_S)

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture(scope="module")
def bench():
    bench = Bench()
    yield bench
    bench.close()


@pytest.fixture
def refrigerator(bench):
    """A refrigerator whose time and doors the test moves."""
    appliance = VirtualAppliance("refrigerator", "micropython", seed=5)
    bench.run(appliance.start())
    yield appliance
    bench.run(appliance.stop())


async def leave_door_open(appliance) -> None:
    """Raise the door alarm and let it fall."""
    appliance.plant.fridge_door = True
    await appliance.advance(150_000, step_ms=1000)
    appliance.plant.fridge_door = False
    await appliance.advance(10_000, step_ms=1000)


class Proxy:
    """Between a client and a device on TCP: notes the kinds of RUMP messages that the client sends.

    cut: "" passes all; "answer" lets the first control through and cuts the line; "request" cuts it
    before. is_mortal: after the cut nothing listens any more.
    """

    def __init__(self, url: str, cut: str = "", is_mortal: bool = False):
        self.host, _colon, port = url.removeprefix("tcp://").rpartition(":")
        self.port = int(port)
        self.cut = cut
        self.is_mortal = is_mortal
        self.kinds: list[int] = []

    async def start(self) -> str:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"tcp://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        self.server.close()

    async def _serve(self, reader, writer) -> None:
        far_reader, far_writer = await asyncio.open_connection(self.host, self.port)
        back = asyncio.create_task(self._back(far_reader, writer))
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self._forward(reader, far_writer, back):
                pass
        back.cancel()
        writer.close()
        far_writer.close()

    async def _forward(self, reader, far_writer, back) -> bool:
        """Pass one packet on; False when that was the end of this connection."""
        size = await reader.readexactly(2)
        packet = await reader.readexactly(int.from_bytes(size, "big"))
        if packet[0] == RUMP:
            self.kinds.append(packet[2])
        if not self.cut or packet[0] != RUMP or packet[2] != messages.CONTROL:
            far_writer.write(size + packet)
            return True
        if self.is_mortal:
            self.server.close()
        if self.cut == "answer":
            back.cancel()
            far_writer.write(size + packet)
            await asyncio.sleep(0.3)  # for the device to carry it out; its answer is thrown away
        return False

    async def _back(self, far_reader, writer) -> None:
        while data := await far_reader.read(4096):
            writer.write(data)


@pytest.fixture
def proxy(bench, heater):
    """Makes a Proxy in front of the water heater; returns (proxy, its URL)."""
    made = []

    def make(**options):
        made.append(Proxy(heater, **options))
        return made[-1], bench.run(made[-1].start())

    yield make
    for one in made:
        bench.run(one.stop())


# --- help -------------------------------------------------------------------------------------------


def test_every_file_of_the_folder_is_a_verb():
    assert set(VERBS) <= set(verb_names())


@pytest.mark.parametrize("verb", verb_names())
def test_every_verb_has_help_with_examples(verb):
    ran = rumpus(verb, "--help", COLUMNS="200")
    assert ran.code == 0
    examples = re.findall(rf"^\s+rumpus {verb} .*$", ran.out.partition("Examples:")[2], re.MULTILINE)
    assert len(examples) >= 2
    assert "--json" in ran.out


def test_rumpus_alone_says_what_there_is():
    ran = rumpus()
    assert ran.code == 0
    assert ran.out == rumpus("--help").out
    assert all(verb in ran.out for verb in verb_names())
    assert "Exit codes" in ran.out


def test_version_of_the_program():
    assert rumpus("--version").out == f"rumpus {__version__}\n"


@pytest.mark.parametrize(
    "args", [["--help"], ["fields", "water_heater"], ["decode", "00"]], ids=lambda a: a[0]
)
def test_what_needs_no_device_imports_no_client(args):
    script = f"import sys; sys.argv = ['rumpus', *{args!r}]\n"
    script += "from rumpus_host.cli.main import main; main()\n"
    script += "print([m for m in sys.modules if m in ('asyncio', 'serial') or 'client' in m or 'bench' in m])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=TIMEOUT_S
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "args", [["gett"], ["get"], ["get", "a", "b"], ["get", "--nope", "x"], ["set", "tcp://h:1"]]
)
def test_wrong_use_is_exit_code_2_with_or_without_json(args):
    ran = rumpus(*args)
    assert ran.code == 2
    assert ran.out == ""
    assert "--help" in ran.err
    told = rumpus(*args, "--json")
    assert told.code == 2
    assert told.json["error"] == "wrong_use"
    assert told.json["message"] and told.json["next"]


def test_a_misspelt_verb_gets_a_suggestion():
    assert "get" in rumpus("gett").words


# --- fields -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_name", fields.TYPES)
def test_fields_lists_every_row(type_name):
    told = rumpus("fields", type_name, "--json").json
    table = fields.table_of(type_name)
    assert (told["type"], told["device_type"]) == (type_name, table.DEVICE_TYPE)
    assert [row["name"] for row in told["fields"]] == [field.name for field in fields.fields_of(type_name)]
    assert [row["bit"] for row in told["alarms"]] == [row[0] for row in table.ALARMS]
    assert all(row["severity"] and row["sentence"] and row["source"] for row in told["alarms"])
    for width in ("80", "160"):
        shown = rumpus("fields", type_name.replace("_", "-"), COLUMNS=width).out
        for row in (*told["fields"], *told["alarms"]):
            assert row["name"] in shown


def test_fields_tells_access_range_and_choices():
    rows = {row["name"]: row for row in rumpus("fields", "water_heater", "--json").json["fields"]}
    target = rows["target_temperature"]
    assert (target["low"], target["high"], target["step"], target["unit"]) == (30.0, 75.0, 1.0, "degC")
    assert target["writable"] and target["readable"] and target["pushed"] and target["mandatory"]
    assert not rows["current_temperature"]["writable"]
    assert rows["mode"]["choices"]["eco"] == 4
    assert target["source"].startswith("OURS")


def test_fields_of_an_unknown_type_suggests_one():
    ran = rumpus("fields", "water_heatr", "--json")
    assert ran.code == 2
    assert ran.json["error"] == "unknown_type"
    assert "water_heater" in ran.json["next"]


def test_no_field_has_the_name_of_a_key_that_the_verbs_add():
    added = {"device", "result", "field", "reason", "event", "error", "message", "next", "offset", "parts"}
    added |= {"channel", "assumed", "kind", "version", "sequence", "body_length", "revision", "count"}
    for type_name in fields.TYPES:
        assert not added & {field.name for field in fields.fields_of(type_name)}


# --- decode -----------------------------------------------------------------------------------------

QUERY = "01 02 00 07 0001 0000 0000 a1b2c3d4e5f6 0000"


@pytest.mark.parametrize(
    "args", [[QUERY], QUERY.split(), [QUERY.replace(" ", ":")], ["0x01" + QUERY[2:].replace(" ", "")]]
)
def test_decode_takes_hex_as_people_write_it(args):
    told = rumpus("decode", "--json", *args).json
    assert (told["kind"], told["sequence"]) == ("status_query", 7)
    assert told["device"] == {"id": "000100000000a1b2c3d4e5f6", "type": "water_heater"}


def test_decode_says_what_it_assumed_and_each_part():
    ran = rumpus("decode", "01" + QUERY)
    assert ran.code == 0
    assert "a packet with its channel byte" in ran.out
    assert "status query" in ran.out and "water_heater" in ran.out and "a1 b2 c3 d4 e5 f6" in ran.out


def test_decode_of_wrong_bytes_says_offset_and_reason():
    ran = rumpus("decode", QUERY + "00")
    assert ran.code == 1
    assert "offset 16" in ran.words and "body_length" in ran.words
    assert "water_heater" in ran.out  # what could be understood
    told = rumpus("decode", QUERY + "00", "--json")
    assert told.code == 1
    assert (told.json["error"], told.json["offset"]) == ("body_length", 16)
    assert len(told.json["parts"]) == 8


# A discovery request that names one device and asks for all: RMDP, DCMP, and a keyword.
DISCOVERY = "02 01 00 0221 00000082" + "11" * 16 + "ff" * 16 + "e5a1b2c300000001"
DISCOVERY += "01 00 01 03 00000052" + "11" * 16 + "ff" * 16 + "1111 e5a1b2c300000001" + "00" * 16
DISCOVERY += "416c6c" + "00" * 13


def test_decode_takes_an_rmdp_packet_apart_with_the_dcmp_message_in_it():
    ran = rumpus("decode", DISCOVERY)
    assert ran.code == 0
    assert "rmdp SEND_EVENT with dcmp DEVICE_DISCOVERY_REQUEST" in ran.out
    for text in ("rmdp header", "dcmp header", "DiscoveryReqType", "everybody", "S T1", "OURS"):
        assert text in ran.out
    told = rumpus("decode", DISCOVERY, "--json").json
    assert (told["kind"], told["carries"]) == ("SEND_EVENT", "DEVICE_DISCOVERY_REQUEST")
    assert (told["DiscoveryReqType"], told["dcmp"]["Length"], told["rmdp"]["Flag"]) == ("All", 82, 0)


def test_decode_takes_a_sealed_packet_apart():
    ran = rumpus("decode", "04 02 00000001 030140 e32a71bfdbc7a0f83749d9cc84c51a87")
    assert ran.code == 0
    assert "sealed ra network query" in ran.out and "takes the key" in ran.out


def test_decode_says_what_a_device_does_with_a_wrong_message():
    ran = rumpus("decode", DISCOVERY.replace("416c6c", "616c6c"))
    assert ran.code == 1
    assert "offset 115" in ran.words and "(keyword)" in ran.words and "drops and counts" in ran.words
    assert "none of All, DeviceID, DeviceType, DeviceName" in ran.out


def test_decode_takes_a_file_in_binary_or_hex(tmp_path):
    binary, text = tmp_path / "binary", tmp_path / "text"
    binary.write_bytes(bytes.fromhex(DISCOVERY))
    text.write_text(DISCOVERY + "\n")
    for file in (binary, text):
        assert rumpus("decode", "--file", str(file), "--json").json["kind"] == "SEND_EVENT"
    assert rumpus("decode", "00", "--file", str(text)).code == 2
    assert rumpus("decode", "--file", str(tmp_path / "none")).code == 2
    assert rumpus("decode").code == 2


@pytest.mark.parametrize("width", ["80", "120"])
def test_decode_fits_into_the_terminal_with_whole_names(width):
    lines = rumpus("decode", DISCOVERY, COLUMNS=width).out.splitlines()
    assert max(map(len, lines)) <= int(width)
    for name in ("Payload Type", "DestinationNodeID", "DiscoveryReqType"):
        assert any(f" {name} " in line for line in lines)


@pytest.mark.parametrize("text", ["zz", "123", "--", "0x"])
def test_decode_of_no_hex_is_wrong_use(text):
    assert rumpus("decode", text).code == 2


# --- real devices -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("type_name", "carrier", "interpreter"), DEVICES)
def test_the_verbs_on_every_type_carrier_and_interpreter(simulators, type_name, carrier, interpreter):
    device = simulators(type_name, carrier, interpreter)
    assert device.url.startswith(carrier)
    assert device.about["type"] == type_name
    assert device.about["interpreter"] == interpreter
    assert re.fullmatch(r"\d+\.\d+\.\d+", device.about["interpreter_version"])
    about = {"url": device.url, "id": device.about["device_id"], "type": type_name}

    told = rumpus("get", device.url, "--json").json
    assert told["device"] == about
    mandatory = {f.name for f in fields.fields_of(type_name) if f.is_readable and f.is_mandatory}
    known = {f.name for f in fields.fields_of(type_name) if f.is_readable}
    assert mandatory <= set(told) - {"device"} <= known
    assert told["alarms"] == []

    for lock in ("on", "off"):
        told = rumpus("set", device.url, f"child_lock={lock}", "--json").json
        assert (told["child_lock"], told["result"], told["field"], told["reason"]) == (
            lock == "on",
            "ok",
            None,
            None,
        )

    told = rumpus("version", device.url, "--json").json
    assert told["protocol"] == f"{type_name}.1"
    assert told["firmware"] and told["hardware"] == "virtual" and told["device"] == about

    lines = rumpus("watch", device.url, "--count", "2", "--json").out.splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["status", "status"]
    assert json.loads(lines[0])["device"] == about

    shown = rumpus("get", device.url)
    assert shown.code == 0 and shown.err == ""
    assert "child_lock" in shown.out and "No alarms." in shown.out


def test_set_and_get_speak_physical_values(heater):
    args = ["power=on", "target_temperature=52C", "mode=eco", "reservation_1_weekdays=mon,sun"]
    told = rumpus("set", heater, *args, "--json").json
    assert told["power"] is True
    assert told["target_temperature"] == 52.0
    assert told["mode"] == "eco"
    assert told["reservation_1_weekdays"] == ["mon", "sun"]
    assert rumpus("get", heater, "--json").json["target_temperature"] == 52.0
    shown = rumpus("set", heater, "target_temperature=53").out
    assert "53.0 °C" in shown and "30 to 75 °C in steps of 1 °C" in shown


def test_clock_now_is_the_clock_of_this_computer(heater):
    now = time.time()
    told = rumpus("set", heater, "clock=now", "--json").json
    seconds = (told["clock_day"] * 86400 + told["clock_second"]) + fields.CLOCK_EPOCH.timestamp()
    assert abs(seconds - now) < 5


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        (["target_temperature=500"], "out_of_range", "30 to 75 °C in steps of 1 °C"),
        (["target_temprature=50"], "unknown_field", "Did you mean target_temperature?"),
        (["mode=ecoo"], "not_a_value", "Did you mean eco?"),
        (["current_temperature=50"], "read_only", "cannot be set"),
        (["target_temperature=50", "power=maybe"], "not_a_value", "on or off"),
        (["power=on", "power=off"], "wrong_use", "twice"),
        (["clock=tomorrow"], "wrong_use", "clock=now"),
        (["power"], "wrong_use", "field=value"),
        (["target_temperature=4000", "--force"], "out_of_range", "room for"),
    ],
)
def test_a_wrong_setting_is_found_here_and_nothing_is_sent(proxy, settings, error, says):
    between, url = proxy()
    ran = rumpus("set", url, *settings)
    assert ran.code == 2
    assert says in ran.words
    told = rumpus("set", url, *settings, "--json")
    assert told.code == 2
    assert told.json["error"] == error
    assert says in told.json["message"] + told.json["next"]
    assert messages.CONTROL not in between.kinds


@pytest.mark.parametrize(
    ("setting", "result", "field", "reason"),
    [
        ("target_temperature=500", "out_of_range", "target_temperature", "above_range"),
        ("current_temperature=50", "unsupported", "current_temperature", "read_only"),
        ("target_temperature=50.5", "out_of_range", "target_temperature", "not_a_step"),
    ],
)
def test_the_device_refuses_what_was_forced(heater, setting, result, field, reason):
    before = rumpus("get", heater, "--json").json
    ran = rumpus("set", heater, setting, "--force", "--json")
    assert ran.code == 1
    assert (ran.json["error"], ran.json["result"]) == ("refused", result)
    assert (ran.json["field"], ran.json["reason"]) == (field, reason)
    assert ran.json["target_temperature"] == before["target_temperature"]
    shown = rumpus("set", heater, setting, "--force")
    assert shown.code == 1
    assert field in shown.words and explain.REASONS[reason].sentence in shown.words and "Next:" in shown.words


def test_a_refusal_of_the_appliance_says_what_to_do(simulators):
    oven = simulators("microwave_oven").url
    ran = rumpus("set", oven, "cook_time=60", "operation=pause", "--json")
    assert ran.code == 1
    assert ran.json["reason"] in ("not_running", "remote_disabled")
    assert explain.REASONS[ran.json["reason"]].sentence in ran.json["message"]
    assert ran.json["device"]["type"] == "microwave_oven"


# --- unreachable, unknown ---------------------------------------------------------------------------


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("verb", ["get", "set", "watch", "version"])
def test_a_closed_port_is_unreachable(verb):
    url = f"tcp://127.0.0.1:{closed_port()}"
    args = [verb, url, *(["power=on"] if verb == "set" else [])]
    ran = rumpus(*args)
    assert ran.code == 3
    assert url in ran.words and "switched on" in ran.words and "Next:" in ran.words
    assert ran.out == ""
    told = rumpus(*args, "--json")
    assert told.code == 3
    assert told.json["error"] == "unreachable"
    assert told.json["device"] == {"url": url}


def test_a_port_without_a_device_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as server:
        ran = rumpus("get", f"tcp://127.0.0.1:{server.getsockname()[1]}", "--json")
    assert ran.code == 3
    assert "hello" in ran.json["message"]


@pytest.mark.parametrize("url", ["serial:///dev/no-such-port", "serial:///dev/null"])
def test_a_missing_serial_port_is_unreachable(url):
    ran = rumpus("get", url, "--json")
    assert ran.code == 3
    assert "cable" in ran.json["message"]


@pytest.mark.parametrize(
    "url", ["nonsense", "http://h/", "tcp://", "tcp://h:99999", "tcp://[x", "tcp://a..b:1"]
)
def test_a_wrong_url_is_wrong_use(url):
    ran = rumpus("get", url, "--json")
    assert ran.code == 2
    assert ran.json["error"] == "wrong_use"


def test_an_impossible_speed_is_wrong_use(simulators):
    url = simulators("water_heater", "serial", "micropython32").url
    assert rumpus("get", f"{url}?baud=99999999999").code == 2


def test_an_answer_that_does_not_come_is_an_unknown_outcome(proxy, heater):
    rumpus("set", heater, "target_temperature=41")
    between, url = proxy(cut="answer")
    ran = rumpus("set", url, "target_temperature=42", "--json")
    assert ran.code == 4
    assert ran.json["error"] == "outcome_unknown"
    assert "may or may not" in ran.json["message"]
    assert ran.json["result"] is None
    assert ran.json["target_temperature"] == 42.0  # this time it was carried out, and the status shows it
    assert between.kinds.count(messages.CONTROL) == 1


def test_a_control_lost_on_the_way_is_an_unknown_outcome_too(proxy, heater):
    rumpus("set", heater, "target_temperature=41")
    between, url = proxy(cut="request")
    ran = rumpus("set", url, "target_temperature=43")
    assert ran.code == 4
    assert "may or may not" in ran.words and "The status after it is shown." in ran.words
    assert "41.0 °C" in ran.out
    assert between.kinds.count(messages.CONTROL) == 1


def test_an_unknown_outcome_without_a_status_says_so(proxy):
    _between, url = proxy(cut="request", is_mortal=True)
    ran = rumpus("set", url, "target_temperature=44", "--json")
    assert ran.code == 4
    assert "could not be read" in ran.json["message"]
    assert "target_temperature" not in ran.json
    assert "rumpus get" in ran.json["next"]


# --- watch ------------------------------------------------------------------------------------------


def test_watch_since_tells_alarms_that_nobody_saw(bench, refrigerator):
    bench.run(leave_door_open(refrigerator))
    ran = rumpus("watch", refrigerator.url, "--since", "0", "--count", "3", "--json")
    first, raised, cleared = [json.loads(line) for line in ran.out.splitlines()]
    assert (first["event"], first["event_sequence"]) == ("status", 2)
    assert (raised["event"], raised["sequence"], raised["raised"]) == ("alarm", 1, ["fridge_door"])
    assert (raised["cleared"], raised["active"], raised["latched"]) == ([], ["fridge_door"], [])
    assert (cleared["sequence"], cleared["cleared"], cleared["active"]) == (2, ["fridge_door"], [])
    assert raised["clock"] is None and raised["uptime_s"] >= 120 and raised["boot_count"] == 1
    assert raised["device"]["type"] == "refrigerator"
    ran = rumpus("watch", refrigerator.url, "--since", "1", "--count", "2", "--json")
    assert [json.loads(line).get("sequence") for line in ran.out.splitlines()] == [None, 2]


def test_an_alarm_has_its_clock_when_the_device_has_one(bench, refrigerator):
    rumpus("set", refrigerator.url, "clock_day=9821", "clock_second=100")
    bench.run(leave_door_open(refrigerator))
    ran = rumpus("watch", refrigerator.url, "--since", "0", "--count", "2", "--json")
    assert json.loads(ran.out.splitlines()[1])["clock"].startswith("2026-11-21T00:0")


def test_active_alarms_are_shown_with_what_to_do(bench, refrigerator):
    refrigerator.plant.fridge_door = True
    bench.run(refrigerator.advance(150_000, step_ms=1000))
    assert rumpus("get", refrigerator.url, "--json").json["alarms"] == ["fridge_door"]
    told = explain.ALARMS["refrigerator"]["fridge_door"]
    shown = " ".join(rumpus("get", refrigerator.url).out.split())
    assert f"ALARM fridge_door (warn): {told.sentence} {told.next}" in shown


def test_watch_comes_back_after_the_device_was_off(bench, refrigerator):
    watching = subprocess.Popen(
        [RUMPUS, "watch", refrigerator.url, "--json"], stdout=subprocess.PIPE, text=True
    )
    assert watching.stdout
    assert json.loads(watching.stdout.readline())["event"] == "status"
    bench.run(refrigerator.restart())
    lines = [json.loads(watching.stdout.readline()) for _ in range(3)]
    events = [line["event"] for line in lines if line["event"] != "status"]
    watching.send_signal(signal.SIGINT)
    assert watching.wait(TIMEOUT_S) == 0
    assert events[:2] == ["disconnected", "connected"]
    assert "reason" in lines[[line["event"] for line in lines].index("disconnected")]


def test_watch_tells_people_what_changed(simulators):
    device = simulators("refrigerator")
    watching = subprocess.Popen(
        [RUMPUS, "watch", device.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    assert watching.stdout
    while "No alarms." not in watching.stdout.readline():
        pass
    rumpus("set", device.url, "fridge_set=5")
    rumpus("set", device.url, "fridge_set=4")
    seen = ""
    while "5.0 °C -> 4.0 °C" not in seen:
        line = watching.stdout.readline()
        assert line
        seen += line
    watching.send_signal(signal.SIGINT)
    _out, err = watching.communicate(timeout=TIMEOUT_S)
    assert "fridge_set: 4.0 °C -> 5.0 °C" in seen
    assert (watching.returncode, err) == (0, "")


@pytest.mark.parametrize("args", [["--json"], []], ids=["json", "text"])
def test_a_reader_that_has_enough_is_no_error(simulators, args):
    device = simulators("water_heater")
    watching = subprocess.Popen(
        [RUMPUS, "watch", device.url, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert watching.stdout and watching.stderr
    watching.stdout.readline()
    watching.stdout.close()
    for temperature in ("45", "46", "47"):
        rumpus("set", device.url, f"target_temperature={temperature}")
    assert watching.wait(TIMEOUT_S) in (0, 1)
    assert watching.stderr.read() == ""
    watching.stderr.close()


# --- sim --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_sim_says_one_line_and_ends_calmly(number):
    device = Simulator("water_heater", "--seed", "4")
    assert set(device.about) >= {"url", "device_id", "type", "interpreter", "interpreter_version"}
    assert rumpus("get", device.url).code == 0
    ran = device.stop(number)
    assert (ran.code, ran.out) == (0, "")
    assert f"rumpus get {device.url}" in ran.err
    assert rumpus("get", device.url).code == 3


def test_sim_with_the_same_seed_is_the_same_device(simulators):
    one, other = Simulator("water_heater", "--seed", "3"), Simulator("water_heater")
    one.stop()
    other.stop()
    assert one.about["device_id"] == simulators("water_heater").about["device_id"]
    assert other.about["device_id"] != one.about["device_id"]


def test_sim_listens_where_it_is_told():
    port = closed_port()
    device = Simulator("microwave_oven", "--tcp", f"127.0.0.1:{port}")
    assert device.url == f"tcp://127.0.0.1:{port}"
    assert rumpus("get", device.url, "--json").json["device"]["type"] == "microwave_oven"
    second = rumpus("sim", "water_heater", "--tcp", f"127.0.0.1:{port}", "--json")
    assert second.code == 3
    assert second.json["error"] == "cannot_listen"
    device.stop()


def test_time_scale_makes_time_pass_faster():
    device = Simulator("water_heater", "--time-scale", "600")
    rumpus("set", device.url, "power=on", "clock_day=9821", "clock_second=0")
    begin, passed_s, told = time.monotonic(), 0.0, {}
    while told.get("clock_second", 0) < 300 and passed_s < TIMEOUT_S:
        told = rumpus("get", device.url, "--json").json
        passed_s = time.monotonic() - begin
    device.stop()
    assert told["clock_second"] > 10 * passed_s
    assert told["energy_total"] > 100  # 2 kW for five minutes are 167 Wh


@pytest.mark.parametrize(
    "args",
    [
        ["toaster"],
        ["water_heater", "--interpreter", "lua"],
        ["water_heater", "--tcp", "127.0.0.1:0", "--serial"],
        ["water_heater", "--tcp", "nowhere"],
        ["water_heater", "--time-scale", "0"],
        ["water_heater", "--time-scale", "nan"],
    ],
)
def test_wrong_use_of_sim_is_told(args):
    ran = rumpus("sim", *args, "--json")
    assert ran.code == 2
    assert ran.json["message"]


def test_sim_without_its_interpreter_says_what_to_do(tmp_path):
    ran = rumpus("sim", "water_heater", "--json", MICROPYTHON=str(tmp_path / "no-such-program"))
    assert ran.code == 3
    assert ran.json["error"] == "no_interpreter"


# --- terminals --------------------------------------------------------------------------------------


def on_a_terminal(*args: str, **environment: str) -> str:
    """What a command writes when stdout is a terminal."""
    ours, theirs = pty.openpty()
    env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    env |= {"TERM": "xterm-256color", "COLUMNS": "120", **environment}
    done = subprocess.Popen([RUMPUS, *args], stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    said = b""
    while select.select([ours], [], [], TIMEOUT_S)[0]:
        try:
            data = os.read(ours, 4096)
        except OSError:
            break
        if not data:
            break
        said += data
    done.wait(TIMEOUT_S)
    os.close(ours)
    return said.decode()


COLOUR = re.compile(r"\x1b\[[0-9;]*(3[0-7]|9[0-7])[0-9;]*m")


def test_colours_on_a_terminal_and_none_in_a_pipe(heater):
    assert COLOUR.search(on_a_terminal("get", heater))
    assert not COLOUR.search(on_a_terminal("get", heater, NO_COLOR="1"))
    assert "\x1b" not in rumpus("get", heater).out


def test_alarms_are_red_on_a_terminal(bench, refrigerator):
    refrigerator.plant.fridge_door = True
    bench.run(refrigerator.advance(150_000, step_ms=1000))
    assert re.search(r"\x1b\[[0-9;]*31m.*ALARM fridge_door", on_a_terminal("get", refrigerator.url))


def test_a_terminal_without_a_degree_sign_is_no_reason_to_fail(heater):
    ran = rumpus("get", heater, PYTHONIOENCODING="ascii")
    assert ran.code == 0
    told = rumpus("set", heater, "target_temperature=500", "--json", PYTHONIOENCODING="ascii")
    assert "°C" in told.json["message"]


def test_every_alarm_of_a_type_could_be_shown():
    from rumpus_host.cli._output import alarm_text

    for row in ALARMS:
        assert row[1] in alarm_text("water_heater", row[1]).plain
