"""The role of a device: found, described and controlled. One appliance, seen from RUMP's rows.

    device = Device(identity, texts, state, control, apply_control)
    device.advertise(session, "Start")

state, control: RUMP's State and Control. apply_control(control) refuses it or carries it out, as for a
control that came over RUMP: same checks, same outcome. A device without an appliance (a management
server, a sensor bridge) leaves the three out. What tells of it at length, and what controls it, is loaded
when somebody asks: snapshot.py, info.py, controls.py.
"""

from . import codec
from . import message as header
from .role import Role
from .tables import message_codes as m
from .tables.properties import MODEL_NAME, MODEL_NUMBER, SERIAL_NUMBER
from .tables.result_codes import SUCCESS
from .tables.results_ours import UNKNOWN_FUNCTION

# Properties that are registered, by their field there.
_REGISTERED = (("ModelName", MODEL_NAME), ("ModelNumber", MODEL_NUMBER), ("SerialNumber", SERIAL_NUMBER))


class Device(Role):
    """identity: an Identity. texts(): a function of a PropertyID that gives its text, or None where there is none; it
    is asked for when somebody wants to know, and let go before what is found is told. None: no texts."""

    ANSWERS = (m.DEVICE_DISCOVERY_REQUEST, m.DEVICE_INFO_REQUEST, m.DEVICE_CONTROL_REQUEST)

    def __init__(self, identity, texts=None, state=None, control=None, apply_control=None):
        self.identity = identity
        self._texts = texts
        self._state = state
        self._control = control
        self._apply_control = apply_control

    def answer(self, session, incoming):
        if incoming.kind == m.DEVICE_DISCOVERY_REQUEST:
            return self._answer_discovery(incoming.values)
        if incoming.kind == m.DEVICE_INFO_REQUEST:
            return self._answer_info(incoming.values["DeviceInfoReqType"])
        return self._answer_control(incoming.values)

    def advertise(self, session, ad_type):
        """Queue an advertisement to all. ad_type: "Start" or "End"."""
        values = self.identity.values()
        values["AdType"] = ad_type
        payload = codec.pack(m.DEVICE_ADVERTISEMENT, values)
        session.send(m.DEVICE_ADVERTISEMENT, header.BROADCAST, session.ids.next(), payload)

    def registration(self, reg_type):
        """The values of a DEVICE_REGISTRATION_REQUEST. reg_type: "Register" or "Cancel"."""
        values = self.identity.values()
        values["RegType"] = reg_type
        text_of = self._text_of()
        for field, number in _REGISTERED:
            values[field] = text_of(number) or ""
        return values

    def _answer_discovery(self, values):
        if not self.identity.is_meant(values):
            return None
        values = self.identity.values()
        values["Result"] = SUCCESS
        return codec.pack(m.DEVICE_DISCOVERY_RESPONSE, values)

    def _answer_info(self, kind):
        snapshot = self._snapshot(kind)
        from .info import body_of

        return body_of(kind, self.identity, self._state, snapshot)

    def _snapshot(self, kind):
        """Taken before info.py is there: what knows the texts and what tells them need not fit into memory at once."""
        from .snapshot import take

        return take(kind, self._state, self._text_of())

    def _text_of(self):
        return self._texts() if self._texts else {}.get

    def _answer_control(self, values):
        control, state = self._control, self._state
        if state is None or control is None or self._apply_control is None:
            return UNKNOWN_FUNCTION
        from .controls import answer

        return answer(values, self.identity.device_id, state, control, self._apply_control)
