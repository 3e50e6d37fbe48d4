"""What a device in update mode answers over DCMP: who and what it is, files of the type Firmware, and orders.

All other requests are refused with a Result of their own, so that whoever asks knows why.
"""

from .. import wire
from ..dcmp import codec
from ..dcmp import message as header
from ..dcmp.apply import Apply
from ..dcmp.identity import Identity, cut
from ..dcmp.receiving import Receiving
from ..dcmp.role import Role
from ..dcmp.session import Session
from ..dcmp.tables import bodies_ours as ours
from ..dcmp.tables import bodies_published as published
from ..dcmp.tables import message_codes as m
from ..dcmp.tables import properties as p
from ..dcmp.tables.device_types import DEVICE_TYPES
from ..dcmp.tables.messages_ours import FILE_DATA
from ..dcmp.tables.result_codes import SUCCESS
from ..dcmp.tables.results_ours import TAKING_UPDATE
from ..dcmp.tables.timing import LONGEST_PROPERTY
from ..dcmp.transactions import IDLE
from ..management.exchange import Exchange
from ..update.apply_record import ApplyRecord
from ..update.orders import Orders
from ..update.tables.slots import FIRMWARE

_SUCCESS = b"\0\0"
# The kinds of information that speak of an appliance, of which nothing is loaded.
_OF_APPLIANCE = ("FunctionList", "FullDescription", "DeviceSpecificProperty")


class UpdateSession(Session):
    """A Session that says why it does not do what a device does otherwise."""

    def _result_for(self, role, incoming):
        return TAKING_UPDATE if role is None else super()._result_for(role, incoming)


class UpdateExchange(Exchange):
    """app: the UpdateMode."""

    SESSION = UpdateSession

    def __init__(self, app, settings, boot_count):
        super().__init__(app, settings, boot_count, _Device(app, settings))
        updater = app.updater
        self._apply = Apply(Orders(updater, _never), ApplyRecord(updater.files))
        self.session.roles += [_Bundles(updater.versions().staging()), self._apply]

    def is_applying(self):
        return self._apply.state != IDLE


def _never():
    return False


class _Bundles(Receiving):
    """Files of the type Firmware, and no others."""

    END = "responder"
    ANSWERS = (m.PUT_FILE_REQUEST,)
    TAKES = (FILE_DATA, m.PUT_FILE_RESULT)

    def answer(self, session, incoming):
        if self.state != IDLE:
            return self.answer_busy(session, incoming)
        if incoming.values["FileType"] != FIRMWARE:
            return TAKING_UPDATE
        return self.begin_put(session, incoming, incoming.values)


class _Device(Role):
    """As dcmp/device.py, of what is told without an appliance."""

    ANSWERS = (m.DEVICE_DISCOVERY_REQUEST, m.DEVICE_INFO_REQUEST)

    def __init__(self, app, settings):
        kind = settings["appliance"]
        code = [row[0] for row in DEVICE_TYPES if row[1] == kind][0]
        self.identity = Identity(app.uuid, code, settings.get("name", kind), settings.get("model", ""))
        self._app = app
        self._texts = (
            (p.MANUFACTURER, settings.get("vendor", "")),
            (p.MODEL_NAME, settings.get("model", "")),
            (p.HARDWARE_VERSION, settings["board"]),
            (p.FIRMWARE_VERSION, app.updater.versions().running_version()),
            (p.DEVICE_NAME, settings.get("name", kind)),
        )

    def advertise(self, session, ad_type):
        """Queue an advertisement to all. ad_type: "Start" or "End"."""
        values = self.identity.values()
        values["AdType"] = ad_type
        payload = codec.pack(m.DEVICE_ADVERTISEMENT, values)
        session.send(m.DEVICE_ADVERTISEMENT, header.BROADCAST, session.ids.next(), payload)

    def answer(self, session, incoming):
        if incoming.kind == m.DEVICE_INFO_REQUEST:
            return self._answer_info(incoming.values["DeviceInfoReqType"])
        if not self.identity.is_meant(incoming.values):
            return None
        values = self.identity.values()
        values["Result"] = SUCCESS
        return codec.pack(m.DEVICE_DISCOVERY_RESPONSE, values)

    def _answer_info(self, kind):
        if kind == "BasicInfo":
            return _SUCCESS + wire.pack(
                published.BASIC_INFO_BODY[1:], {"DeviceList": [self.identity.values()]}
            )
        if kind in _OF_APPLIANCE:
            return TAKING_UPDATE
        rows = []
        for number, name, _unit, known, _source in p.PROPERTIES:
            text = self._text(number) if kind == known or kind == "DeviceProperty" else None
            if text is not None:
                text = cut(text, LONGEST_PROPERTY)
                rows.append(
                    wire.pack(ours.PROPERTY, {"PropertyID": number, "Unit": 0, "Name": name, "Value": text})
                )
        head = {"numofdevice": 1, "DeviceID": self.identity.device_id, "numofproperty": len(rows)}
        return _SUCCESS + wire.pack(ours.PROPERTIES_HEAD, head) + b"".join(rows)

    def _text(self, number):
        for known, text in self._texts:
            if known == number:
                return text
        if number == p.UPTIME:
            return str(self._app.uptime_s)
        return self._app.updater.versions().text(number)
