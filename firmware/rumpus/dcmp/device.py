"""The role of a device: found, described and controlled. One appliance, seen from RUMP's rows.

    device = Device(identity, property_text, state, control, apply_control)
    device.advertise(session, "Start")

state, control: RUMP's State and Control. apply_control(control) refuses it or carries it out, as for a
control that came over RUMP: same checks, same outcome. A device without an appliance (a management
server, a sensor bridge) leaves the three out.
"""

from .. import wire
from . import codec, controls, functions, info
from . import message as header
from .session import Role
from .tables import message_codes as m
from .tables.bodies_ours import DEVICE_CONTROL_RESPONSE_BODY
from .tables.properties import MODEL_NAME, MODEL_NUMBER, SERIAL_NUMBER, SET, STATUS
from .tables.result_codes import PAYLOAD_SYNTAX, SUCCESS
from .tables.results_ours import DEVICE_ERROR, UNKNOWN_FUNCTION

# Properties that are registered, by their field there.
_REGISTERED = (("ModelName", MODEL_NAME), ("ModelNumber", MODEL_NUMBER), ("SerialNumber", SERIAL_NUMBER))


def no_property(_number):
    return None


class Device(Role):
    """identity: info.Identity. property_text(PropertyID): its text, or None where there is none."""

    ANSWERS = (m.DEVICE_DISCOVERY_REQUEST, m.DEVICE_INFO_REQUEST, m.DEVICE_CONTROL_REQUEST)

    def __init__(self, identity, property_text=no_property, state=None, control=None, apply_control=None):
        self.identity = identity
        self._property_text = property_text
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
        for field, number in _REGISTERED:
            values[field] = self._property_text(number) or ""
        return values

    def _answer_discovery(self, values):
        """Whoever is not meant stays silent (S 5.1)."""
        if not self._is_meant(values["DiscoveryReqType"], values):
            return None
        values = self.identity.values()
        values["Result"] = SUCCESS
        return codec.pack(m.DEVICE_DISCOVERY_RESPONSE, values)

    def _is_meant(self, condition, values):
        identity = self.identity
        if condition == "DeviceID":
            return values["StrTypeReq"] == identity.device_id
        if condition == "DeviceType":
            return identity.has_type(values["HexTypeReq"])
        if condition == "DeviceName":
            return values["StrTypeReq"] == info.cut(identity.name, 16)
        return True

    def _answer_info(self, kind):
        return info.body_of(kind, self.identity, self._state, self._property_text)

    def _answer_control(self, values):
        control, state = self._control, self._state
        if state is None or control is None or self._apply_control is None:
            return UNKNOWN_FUNCTION
        if values["DeviceID"] != self.identity.device_id:
            control.clear()
            control.refuse(0, controls.NOT_FOR_THIS_DEVICE)
            return self._refusal()
        wrong = controls.read_control(control, state, values["FunctionID"], values["InputList"])
        if wrong == controls.NO_SUCH_FUNCTION:
            return UNKNOWN_FUNCTION
        if wrong == controls.BAD_PARAMS:
            return PAYLOAD_SYNTAX
        self._apply_control(control)
        return self._refusal() if control.reason else self._outcome(values["FunctionID"])

    def _refusal(self):
        """D51: field and reason follow the Result, which is RUMP's."""
        control = self._control
        values = {
            "Result": DEVICE_ERROR + control.result(),
            "Field": control.field,
            "Reason": control.reason,
        }
        return codec.pack(m.DEVICE_CONTROL_RESPONSE, values)

    def _outcome(self, function):
        """What `set` gives back is the status, as over RUMP."""
        params = functions.field_params(self._state, STATUS) if function == SET else ()
        values = {
            "Result": SUCCESS,
            "DeviceID": self.identity.device_id,
            "FunctionID": function,
            "OutputList": functions.as_param_list(params),
        }
        return wire.pack(DEVICE_CONTROL_RESPONSE_BODY, values)
