"""CircuitPython: the copy to a board's drive."""

import json
import shutil
from pathlib import Path

import pytest
from test_deploy import rumpus  # noqa: F401
from test_deploy_messages import failed

from rumpus_host.deploy import drive as drives

# ruff: noqa: F811

BOOT_OUT = "Adafruit CircuitPython 10.2.1 on 2026-05-01; Adafruit Feather ESP32-S3 with ESP32S3\nBoard ID:x\n"
BOARD = ("flash", "--board", "adafruit_feather_esp32s3", "--appliance", "refrigerator", "--drive")


@pytest.fixture
def drive(tmp_path) -> Path:
    (tmp_path / "boot_out.txt").write_text(BOOT_OUT)
    (tmp_path / "settings.toml").write_text(
        'CIRCUITPY_WIFI_SSID = "Home"\nCIRCUITPY_WIFI_PASSWORD = "a \\"quoted\\" one"\n'
    )
    return tmp_path


def test_a_drive_becomes_a_device(rumpus, drive):
    code, told = rumpus(*BOARD, str(drive))
    assert code == 0, told
    assert told["interpreter"] == BOOT_OUT.splitlines()[0]
    for name in ("boot.py", "code.py", "launch.py", "main.py", "safe_levels.py", "lib/rumpus/app.py"):
        assert (drive / name).is_file()
    settings = json.loads((drive / "settings.json").read_text())
    assert settings["hal"] == "circuitpython" and settings["appliance"] == "refrigerator"
    assert settings["wifi_ssid"] == "Home" and settings["wifi_password"] == 'a "quoted" one'
    assert not list(drive.rglob("*.new"))
    for path in drive.rglob("*.py"):
        compile(path.read_text(), str(path), "exec")
    code, again = rumpus(*BOARD, str(drive))
    assert code == 0 and again["sent"] == []
    assert json.loads((drive / "settings.json").read_text()) == settings


def test_only_what_changed_is_written_and_settings_stay(rumpus, drive):
    rumpus(*BOARD, str(drive))
    settings = json.loads((drive / "settings.json").read_text())
    (drive / "settings.json").write_text(json.dumps({**settings, "hostname": "cold"}))
    (drive / "lib/rumpus/app.py").write_text("old")
    code, told = rumpus(*BOARD, str(drive))
    assert code == 0 and told["sent"] == ["code.py", "lib/rumpus/app.py", "settings.json"]
    assert json.loads((drive / "settings.json").read_text()) == {**settings, "hostname": "cold"}


def test_a_copy_that_is_cut_short_starts_nothing_and_can_be_done_again(rumpus, drive, monkeypatch):
    rumpus(*BOARD, str(drive))
    for path in (drive / "lib").rglob("*.py"):
        path.write_text("# of before\n")
    write, left = drives._write, [5]

    def cut(path: Path, data: bytes) -> None:
        left[0] -= 1
        if not left[0]:
            path.with_name(path.name + ".new").write_bytes(data[: len(data) // 2])
            raise KeyboardInterrupt
        write(path, data)

    monkeypatch.setattr(drives, "_write", cut)
    with pytest.raises(KeyboardInterrupt):
        drives.copy(drive, BOARD[2], BOARD[4], None, lambda _text: None, lambda _n: lambda _more: None)
    assert not (drive / "code.py").exists()
    monkeypatch.undo()
    assert rumpus(*BOARD, str(drive))[0] == 0
    assert (drive / "code.py").is_file()
    assert not [path for path in drive.rglob("*.py") if path.read_text() == "# of before\n"]
    assert not list(drive.rglob("*.new"))


def test_what_is_no_drive_of_circuitpython(rumpus, tmp_path):
    failed(rumpus(*BOARD, str(tmp_path / "nowhere")), 2, "no_drive", "is no folder", "CIRCUITPY")
    failed(rumpus(*BOARD, str(tmp_path)), 2, "no_drive", "boot_out.txt", "Nothing was written")
    (tmp_path / "boot_out.txt").write_text("something else\n")
    failed(rumpus(*BOARD, str(tmp_path)), 2, "no_drive", "not the drive")
    assert [path.name for path in tmp_path.iterdir()] == ["boot_out.txt"]


def test_a_board_that_does_not_run_it(rumpus, drive):
    told = rumpus("flash", "--board", "esp32_devkitc", "--appliance", "water_heater", "--drive", str(drive))
    failed(told, 2, "wrong_board", "does not run CircuitPython", "Leave --drive away")


def test_a_drive_that_is_too_full(rumpus, drive, monkeypatch):
    usage = shutil._ntuple_diskusage(1_000_000, 900_000, 100_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    failed(rumpus(*BOARD, str(drive)), 1, "full", "97 kB of 976 kB are free", "Nothing was written")
    assert sorted(path.name for path in drive.iterdir()) == ["boot_out.txt", "settings.toml"]
