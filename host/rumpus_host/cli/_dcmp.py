"""A device over DCMP for one verb, and its errors as failures with a next step."""

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

import typer

from ._failure import REFUSED, UNREACHABLE, Failure, wrong_use

if TYPE_CHECKING:
    from ..client import Unreachable
    from ..dcmp.client import DcmpRefused, Device

Url = Annotated[
    str,
    typer.Argument(metavar="URL", help="tcp://HOST:PORT, serial:///dev/ttyUSB0, or udp://HOST:PORT"),
]
Id = Annotated[
    str | None,
    typer.Option(
        "--id", metavar="ID", help="Which device, where several are behind the URL (rumpus discover)."
    ),
]
FILE_TYPES = ("Firmware", "Configuration", "Log", "UserDefined")
FileTypeOption = Annotated[
    str, typer.Option("--type", metavar="TYPE", help=f"{', '.join(FILE_TYPES)}. Case does not matter.")
]
_CAUSE = "Is the device switched on and in this network, and does its settings file say dcmp: true?"
_NEXT = "See who answers: rumpus discover. A device of your own: rumpus sim water_heater --dcmp"


def id_of(text: str | None) -> bytes | None:
    """16 bytes of what a person wrote. Raises Failure."""
    if text is None:
        return None
    digits = text.strip().lower().replace("-", "")
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        raw = b""
    if len(raw) != 16:
        raise wrong_use(
            f"--id {text}: no device ID.", "An ID has 32 hexadecimal digits; see: rumpus discover"
        )
    return raw


def file_type_of(text: str, more: tuple[str, ...] = ()) -> str:
    """The file type that was meant. Raises Failure."""
    for known in (*FILE_TYPES, *more):
        if text.strip().lower().replace("-", "").replace("_", "") == known.lower():
            return known
    raise wrong_use(f"There is no file type {text!r}.", f"Choose from {', '.join((*FILE_TYPES, *more))}.")


@contextlib.asynccontextmanager
async def device_at(url: str, device_id: str | None = None) -> "AsyncIterator[Device]":
    """The device at a URL, over DCMP. Raises Failure, also for DCMP's errors in the body."""
    from ..carriers import BadUrl
    from ..client import Unreachable
    from ..dcmp.client import DcmpRefused, connect

    wanted = id_of(device_id)
    try:
        async with connect(url, device_id=wanted) as device:
            yield device
    except DcmpRefused as error:
        raise refused(error, url) from None
    except Unreachable as error:
        raise unreachable(error, url) from None
    except BadUrl as error:
        raise wrong_use(f"{error}.", "See the kinds of address: rumpus info --help") from None
    except (ValueError, OverflowError) as error:  # what only the carrier can judge: a speed, a host name
        raise wrong_use(
            f"{url}: {error}.", "Write tcp://HOST:PORT, serial:///dev/ttyUSB0 or udp://HOST"
        ) from None


def device_json(device: "Device") -> dict:
    return {
        "url": device.url,
        "id": device.id.hex(),
        "type": device.type_name,
        "name": device.about["DeviceName"],
    }


def title_of(device: "Device") -> str:
    return f"{device.about['DeviceName']} ({device.type_name}) {device.id.hex()} at {device.url}"


def unreachable(error: "Unreachable", url: str) -> Failure:
    if error.code == "several":
        message = f"At {url} {error.detail}."
        return Failure(UNREACHABLE, "several", message, "Say which: --id ID", {"device": {"url": url}})
    message = f"No device answers over DCMP at {url}: {error.detail or error.code}. {_CAUSE}"
    return Failure(UNREACHABLE, "unreachable", message, _NEXT, {"device": {"url": url}})


def refused(error: "DcmpRefused", url: str) -> Failure:
    from ..dcmp import words

    told = words.told(error.result)
    message = f"The device refused. {told.sentence} ({error.code}, 0x{error.result:04X})"
    more = {"result": error.code, "code": error.result, "device": {"url": url}}
    return Failure(REFUSED, "refused", message, told.next.replace(" URL", f" {url}"), more)
