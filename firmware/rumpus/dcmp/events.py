"""The role that keeps subscriptions and tells subscribers what happened (S 5.6: nobody else).

    events = Events(device_id, state, log)
    events.status_changed()      # when the appliance's status changed; alarms are seen in the log

Nothing is queued: what a subscriber is owed follows from "the status changed since it was told", the
newest alarm it was told, and the time since the last event. log: RUMP's AlarmLog, or None.
"""

from . import codec, functions
from .outgoing import Message
from .role import Role
from .tables import message_codes as m
from .tables.bodies_ours import ANY_FUNCTION
from .tables.properties import ALARM, SENSOR, STATUS
from .tables.timing import EVENT_INTERVAL_MS


class Subscription:
    """One subscriber's wish: events of a type ("All") and a function (ANY_FUNCTION)."""

    def __init__(self, source, event_type, function, told):
        self.source = source
        self.event_type = event_type
        self.function = function
        self.left_ms = None  # of the lease; None: until cancelled
        self.told = told  # newest alarm event it was told
        self.owes_status = True  # a new subscriber is told how things are
        self.owes_sensor = True
        self.since_ms = EVENT_INTERVAL_MS

    def wants(self, function, event_type):
        return self.function in (ANY_FUNCTION, function) and self.event_type in ("All", event_type)


class Events(Role):
    ANSWERS = (m.EVENT_SUBSCRIPTION_REQUEST,)

    def __init__(self, device_id, state, log=None):
        self._device_id = bytes(device_id)
        self._state = state
        self._log = log
        self.subscriptions = []

    # --- subscribing --------------------------------------------------------------------------

    def answer(self, session, incoming):
        from .subscribing import answer  # rare, and a role with subscriptions stays

        return answer(self, self._device_id, incoming.source, incoming.values)

    def add(self, source, event_type, function):
        """A new Subscription."""
        told = self._log.sequence if self._log else 0
        added = Subscription(source, event_type, function, told)
        self.subscriptions.append(added)
        return added

    def cancel(self, source, event_type, function):
        """Remove what the words cover: "All" and ANY_FUNCTION cover everything."""
        self.subscriptions = [
            known
            for known in self.subscriptions
            if known.source != source
            or event_type not in ("All", known.event_type)
            or function not in (ANY_FUNCTION, known.function)
        ]

    def forget(self, device_id):
        """Who subscribed is gone: all of its subscriptions end."""
        self.cancel(device_id, "All", ANY_FUNCTION)

    # --- telling ------------------------------------------------------------------------------

    def status_changed(self):
        """The appliance's status has changed: every subscriber is owed an event."""
        for known in self.subscriptions:
            known.owes_status = known.owes_sensor = True
        return len(self.subscriptions) > 0

    def next_message(self, session):
        for known in self.subscriptions:
            params = self._owed(known)
            if params is not None:
                return self._notification(session, known, *params)
        return None

    def _owed(self, known):
        """(function, event type, params) of the next event for a subscriber, or None."""
        log = self._log
        while log and known.told < log.sequence:
            record = log.after(known.told)
            known.told = functions.alarm_sequence(record) if record is not None else log.sequence
            if record is not None and known.wants(ALARM, "DeviceStatus"):
                return ALARM, "DeviceStatus", functions.alarm_params(record)
        if known.since_ms < EVENT_INTERVAL_MS:
            return None
        if known.owes_status:
            known.owes_status = False
            if known.wants(STATUS, "DeviceStatus"):
                return STATUS, "DeviceStatus", functions.field_params(self._state, STATUS)
        if known.owes_sensor:
            known.owes_sensor = False
            known.since_ms = 0
            if known.wants(SENSOR, "SensorData"):
                return SENSOR, "SensorData", functions.field_params(self._state, SENSOR)
        return None

    def _notification(self, session, known, function, event_type, params):
        values = {
            "EventType": event_type,
            "DeviceID": self._device_id,
            "FunctionID": function,
            "OutputList": functions.as_param_list(params),
        }
        payload = codec.pack(m.EVENT_NOTIFICATION, values)
        transaction = session.ids.next()
        return Message(m.EVENT_NOTIFICATION, session.device_id, known.source, transaction, payload)

    def is_at_rest(self):
        return not self.subscriptions

    # --- time ---------------------------------------------------------------------------------

    def elapsed(self, session, ms):
        ended = False
        for known in self.subscriptions:
            known.since_ms += ms
            if known.left_ms is not None:
                known.left_ms -= ms
                ended = ended or known.left_ms <= 0
        if ended:
            self.subscriptions = [k for k in self.subscriptions if k.left_ms is None or k.left_ms > 0]
        return ()

    def due_ms(self):
        due = None
        for known in self.subscriptions:
            wait = None
            if self._log and known.told < self._log.sequence:
                wait = 0
            elif known.owes_status or known.owes_sensor:
                wait = max(0, EVENT_INTERVAL_MS - known.since_ms)
            elif known.left_ms is not None:
                wait = known.left_ms
            if wait is not None and (due is None or wait < due):
                due = wait
        return due
