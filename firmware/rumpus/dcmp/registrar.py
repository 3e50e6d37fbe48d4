"""The role of a device management server: devices and services register here.

store keeps them: register(values, peer), cancel(device_id), service(values) each give a Result, 0 when
done. values: dict by the rows of the request's body.
"""

from . import codec
from .role import Role
from .tables import message_codes as m
from .tables.result_codes import HEADER_SOURCE_ID, SUCCESS


class Registrar(Role):
    ANSWERS = (m.DEVICE_REGISTRATION_REQUEST, m.SERVICE_REGISTRATION_REQUEST)

    def __init__(self, store):
        self._store = store

    def answer(self, session, incoming):
        values = incoming.values
        if incoming.kind == m.SERVICE_REGISTRATION_REQUEST:
            result = self._store.service(values)
            answer = {"Result": SUCCESS, "ServiceName": values["ServiceName"]}
            return result or codec.pack(m.SERVICE_REGISTRATION_RESPONSE, answer)
        if values["DeviceID"] != incoming.source:
            return HEADER_SOURCE_ID  # D54: a device registers itself and nobody else
        if values["RegType"] == "Register":
            result = self._store.register(values, incoming.peer)
        else:
            result = self._store.cancel(values["DeviceID"])
        answer = {"Result": SUCCESS, "DeviceID": values["DeviceID"]}
        return result or codec.pack(m.DEVICE_REGISTRATION_RESPONSE, answer)
