"""Settings of a device, its key, its network, identify, and both resets, against a device on the stand."""

# ruff: noqa: F811  fixtures

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from board_stand import BoardStand
from test_deploy import ARGUMENTS, OUTPUTS, deployed, device, files_of, new, rumpus, wait_until_it_runs  # noqa: F401
from test_deploy_messages import failed
from test_deploy_stand import mpremote, wait_for

from rumpus_host.boards import load
from rumpus_host.deploy import keys
from rumpus_host.deploy import provision as provisioning
from rumpus_host.deploy import settings as of_device
from rumpus_host.deploy.problem import DeployError
from rumpus_host.deploy.repl import Repl

HEATER = of_device.fresh(load.board("esp32_devkitc"), "water_heater")
HOME = {"Home": "correct horse", "Next door": "another one"}


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def with_networks(stand: BoardStand) -> None:
    stand.power_off()
    stand.options["access_points"] = HOME
    stand.power_on()
    wait_until_it_runs(stand)


def settings_of(stand: BoardStand) -> dict:
    with Repl(stand.path) as repl:
        repl.break_in()
        return json.loads(repl.read("/settings.json") or b"")


# --- over the cable -------------------------------------------------------------------------------------


def test_a_device_is_given_its_place(rumpus, device, tmp_path):
    before = settings_of(device)
    public = tmp_path / "my.update_key"
    public.write_bytes(b"12")
    told = rumpus("provision", "--port", device.path, "--update-key", str(public))
    failed(told, 2, "key_file", "it has 2 bytes, not 384", "rumpus bundle --new-key")
    public.write_bytes(bytes(range(128)) * 3)
    code, told = rumpus(
        "provision", "--port", device.path, "--name", "boiler-cellar", "--vendor", "Acme", "--model", "X1",
        "--litres", "80", "--watts", "1950", "--calibrate", "mains_volts=240", "--utc-offset", "60",
        "--offset", "tank_temperature=-0.5", "--update-key", str(public),
    )  # fmt: skip
    assert code == 0, told
    assert told["device"]["id"] and told["utc_offset_set"]
    key_file = tmp_path / "config" / "rumpus" / "keys" / f"{before['uuid']}.key"
    assert told["key_file"] == str(key_file) and stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert told["settings"]["key"] == "***"
    assert settings_of(device) == {
        **before,
        "hostname": "boiler-cellar",
        "vendor": "Acme",
        "model": "X1",
        "litres": 80,
        "watts": 1950,
        "mains_volts": 240,
        "offsets": {"tank_temperature": -5},
        "key": key_file.read_text().strip(),
    }
    code, again = rumpus("provision", "--port", device.path, "--litres", "90")
    assert code == 0 and again["key_file"] is None
    assert settings_of(device)["key"] == key_file.read_text().strip()
    device.power_cycle()
    wait_until_it_runs(device)
    code, status = rumpus("get", device.url)
    assert code == 0 and status["utc_offset"] == 60
    there = files_of(device)
    assert "/maintenance" not in there and there["/update_key"].size == 384


def test_into_the_network_and_to_another_one(rumpus, device, port, monkeypatch):
    with_networks(device)
    monkeypatch.setenv("RUMPUS_WIFI_PASSWORD", HOME["Home"])
    told = rumpus("provision", "--port", device.path, "--wifi-ssid", "Home", "--listen", str(port))
    assert told[0] == 0, told
    assert told[1]["device"]["url"] == f"tcp://127.0.0.1:{port}"
    assert told[1]["settings"]["wifi_password"] == "***"
    assert rumpus("version", f"tcp://127.0.0.1:{port}")[0] == 0
    # The next one: a device that listens in a network is interrupted by a single Ctrl-C.
    monkeypatch.setenv("RUMPUS_WIFI_PASSWORD", HOME["Next door"])
    code, told = rumpus("provision", "--port", device.path, "--wifi-ssid", "Next door")
    assert code == 0 and told["device"]["url"] == f"tcp://127.0.0.1:{port}"
    code, told = rumpus(
        *ARGUMENTS, "--port", device.path
    )  # and flashed again it is asked through the network
    assert code == 0 and told["device"]["url"] == f"tcp://127.0.0.1:{port}" and told["sent"] == []
    there = settings_of(device)
    assert (there["wifi_ssid"], there["wifi_ssid_before"]) == ("Next door", "Home")
    assert there["wifi_password_before"] == HOME["Home"]


