"""The password of a Wi-Fi network: named, in the environment, or asked for."""

import os
import sys
from typing import Annotated

import typer

from ._deploy import told
from ._failure import wrong_use

PASSWORD_VARIABLE = "RUMPUS_WIFI_PASSWORD"

Password = Annotated[
    str | None,
    typer.Option(
        "--wifi-password",
        metavar="TEXT",
        help=f"Better: leave it out and be asked, or set {PASSWORD_VARIABLE}.",
    ),
]


def password_for(ssid: str, given: str | None, as_json: bool) -> str:
    """Asked for, unless it was given; nobody is asked with --json. Raises Failure."""
    from ..deploy.settings import check_wifi_password

    known = given if given is not None else os.environ.get(PASSWORD_VARIABLE)
    if known is None and (as_json or not sys.stdin.isatty()):
        why = "With --json nobody is asked" if as_json else "There is no terminal to ask"
        raise wrong_use(f"{why} for the password of {ssid}.", f"Set {PASSWORD_VARIABLE}.")
    if known is None:
        known = typer.prompt(f"Password of {ssid}", hide_input=True, default="", show_default=False, err=True)
    with told():
        check_wifi_password(known)
    return known
