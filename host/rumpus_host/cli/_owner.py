"""What verbs share that need a device's key: where it is, and what to say when it does not fit."""

from pathlib import Path
from typing import Annotated

import typer

from ._failure import REFUSED, Failure, wrong_use

KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="FILE", help="The device's key. Default: the one in ~/.config/rumpus/keys."
    ),
]


def key_for(uuid: bytes, path: Path | None) -> bytes | None:
    """The key of a device: in the file named, or in the one where rumpus provision keeps it; None when that is
    not there. Raises Failure."""
    from ..deploy import keys
    from ._deploy import told

    file = path or keys.file_for(uuid.hex())
    if path is None and not file.exists():
        return None
    with told():
        return bytes.fromhex(keys.load(file))


def needed_key(uuid: bytes, path: Path | None) -> bytes:
    """As key_for(); one that is not there is a Failure."""
    key = key_for(uuid, path)
    if key is None:
        raise no_key_file(uuid)
    return key


def no_key_file(uuid: bytes) -> Failure:
    from ..deploy import keys

    return wrong_use(
        f"This needs the device's key, and {keys.file_for(uuid.hex())} is not there.",
        "It stands on the computer where rumpus provision made it: copy it here, or name it with --key",
        "no_key_file",
    )


def not_owner(code: str, url: str) -> Failure:
    """code: of owner.NotOwner."""
    more = {"device": {"url": url}}
    if code == "no_key":
        message = f"The device at {url} has no key, so nobody can prove to be its owner."
        return Failure(REFUSED, code, message, "Give it one over its cable: rumpus provision", more)
    message = f"The device at {url} has another key than the one here."
    advice = "Was it given a new one? Name the right file with --key; or over its cable: rumpus provision --new-key"
    return Failure(REFUSED, code, message, advice, more)
