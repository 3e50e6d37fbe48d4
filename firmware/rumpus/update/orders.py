"""What APPLY may ask for, as dcmp/apply.py does: Update, Rollback, Execute of the update mode, Reboot.

All of them restart the device. Update and Rollback are in actions.py, which is loaded when one comes; the rest
needs hardly any memory, so that a device with little of it can be brought into update mode, and can tell after
a restart what became of an order.
"""

from ..dcmp.tables.result_codes import (
    APPLY_NOT_EXECUTABLE,
    FILE_BUSY,
    LOCAL_ERROR,
    SERVICE_NOT_AVAILABLE,
    SUCCESS,
)
from ..dcmp.tables.results_ours import IN_USE
from .tables.bundle import KEY_SIZE
from .tables.mode import ACTIVE, MODE_NAME

ORDER = "order"
UPDATE = "Update"
ROLLBACK = "Rollback"
EXECUTE = "Execute"
REBOOT = "Reboot"
# Seconds until the result: looking at each byte, the restart, the trial.
EXPECTED_S = 60
REBOOT_S = 15


class Orders:
    """updater: the Updater. must_go_on(): True while the appliance may not be restarted."""

    def __init__(self, updater, must_go_on):
        self._updater = updater
        self._must_go_on = must_go_on
        self._actions = None
        self._kind = None
        self._outcome = None

    def check(self, apply_type, _file_type, file_name):
        if self._must_go_on():
            return IN_USE, 0
        if apply_type == REBOOT:
            return SUCCESS, REBOOT_S
        if apply_type == EXECUTE:
            return self._check_mode(file_name), REBOOT_S
        if apply_type not in (UPDATE, ROLLBACK):
            return APPLY_NOT_EXECUTABLE, 0
        try:
            self._actions = self._updater.versions().actions()
            return self._actions.check(apply_type), EXPECTED_S
        except MemoryError:  # not even for the modules
            return LOCAL_ERROR, 0

    def _check_mode(self, name):
        versions = self._updater.versions()
        if name != MODE_NAME or not versions.mode_state():
            return APPLY_NOT_EXECUTABLE
        if versions.record.is_on_trial:
            return FILE_BUSY
        if versions.files.size(versions.KEY_FILE) != KEY_SIZE:  # there it would take nothing
            return SERVICE_NOT_AVAILABLE
        return SUCCESS

    def start(self, apply_type, _file_type, _file_name):
        self._kind = apply_type
        if apply_type in (UPDATE, ROLLBACK):
            self._actions.start(apply_type)
            return
        versions = self._updater.versions()
        if apply_type == REBOOT:
            versions.leave_mode()
            self._updater.restart()
        elif versions.mode_state() == ACTIVE:
            self._outcome = SUCCESS, versions.running_version()
        elif versions.record.enter_mode():
            self._updater.restart()
        else:
            self._outcome = LOCAL_ERROR, versions.running_version()

    def finished(self):
        """One turn's work; see dcmp/apply.py."""
        if self._kind is None:
            return self._after_restart()
        if self._kind in (UPDATE, ROLLBACK):
            self._outcome = self._actions.finished()
        outcome = self._outcome
        if outcome:
            self._outcome = self._kind = None
        return outcome

    def _after_restart(self):
        """None while the trial goes on, else what became of the order."""
        if self._updater.trial is not None:
            return None
        versions = self._updater.versions()
        ordered = (versions.files.load(ORDER) or b"").decode()
        if ordered:
            versions.files.save(ORDER, b"")
        is_there = not ordered or ordered == versions.record.running
        return (SUCCESS if is_there else APPLY_NOT_EXECUTABLE), versions.running_version()