@pytest.mark.parametrize(
    ("ssid", "password", "error", "words"),
    (
        ("Home", "wrong horse", "wifi_password", "its password is wrong (status 202)"),
        ("home", "correct horse", "wifi_not_found", "does not see a network 'home' (status 201)"),
    ),
)
def test_a_network_that_does_not_work_is_not_kept(rumpus, device, ssid, password, error, words):
    with_networks(device)
    before = settings_of(device)
    told = rumpus("provision", "--port", device.path, "--wifi-ssid", ssid, "--wifi-password", password)
    failed(told, 1, error, words)
    wait_until_it_runs(device)  # it goes on as it was
    assert rumpus("get", device.url)[0] == 0
    assert settings_of(device) == before
    assert not keys.file_for(before["uuid"]).exists()


def test_values_that_cannot_be_are_refused_and_the_device_goes_on(rumpus, device):
    failed(
        rumpus("provision", "--port", device.path, "--litres", "5000"),
        2, "bad_value", "litres cannot be 5000", "5 to 1000 l",
    )  # fmt: skip
    wait_until_it_runs(device)
    assert rumpus("get", device.url)[0] == 0


def test_without_a_terminal_nobody_is_asked_for_a_password():
    command = [str(Path(sys.executable).with_name("rumpus")), "provision"]
    done = subprocess.run(
        [*command, "--port", "/dev/null", "--wifi-ssid", "Home"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        env={name: value for name, value in os.environ.items() if name != "RUMPUS_WIFI_PASSWORD"},
    )  # fmt: skip
    assert done.returncode == 2
    assert "no terminal" in done.stderr
    assert "RUMPUS_WIFI_PASSWORD" in done.stderr


def test_a_board_without_our_firmware_or_with_half_of_it(rumpus, deployed, tmp_path):
    with BoardStand(tmp_path) as stand:
        told = rumpus("provision", "--port", stand.path)
        failed(told, 2, "not_provisioned", "no firmware of Rumpus yet", "rumpus flash")
        stand.power_off()
        stand.flash.write_bytes(deployed.read_bytes())
        stand.power_on()
        with Repl(stand.path) as repl:
            repl.break_in()
            repl.remove("/a/manifest")
        told = rumpus("provision", "--port", stand.path)
        failed(told, 2, "not_provisioned", "not whole", "again")


# --- what settings may be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    (
        ({"wifi_ssid": "", "wifi_password": ""}, "1 to 32 bytes"),
        ({"wifi_ssid": "ö" * 17, "wifi_password": ""}, "has 34"),
        ({"wifi_ssid": "x", "wifi_password": "short"}, "8 to 63 characters; this one has 5"),
        ({"name": "my boiler"}, "letters, digits and hyphens"),
        ({"name": "-x"}, "cannot be a name"),
        ({"vendor": "x" * 25}, "At most 24 bytes"),
        ({"model": "a\nb"}, "not printable"),
        ({"uuid": "123"}, "is no UUID"),
        ({"listen": 0}, "1 to 65535"),
        ({"server": "tcp://x"}, "is no address"),
        ({"server": "host:port"}, "is no port"),
        ({"server": "host:70000"}, "1 to 65535"),
        ({"constants": (("litres", "4"),)}, "It takes 5 to 1000 l; without a change it is 50"),
        ({"constants": (("litres", "many"),)}, "a whole number is needed"),
        ({"constants": (("liters", "80"),)}, "It has: "),
        ({"offsets": (("tank_temperature", "7"),)}, "-5 to 5"),
        ({"offsets": (("tank_temperature", "x"),)}, "no number of kelvins"),
        ({"offsets": (("element_current", "1"),)}, "There are: tank_temperature"),
    ),
)
def test_a_value_that_cannot_be_is_refused(changes, words):
    with pytest.raises(DeployError) as caught:
        provisioning.changed(HEATER, provisioning.Changes(**changes))
    assert caught.value.code == "bad_value"
    assert words in f"{caught.value.message} {caught.value.next}"


def test_utc_offsets():
    for minutes in (-721, 841, 7):
        with pytest.raises(DeployError):
            provisioning.check_utc_offset(minutes)
    provisioning.check_utc_offset(-720)


def test_the_ranges_are_of_constants_that_exist_and_hold_their_defaults():
    known: dict[str, int] = {}
    for type in ("water_heater", "air_conditioner", "refrigerator", "microwave_oven"):
        known.update(of_device.tuning(type))
    for name, least, most, _unit in of_device.RANGES:
        assert least <= known[name] <= most, name


