"""The key of a device on this computer: a file that nobody else may read."""

import os
import re
import secrets
from pathlib import Path

from .problem import DeployError
from .settings import KEY_SIZE


def folder() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "rumpus" / "keys"


def file_for(uuid: str) -> Path:
    return folder() / f"{uuid}.key"


def new() -> str:
    """A key from the system's random numbers, as hexadecimal digits."""
    return secrets.token_hex(KEY_SIZE)


def load(path: Path) -> str:
    """The key in a file. Raises DeployError."""
    try:
        text = path.read_text(encoding="ascii").strip().lower()
    except (OSError, UnicodeDecodeError) as error:
        raise DeployError("key_file", f"The key file {path} cannot be read: {error}.") from None
    if not re.fullmatch(f"[0-9a-f]{{{2 * KEY_SIZE}}}", text):
        message = f"{path} is no key file: it needs {2 * KEY_SIZE} hexadecimal digits."
        raise DeployError("key_file", message, "Without --key one is made.")
    return text


def save(path: Path, key: str) -> None:
    """Make the file, readable for its owner alone. Raises DeployError when another key is there."""
    if path.exists():
        if load(path) == key:
            return
        message = f"{path} holds another key; it is not overwritten."
        raise DeployError("key_file", message, "Move that file away, or name another: --key-file FILE")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise DeployError("key_file", f"The key file {path} cannot be written: {error.strerror}.") from None
