"""rumpus decode: bytes of a message in words."""

import re
from typing import Annotated

import typer

from .. import decode, explain, fields
from . import _output
from ._failure import REFUSED, Failure, wrong_use
from ._options import Json

PANEL = "Protocol"


def run(
    text: Annotated[
        list[str],
        typer.Argument(metavar="HEX...", help="The bytes; spaces, colons and 0x may stand between."),
    ],
    channel: Annotated[
        str | None,
        typer.Option("--channel", metavar="CHANNEL", help="rump (default), ra, rmdp or dcmp."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take the bytes of one message apart: each part of header and body with its meaning.

    The bytes may be a bare message, a packet with its channel byte, or a packet in the framing of a
    TCP connection (two bytes of length) or a serial line (zero bytes, COBS, CRC-32): what they were
    taken for is said. Wrong bytes: the offset and the reason, after what could be understood (exit
    code 1).

    Examples:

        rumpus decode 0101020001000100000000a1b2c3d4e5f60000
        rumpus decode 01:01:82:00:07 ...
        rumpus decode --channel ra 0x03 0x01 0x02 0x00 0x00 0x00 0x00 0x03 0x63 0x6c 0x69
    """
    data = parse_hex(" ".join(text))
    wanted = channel.strip().lower() if channel else None
    if wanted is not None and wanted not in decode.DECODERS:
        raise wrong_use(
            f"There is no channel {channel!r}.", f"The channels are {', '.join(decode.DECODERS)}."
        )
    try:
        decoded = decode.decode(data, wanted)
    except decode.NoDecoder as error:
        known = ", ".join(name for name, decoder in decode.DECODERS.items() if decoder)
        raise wrong_use(str(error), f"What can be decoded: {known}.", "no_decoder") from None
    if not as_json:
        _print(decoded)
    if decoded.error:
        raise _failure(decoded, decoded.error)
    if as_json:
        _output.print_json(as_dict(decoded))


def parse_hex(text: str) -> bytes:
    """The bytes that a person means. Raises Failure."""
    digits = re.sub(r"0[xX]|\\x|[\s:,;_-]", "", text)
    wrong = re.search(r"[^0-9a-fA-F]", digits)
    if wrong:
        raise wrong_use(
            f"{wrong[0]!r} is no hexadecimal digit.", "Write bytes such as 0101 or 01:01 or 0x01 0x01"
        )
    if not digits:
        raise wrong_use("There are no bytes.", "Write bytes such as 0101 or 01:01 or 0x01 0x01")
    if len(digits) % 2:
        raise wrong_use(f"{len(digits)} hexadecimal digits are no whole bytes.", "Each byte has two digits.")
    return bytes.fromhex(digits)


def as_dict(decoded: decode.Decoded) -> dict:
    """What was understood, as JSON has it: values by name as in the other verbs, and all parts."""
    parts = [{**part._asdict(), "raw": part.raw.hex()} for part in decoded.parts]
    device_id = decoded.device_id
    device = {"id": device_id.hex(), "type": decoded.type_name} if device_id else None
    about = {"channel": decoded.channel, "assumed": decoded.assumed, "kind": decoded.kind, "device": device}
    return {**decoded.values, **about, "parts": parts}


def _print(decoded: decode.Decoded) -> None:
    from rich.table import Table
    from rich.text import Text

    out = _output.console()
    kind = fields.spoken(decoded.kind) if decoded.kind else "message"
    out.print(Text(f"{decoded.channel} {kind}, taken for {decoded.assumed}.", style="bold"))
    table = Table()
    for heading in ("offset", "bytes", "name", "meaning"):
        side = "right" if heading == "offset" else "left"
        table.add_column(heading, overflow="fold", justify=side, no_wrap=heading == "name")
    group = None
    for part in decoded.parts:
        if group is not None and part.group != group:
            table.add_section()
        group = part.group
        table.add_row(str(part.offset), part.raw.hex(" "), Text(part.name, style="cyan"), Text(part.meaning))
    if decoded.parts:
        out.print(table)


def _failure(decoded: decode.Decoded, error: Exception) -> Failure:
    code, offset = getattr(error, "code", ""), getattr(error, "detail", None)
    told = explain.DAMAGE.get(code, explain.Explanation(code, ""))
    message = f"Wrong at offset {offset}: {told.sentence} ({code})."
    return Failure(REFUSED, code, message, told.next, {**as_dict(decoded), "offset": offset})
