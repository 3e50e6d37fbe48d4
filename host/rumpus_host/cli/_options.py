"""Arguments and options that several verbs take."""

from typing import Annotated

import typer

from ..fields import TYPES, FieldError, table_of
from ._failure import wrong_use

Url = Annotated[
    str,
    typer.Argument(
        metavar="URL", help="tcp://HOST:PORT, serial:///dev/ttyUSB0?baud=115200, or serial://COM3"
    ),
]
Over = Annotated[
    str, typer.Option("--over", metavar="PROTOCOL", help="rump, or dcmp (then also udp://HOST:PORT).")
]
Json = Annotated[bool, typer.Option("--json", metavar="", help="Print JSON for programs; errors too.")]
Type = Annotated[str, typer.Argument(metavar="TYPE", help=", ".join(TYPES))]


def protocol_named(text: str) -> str:
    """The protocol that was meant. Raises Failure."""
    name = text.strip().lower()
    if name not in ("rump", "dcmp"):
        raise wrong_use(f"There is no protocol {text!r} to control by.", "Choose rump or dcmp.")
    return name


def type_named(text: str) -> str:
    """The type that was meant: case and dashes do not matter. Raises Failure."""
    name = text.strip().lower().replace("-", "_")
    try:
        table_of(name)
    except FieldError as error:
        raise wrong_use(str(error), error.next, error.code) from None
    return name
