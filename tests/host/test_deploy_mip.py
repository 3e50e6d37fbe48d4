"""`mpremote mip install` from the repository's package.json, on the stand; then it is a device."""

# ruff: noqa: F811  fixtures

import contextlib
import functools
import http.server
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import gen_package
from board_stand import BoardStand
from test_deploy import ARGUMENTS, files_of, rumpus  # noqa: F401
from test_deploy_stand import mpremote

from rumpus_host.deploy import modules

FULL = bool(os.environ.get("RUMPUS_FULL"))
ROOT = gen_package.ROOT
HEATER = modules.Device(
    "esp32_devkitc",
    "water_heater",
    "uart",
    "micropython",
    "micropython",
    ("buzzer", "current_sensor", "door_switch", "flow_meter", "ntc", "relay", "ssr", "status_led"),
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def package(folder: Path) -> dict:
    """The repository's package in a folder; without --full only what one device needs of it."""
    content = json.loads(gen_package.text())
    if not FULL:
        needed = {str(path.relative_to(ROOT)) for path in modules.needed(HEATER).values()}
        left = [url for url in content["urls"] if url[1] in needed]
        assert {url[1] for url in left} == needed  # the package has all that a device needs
        content["urls"] = left
    (folder / "package.json").write_text(json.dumps(content))
    for name in ("firmware", "boards"):
        (folder / name).symlink_to(ROOT / name)
    return content


def test_the_repositorys_package_is_not_stale():
    assert gen_package.PACKAGE.read_text() == gen_package.text()


def test_every_file_of_the_package_exists_once():
    urls = json.loads(gen_package.text())["urls"]
    assert len({to for to, _path in urls}) == len(urls) > 100
    for to, path in urls:
        assert (ROOT / path).is_file() and path.endswith(to)


def test_installed_and_started(rumpus, tmp_path):
    folder = tmp_path / "web"
    folder.mkdir()
    content = package(folder)
    with BoardStand(tmp_path, blocks=1024) as stand, served(folder) as url:
        said = mpremote(stand, "mip", "install", f"{url}/package.json", timeout=500)
        assert "Done" in said
        there = files_of(stand)
        for to, path in content["urls"]:
            assert there[f"/lib/{to}"].size == (ROOT / path).stat().st_size
        code, told = rumpus(*ARGUMENTS, "--port", stand.path, "--without-firmware")
        assert code == 0, told
        assert told["device"]["type"] == "water_heater"
        assert sorted(told["sent"]) == ["/boot.py", "/launch.py", "/main.py", "/safe_levels.py"]
