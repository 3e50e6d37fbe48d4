"""What a device is called, and what it tells of itself when it tells all."""

# What a full description consists of, in this order.
FULL_DESCRIPTION = "FullDescription"
SECTIONS = ("BasicInfo", "FunctionList", "DeviceProperty")


class Identity:
    """What a device is called. type_code: device_types.py. capability: further type codes."""

    def __init__(self, device_id, type_code, name, sub_name="", capability=()):
        self.device_id = bytes(device_id)
        self.type_code = type_code
        self.name = name
        self.sub_name = sub_name
        self.capability = capability

    def values(self):
        """The fields that discovery, advertisement, BasicInfo and registration share, and no harm in more."""
        return {
            "DeviceType": self.type_code,
            "DeviceID": self.device_id,
            "DeviceName": self.name,
            "DeviceSubName": self.sub_name,
            "DeviceCapability": self.capability,
        }

    def is_meant(self, request):
        """True when a discovery asks for this device. request: values of its body. Whoever is not meant stays
        silent (S 5.1)."""
        condition = request["DiscoveryReqType"]
        if condition == "DeviceID":
            return request["StrTypeReq"] == self.device_id
        if condition == "DeviceType":
            wanted = request["HexTypeReq"]
            return wanted == self.type_code or wanted in self.capability
        if condition == "DeviceName":
            return request["StrTypeReq"] == cut(self.name, 16)
        return True


def cut(text, size):
    """At most size bytes of a text in UTF-8, cut at a character boundary."""
    raw = text.encode()
    if len(raw) > size:
        while size and raw[size] & 0xC0 == 0x80:
            size -= 1
    return raw[:size].decode()
