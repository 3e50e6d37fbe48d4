"""The two CRC-8 of sensor chips. Both take bytes buf[at:end] and return 0..255; both allocate nothing."""


def crc8_onewire(buf, at, end):
    """Dallas/Maxim: x^8 + x^5 + x^4 + 1, least significant bit first, from 0. All zeros give 0."""
    crc = 0
    for i in range(at, end):
        crc ^= buf[i]
        for _ in range(8):
            crc = crc >> 1 ^ 0x8C if crc & 1 else crc >> 1
    return crc


def crc8_i2c(buf, at, end):
    """Sensirion and Aosong: the same polynomial, most significant bit first, from 0xFF."""
    crc = 0xFF
    for i in range(at, end):
        crc ^= buf[i]
        for _ in range(8):
            crc = (crc << 1 ^ 0x31) & 0xFF if crc & 0x80 else crc << 1
    return crc
