"""What goes into a bundle: the files of a slot with all that a device needs to be updated again."""

from ..deploy import build

PROFILE = "full"


def files(board: str, appliance: str, transport: str, version: str) -> dict[str, bytes]:
    """Raises BuildError, BoardError."""
    return build.build(board, appliance, transport=transport, profile=PROFILE, version=version)
