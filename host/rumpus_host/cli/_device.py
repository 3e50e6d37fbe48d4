"""A connection for one verb, and the client's errors as failures with a next step."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from rumpus.errors import EncodeError, RumpusError
from rumpus.ra.tables.messages import ONLY_NEW

from .. import explain, fields
from ..carriers import split_url
from ..client import Client, OutcomeUnknown, Refused, TakingUpdate, Unreachable, connect
from ._failure import OUTCOME_UNKNOWN, REFUSED, UNREACHABLE, Failure, wrong_use

_NAME = "rumpus-cli"

_CAUSES = {
    "tcp": "Is the device switched on and in this network, is the port right, does a firewall stand between?",
    "serial": "Is the cable plugged in, is another program using the port, may you use it (group dialout)?",
}
_NEXT = {
    "tcp": "Try: ping the host; or a device of your own: rumpus sim water_heater",
    "serial": "Try: python3 -m serial.tools.list_ports; or a device of your own: "
    "rumpus sim water_heater --serial",
}


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@contextlib.asynccontextmanager
async def device_at(
    url: str, last_event: int = ONLY_NEW, reconnect: bool = False, over: str = "rump"
) -> AsyncIterator[Client]:
    """The device at a URL. over: the protocol, "rump" or "dcmp"; for the latter only status() and control()
    are there. Raises Failure, also for the client's errors in the body."""
    if over == "dcmp":
        async with _dcmp_device_at(url) as device:
            yield device
        return
    kind = _kind_of(url)
    async with contextlib.AsyncExitStack() as stack:
        client = connect(url, last_event=last_event, name=_NAME, reconnect=reconnect)
        try:
            device = await stack.enter_async_context(client)
        except Unreachable as error:
            raise _unreachable(url, kind, error, client.timeout_s) from None
        except (ValueError, OverflowError) as error:  # what only the carrier can judge: a speed, a host name
            raise wrong_use(f"{url}: {error}.", "Write tcp://HOST:PORT or serial:///dev/ttyUSB0") from None
        try:
            yield device
        except Unreachable as error:
            raise _unreachable(url, kind, error, client.timeout_s) from None
        except Refused as error:
            raise _refused(device, error) from None
        except OutcomeUnknown as error:
            raise _outcome_unknown(device, error) from None
        except EncodeError as error:
            raise wrong_use(f"That cannot be sent: {error.code} ({error.detail}).") from None


@contextlib.asynccontextmanager
async def _dcmp_device_at(url: str) -> AsyncIterator[Any]:
    from . import _dcmp

    async with _dcmp.device_at(url) as found:
        device: Any = found  # status(), control(), url, device_id and type_name are those of a Client
        if device.table is None:
            raise wrong_use(f"At {url} is a {device.type_name}, no appliance.", "See what it is: rumpus info")
        try:
            yield device
        except Refused as error:
            raise _refused(device, error) from None
        except OutcomeUnknown as error:
            raise _outcome_unknown(device, error) from None


def _kind_of(url: str) -> str:
    try:
        kind, _name, _number = split_url(url)
    except ValueError as error:  # BadUrl, or what urllib says of brackets
        sentence = str(error) if url in str(error) else f"{url}: {error}"
        raise wrong_use(f"{sentence}.", "See the kinds of address: rumpus get --help") from None
    return kind


def device_json(device: Client) -> dict:
    return {"url": device.url, "id": device.device_id.hex(), "type": device.type_name}


def title_of(device: Client) -> str:
    return f"{fields.spoken(device.type_name)} {device.device_id.hex()} at {device.url}"


# --- errors -------------------------------------------------------------------------------------------


def _unreachable(url: str, kind: str, error: RumpusError, timeout_s: float) -> Failure:
    if isinstance(error, TakingUpdate):
        return taking_update(url)
    tried = f"Nothing answers at {url}"
    if error.code == "no_connection":
        told = re.sub(r"\[Errno -?[0-9]+\] ", "", str(error.detail))
        message = f"{tried}: {told}. {_CAUSES[kind]}"
    elif error.code == "unknown_type":
        message = f"Something answers at {url}, but {error.detail}, which this program does not know."
    elif error.code == "no_answer":
        message = f"{tried} as a Rumpus device within {timeout_s:g} s: {error.detail}. "
        message += "Is it the right port, and the right speed of the line?"
    else:
        message = f"The link to {url} was lost: {error.detail or error.code}. {_CAUSES[kind]}"
    return Failure(UNREACHABLE, "unreachable", message, _NEXT[kind], {"device": {"url": url}})


def taking_update(url: str) -> Failure:
    return Failure(
        REFUSED,
        "taking_update",
        f"The device at {url} is taking an update: its outputs are off, and it does nothing else.",
        f"Wait until it has restarted. What it does: rumpus info {url}. It comes back by itself, some minutes "
        "after an update was broken off.",
        {"device": {"url": url}},
    )


def _refused(device: Client, error: Refused) -> Failure:
    status = error.status
    refusal = explain.explain_refusal(device.type_name, status.result, status.field, status.reason)
    message = f"The device refused. {refusal.sentence} ({refusal.result}, {refusal.reason})"
    values = fields.status_values(device.type_name, status)
    more = {**values, "device": device_json(device)}
    more |= {"result": refusal.result, "field": refusal.field, "reason": refusal.reason}
    return Failure(REFUSED, "refused", message, for_device(refusal.next, device), more)


def _outcome_unknown(device: Client, error: OutcomeUnknown) -> Failure:
    message = "The control may or may not have been carried out: "
    message += f"{error.detail}. It was sent once and is not sent again."
    more: dict = {"device": device_json(device), "result": None, "field": None, "reason": None}
    shown = None
    if error.status is None:
        message += " The status could not be read either."
    else:
        message += " The status after it is shown."
        more = {**fields.status_values(device.type_name, error.status), **more}
        shown = (device.type_name, title_of(device), error.status)
    next_step = for_device("Compare what the device says with what you wanted: rumpus get URL", device)
    return Failure(OUTCOME_UNKNOWN, "outcome_unknown", message, next_step, more, shown)


def for_device(sentence: str, device: Client) -> str:
    """A next step with this device's URL and type in it."""
    return sentence.replace(" URL", f" {device.url}").replace(" TYPE", f" {device.type_name}")
