"""What update and rollback share: their work, and its errors as failures with a next step."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import typer

from ._failure import OUTCOME_UNKNOWN, REFUSED, Failure, wrong_use

if TYPE_CHECKING:
    from ..update.procedure import Slots


def run(url: str, work: "Coroutine[Any, Any, Slots]") -> "Slots":
    """The slots after the work. Raises Failure."""
    import asyncio

    from ..carriers import BadUrl
    from ..client import Unreachable
    from ..dcmp.client import DcmpRefused
    from ..owner import NotOwner
    from ..update import procedure, words
    from . import _dcmp, _owner

    device: dict = {"device": {"url": url}}
    try:
        return asyncio.run(work)
    except DcmpRefused as error:
        told = words.told(error.result)
        message = f"The device refused. {told.sentence} ({error.code}, 0x{error.result:04X})"
        more = {"result": error.code, "code": error.result, **device}
        raise Failure(REFUSED, "refused", message, told.next.replace(" URL", f" {url}"), more) from None
    except procedure.NotFromSlots:
        raise Failure(
            REFUSED,
            "no_slots",
            f"The device at {url} does not run from a slot, so it cannot be updated over a protocol.",
            "Deploy it once by cable: rumpus flash",
            device,
        ) from None
    except procedure.WrongDevice as error:
        raise wrong_use(
            f"The device at {url} is a {str(error).replace('_', ' ')}, the bundle is for another type.",
            "Build one for it: rumpus bundle --appliance TYPE. Nothing was sent.",
            "wrong_device",
        ) from None
    except procedure.NotInMode as error:
        raise Failure(
            REFUSED,
            "not_in_mode",
            "The device was to go into update mode, has restarted, and runs its appliance again. Nothing was changed.",
            "Its start files (main.py) may be older than its firmware: deploy it once by cable, rumpus flash. Or "
            "the mode has failed: see the device's console.",
            {**error.slots.as_json(), **device},
        ) from None
    except procedure.KeyNeeded as error:
        raise _owner.no_key_file(error.uuid) from None
    except NotOwner as error:
        raise _owner.not_owner(error.code, url) from None
    except procedure.RolledBack as error:
        raise Failure(
            REFUSED,
            "rolled_back",
            f"Version {error.slots.other} failed {_STARTS} starts, and the device runs {error.slots.version} again.",
            f"See what it said when it failed: on its console, or rumpus sim. It stays in the other slot. "
            f"The state: rumpus info {url}",
            {**error.slots.as_json(), **device},
        ) from None
    except procedure.Undecided as error:
        seen = error.slots.as_json() if error.slots else {}
        raise Failure(
            OUTCOME_UNKNOWN,
            "undecided",
            "The device was not seen to commit the new version or to leave it. Either happens without us; "
            "it is never between the two.",
            f"Ask it: rumpus info {url}. Out of reach? Three times off and on within ten minutes bring the old "
            "version back.",
            {**seen, **device},
        ) from None
    except Unreachable as error:
        raise _dcmp.unreachable(error, url) from None
    except BadUrl as error:
        raise wrong_use(f"{error}.", "See the kinds of address: rumpus info --help") from None
    except (ValueError, OverflowError) as error:
        raise wrong_use(f"{url}: {error}.", "Write tcp://HOST:PORT or serial:///dev/ttyUSB0") from None


_STARTS = 3


def teller(url: str, is_silent: bool) -> "Callable[[], None]":
    """What says, before it happens, that a device goes into update mode."""

    def told() -> None:
        if not is_silent:
            typer.echo(
                f"The device at {url} goes into update mode: it has too little memory to take an update beside its "
                "appliance. All its outputs are off until it has restarted.",
                err=True,
            )

    return told


def show(slots: "Slots", as_json: bool) -> None:
    from . import _output

    if as_json:
        _output.print_json(slots.as_json())
        return
    other = f" Version {slots.other} lies in the other slot." if slots.other else ""
    print(f"Committed: version {slots.version} runs from slot {slots.running}.{other}")