def test_ways_to_a_device():
    def way(**changes) -> dict:
        new = provisioning.changed(HEATER, provisioning.Changes(**changes))
        return {name: new[name] for name in ("transport", "host", "port") if name in new}

    assert way() == {"transport": "uart"}
    assert way(wifi_ssid="Home", wifi_password="x" * 8) == {"transport": "tcp_listen", "port": 3880}
    assert way(server="192.0.2.7") == {"transport": "tcp_dial", "host": "192.0.2.7", "port": 3880}
    assert way(server="x.example:99") == {"transport": "tcp_dial", "host": "x.example", "port": 99}
    assert way(wifi_ssid="Home", cable=True) == {"transport": "uart"}


def test_a_key_file_is_private_and_never_overwritten(tmp_path):
    path = tmp_path / "folder" / "a.key"
    key = keys.new()
    assert len(bytes.fromhex(key)) == 32 and key != keys.new()
    keys.save(path, key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and keys.load(path) == key
    keys.save(path, key)
    with pytest.raises(DeployError, match="holds another key"):
        keys.save(path, keys.new())
    path.write_text("0123")
    with pytest.raises(DeployError, match="64 hexadecimal"):
        keys.load(path)


# --- identify and reset -----------------------------------------------------------------------------------


def test_identify(rumpus, device):
    code, told = rumpus("identify", device.url, "--seconds", "5")
    assert code == 0 and told["seconds"] == 5
    failed(rumpus("identify", device.url, "--seconds", "61"), 2, "wrong_use", "Choose 0 to 60")


@pytest.mark.parametrize("what", ("--alarms", "--factory"))
@pytest.mark.parametrize("url", ("tcp://192.0.2.7", "socket://192.0.2.7:1", "rfc2217://192.0.2.7:1"))
def test_nothing_is_reset_over_a_network(rumpus, what, url):
    failed(rumpus("reset", url, what, "--yes"), 2, "not_local", "at the device only", "plug in its cable")


def test_say_what_to_reset(rumpus):
    assert rumpus("reset", "serial:///dev/ttyUSB0")[0] == 2
    assert rumpus("reset", "serial:///dev/ttyUSB0", "--alarms", "--factory")[0] == 2


def test_latched_faults_are_let_go_over_the_cable_when_their_cause_is_gone(rumpus, device):
    def leak(level: int) -> None:
        device.power_off()
        device.options["levels"] = {"26": level}
        device.power_on()
        wait_until_it_runs(device)

    leak(1)
    wait_for(lambda: "water_leak" in rumpus("get", device.url)[1].get("alarms", []))
    told = failed(
        rumpus("reset", device.url, "--alarms"), 1, "still_latched", "the cause is there", "water_leak"
    )
    assert told["latched"] == ["water_leak"]
    leak(0)
    wait_for(lambda: "water_leak" in rumpus("get", device.url)[1].get("alarms", []))
    code, told = rumpus("reset", device.url, "--alarms")
    assert code == 0 and told["latched"] == []
    assert "water_leak" not in rumpus("get", device.url)[1]["alarms"]


def test_a_factory_reset_erases_what_is_the_owners(rumpus, device):
    assert rumpus("provision", "--port", device.path, "--name", "boiler", "--litres", "80")[0] == 0
    old = settings_of(device)
    told = failed(rumpus("reset", device.url, "--factory"), 2, "wrong_use", "--yes")
    assert settings_of(device) == old
    code, told = rumpus("reset", device.url, "--factory", "--yes")
    assert code == 0 and "/settings.json" in told["erased"] and "/boots.0" in told["erased"]
    device.power_cycle()
    wait_for(lambda: set(device.levels()) >= OUTPUTS)
    assert all(device.levels()[pin] == [0] for pin in OUTPUTS)
    assert "maintenance" in mpremote(device, "fs", "ls")
    there = files_of(device)
    assert not {"/kept.0", "/kept.1", "/events", "/boots.0", "/boots.1"} & set(there)
    assert settings_of(device) == {name: old[name] for name in ("board", "appliance", "hal")} | {
        "transport": "uart"
    }
    code, told = rumpus("provision", "--port", device.path)
    assert code == 0 and told["device"]["type"] == "water_heater"
    assert told["settings"]["uuid"] != old["uuid"] and told["key_file"]
