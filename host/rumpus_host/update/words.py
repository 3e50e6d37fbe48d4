"""What a device says about an update, in words with a next step."""

from rumpus.dcmp.tables import result_codes as r
from rumpus.dcmp.tables import results_ours as ours

from ..dcmp import words
from ..dcmp.words import Told

# By Result; the others are told as for any file.
_TOLD = {
    r.SERVICE_NOT_AVAILABLE: Told(
        "The device has no key to check updates by.",
        "Bring it the public key by cable once: see docs/updates.md. Nothing was changed.",
    ),
    r.FILE_BUSY: Told(
        "The device is trying a new version and keeps the old one until that is over.",
        "Wait until it is committed (rumpus info URL), or go back: rumpus rollback URL",
    ),
    r.COMMAND_NOT_IMPLEMENTED: Told(
        "The device takes no files.", "Deploy the firmware with the profile full: rumpus flash"
    ),
    r.INSUFFICIENT_STORAGE: Told(
        "There is not enough room for a second version, with the reserve that settings and logs need.",
        "Nothing was changed. Remove files that you put there, or take a board with more flash.",
    ),
    r.APPLY_FILE_BROKEN: Told(
        "What arrived is not what its manifest says.", "Build the bundle anew, and try again."
    ),
    r.NO_APPLY_FILE: Told("No update is staged.", "Send one: rumpus update URL BUNDLE"),
    r.NOTHING_TO_APPLY: Told(
        "There is no other version to go back to: a later transfer has taken its place, or there never was one.",
        "See both slots: rumpus files URL",
    ),
    r.APPLY_NOT_EXECUTABLE: Told("The device does not run from a slot.", "Deploy it anew: rumpus flash"),
    ours.IN_USE: Told(
        "Somebody waits at the device for what it does (it cooks), and an update would switch that off.",
        "Wait until it is done, or stop it there. Nothing was changed.",
    ),
    ours.WRONG_BOARD: Told(
        "The bundle is for another board.",
        "Build it for this one: rumpus bundle --board BOARD. Nothing was changed.",
    ),
    ours.WRONG_TYPE: Told(
        "The bundle is for another type of appliance.",
        "Build it for this one: rumpus bundle --appliance TYPE. Nothing was changed.",
    ),
    ours.BELOW_FLOOR: Told(
        "The version is older than the floor that the running version has set.",
        "Versions below the floor are refused on purpose; only a cable brings them. Nothing was changed.",
    ),
    ours.BAD_SIGNATURE: Told(
        "The bundle is not signed with the key that this device knows.",
        "Build it with that private key: rumpus bundle --key FILE. Nothing was changed.",
    ),
}


def told(result: int) -> Told:
    """What a Result means when it answers an update."""
    return _TOLD.get(result) or words.told(result)
