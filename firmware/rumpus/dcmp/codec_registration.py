"""The layouts of registration by message type, for codec.py."""

from .tables import bodies_registration_ours as registration
from .tables import message_codes as m

KEYWORDS = registration.KEYWORDS
BODIES = (
    (m.DEVICE_REGISTRATION_REQUEST, registration.DEVICE_REGISTRATION_REQUEST_BODY),
    (m.DEVICE_REGISTRATION_RESPONSE, registration.DEVICE_REGISTRATION_RESPONSE_BODY),
    (m.SERVICE_REGISTRATION_REQUEST, registration.SERVICE_REGISTRATION_REQUEST_BODY),
    (m.SERVICE_REGISTRATION_RESPONSE, registration.SERVICE_REGISTRATION_RESPONSE_BODY),
)
