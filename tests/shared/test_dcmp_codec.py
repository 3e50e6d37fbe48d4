"""The DCMP header and bodies: bytes typed from the document, every size, every truncation, any bytes."""

import json
import unittest

from rumpus import wire
from rumpus.dcmp import codec, descriptions, message
from rumpus.dcmp.tables import (
    bodies_files_ours,
    bodies_info_ours,
    bodies_ours,
    bodies_published,
    bodies_registration_ours,
    device_errors,
    header,
    message_codes,
    message_names_ours,
    messages,
    messages_ours,
    result_codes,
    results,
    results_ours,
)
from rumpus.errors import DecodeError, EncodeError

VECTORS = __file__.replace("\\", "/").rpartition("/")[0] + "/../vectors/"
ALL_KEYWORDS = (
    bodies_published.KEYWORDS,
    bodies_ours.KEYWORDS,
    bodies_files_ours.KEYWORDS,
    bodies_registration_ours.KEYWORDS,
)
DEVICE = bytes(range(16))
OTHER = bytes(range(16, 32))
TRANSACTION = b"\x01\x02\x03\x04\x05\x06\x07\x08"


def load(name):
    with open(VECTORS + name) as file:
        return json.load(file)


def raw_of(vector):
    return b"".join([bytes.fromhex(piece[1]) for piece in vector["pieces"]])


def plain(values):
    """JSON has no bytes: {"hex": ...} stands for them."""
    if isinstance(values, dict):
        if "hex" in values:
            return bytes.fromhex(values["hex"])
        return {name: plain(value) for name, value in values.items()}
    return [plain(item) for item in values] if isinstance(values, list) else values


def includes(values, expected):
    """True when values holds at least what is expected (counters are not in the vectors)."""
    if isinstance(expected, dict):
        for name in expected:
            if name not in values or not includes(values[name], expected[name]):
                return False
        return True
    if isinstance(expected, list):
        if len(values) != len(expected):
            return False
        for value, item in zip(values, expected):
            if not includes(value, item):
                return False
        return True
    return values == expected


class Dice:
    """Numbers that are the same on every interpreter: a lagged Fibonacci of 16 bits."""

    def __init__(self, seed):
        self.state = []
        x = seed % 65536 + 1
        for _ in range(55):
            x = (x * 75 + 74) % 65537
            self.state.append(x & 0xFFFF)
        self.i = 0

    def below(self, n):
        """0 <= result < n <= 65536."""
        i = self.i
        x = self.state[i] = (self.state[i] + self.state[(i + 31) % 55]) & 0xFFFF
        self.i = (i + 1) % 55
        return (x >> 3) * n // 8192 if n <= 8192 else x % n

    def raw(self, n):
        return bytes([self.below(256) for _ in range(n)])


def a_message(kind, payload, source=OTHER, destination=DEVICE):
    out = bytearray(header.HEADER_SIZE + len(payload))
    at = message.write_header(out, 0, kind, len(out), source, destination, TRANSACTION)
    out[at:] = payload
    return out


class TestHeader(unittest.TestCase):
    def test_header_against_bytes_typed_from_the_document(self):
        vector = load("dcmp_header.json")["header"]
        raw = raw_of(vector)
        self.assertEqual(len(raw), vector["size"])
        out = bytearray(66)
        fields = {piece[0]: bytes.fromhex(piece[1]) for piece in vector["pieces"]}
        at = message.write_header(
            out, 0, 0x1111, 98, fields["Source ID"], fields["Destination ID"], fields["TransactionID"]
        )
        self.assertEqual(at, 66)
        self.assertEqual(bytes(out), raw)
        values = wire.unpack_all(header.HEADER, raw)
        for name in fields:
            value = values[name]
            number = value if isinstance(value, int) else None
            raw_value = number.to_bytes(len(fields[name]), "big") if number is not None else value
            self.assertEqual(raw_value, fields[name], name)

    def test_offsets_are_the_running_sum(self):
        offsets = load("dcmp_header.json")["offsets"]
        for row in header.HEADER:
            self.assertEqual(wire.offset_of(header.HEADER, row[0]), offsets[row[0]], row[0])

    def test_in_place_reads(self):
        raw = bytearray(7) + a_message(message_codes.DEVICE_INFO_REQUEST, bytes(32))
        self.assertIsNone(message.check(raw, 7, len(raw), DEVICE))
        self.assertEqual(message.kind_of(raw, 7), message_codes.DEVICE_INFO_REQUEST)
        self.assertEqual(message.source_of(raw, 7), OTHER)
        self.assertEqual(message.destination_of(raw, 7), DEVICE)
        self.assertEqual(message.transaction_of(raw, 7), TRANSACTION)

    def test_faults_and_the_result_that_each_gets(self):
        good = a_message(message_codes.DEVICE_INFO_REQUEST, bytes(32))
        cases = (
            ("version", 0, 2, 0x0101),
            ("payload_type", 2, 2, 0x0204),  # XML
            ("payload_type", 2, 0, 0x0204),
            ("payload_type", 2, 3, 0x0204),
            ("encoding", 3, 2, 0x0204),
            ("encoding", 3, 4, 0x0204),
            ("encoding", 3, 0, 0x0204),
            ("length", 7, 65, 0x0102),
            ("payload_cut", 7, 99, 0x0202),
            ("surplus_bytes", 7, 97, 0x0203),
            ("not_for_us", 24, 0xEE, 0),
            ("unknown_message", 41, 0x13, 0x0105),
            (None, 1, 1, 0),  # urgent
            (None, 1, 9, 0),  # a flag nobody knows
            (None, 3, 1, 0),  # ASCII
            (None, 55, 1, 0),  # the optional header is not looked at
        )
        for token, at, value, result in cases:
            bad = bytearray(good)
            bad[at] = value
            found = message.check(bad, 0, len(bad), DEVICE)
            self.assertEqual(found, token, (at, value))
            self.assertEqual(message.fault_result(found), result, (at, value))

    def test_faults_of_ids(self):
        for source in (message.BROADCAST, message.UNKNOWN):
            bad = a_message(message_codes.DEVICE_INFO_REQUEST, bytes(32), source)
            self.assertEqual(message.check(bad, 0, len(bad), DEVICE), "source")
        bad = a_message(message_codes.DEVICE_INFO_REQUEST, bytes(32))
        bad[42:50] = bytes(8)
        self.assertEqual(message.check(bad, 0, len(bad), DEVICE), "transaction")
        self.assertEqual(message.fault_result("transaction"), 0x0106)
        self.assertEqual(message.fault_result("source"), 0x0103)

    def test_who_may_be_addressed_without_a_name(self):
        for code, name, _kind, _response, _result, _source in messages.MESSAGE_TYPES:
            for to in (message.BROADCAST, message.UNKNOWN):
                raw = a_message(code, bytes(2), OTHER, to)
                expected = "destination"
                for known, broadcast, unknown, _source in messages_ours.OPEN_TO:
                    if known == code and (broadcast if to == message.BROADCAST else unknown):
                        expected = None
                self.assertEqual(message.check(raw, 0, len(raw), DEVICE), expected, name)

    def test_every_truncation_of_a_header(self):
        good = a_message(message_codes.DEVICE_INFO_REQUEST, bytes(32))
        for n in range(len(good)):
            found = message.check(good[:n], 0, n, DEVICE)
            self.assertEqual(found, "no_header" if n < 50 else "truncated" if n < 66 else "payload_cut")

    def test_responses_and_families(self):
        self.assertEqual(message.response_of(message_codes.APPLY_REQUEST), message_codes.APPLY_RESPONSE)
        self.assertEqual(message.response_of(0x2113), message_codes.DEVICE_CONTROL_RESPONSE)
        self.assertEqual(message.response_of(0x1122), 0)  # a family without a response
        self.assertEqual(message.response_of(message_codes.DEVICE_CONTROL_RESPONSE), 0)
        self.assertEqual(message.response_of(0x9999), 0)

    def test_transaction_ids_are_never_used_twice(self):
        ids = message.TransactionIds(bytes(4))
        seen = [ids.next() for _ in range(50)]
        ids.set_clock(0xE5A1B2C3)
        seen += [ids.next() for _ in range(50)]
        ids.elapsed(999)
        seen += [ids.next() for _ in range(5)]
        ids.elapsed(1)
        seen += [ids.next() for _ in range(5)]
        ids.set_clock(0xE5A1B2C3)  # goes back: not followed
        seen += [ids.next() for _ in range(5)]
        self.assertEqual(len(set(seen)), len(seen))
        self.assertNotIn(bytes(8), seen)
        self.assertEqual(seen[50][:4], b"\xe5\xa1\xb2\xc3")
        self.assertEqual(seen[-1][:4], b"\xe5\xa1\xb2\xc4")

    def test_transaction_ids_go_on_after_2036(self):
        """Anybody may set a clock to the year 2179: NTP's seconds have 32 bits."""
        ids = message.TransactionIds(bytes(4))
        ids.set_clock(0xFFFFFFFF)
        self.assertEqual(ids.next(), b"\xff\xff\xff\xff\0\0\0\1")
        ids.elapsed(1000)
        self.assertEqual(ids.next(), b"\0\0\0\0\0\0\0\1")
        ids.set_clock(0x20DDDDDDD)
        self.assertEqual(ids.next(), b"\x0d\xdd\xdd\xdd\0\0\0\1")


class TestHeap(unittest.TestCase):
    def test_checking_reading_and_writing_a_header_allocates_nothing(self):
        """Only MicroPython can lock its heap; elsewhere the calls are made all the same."""
        try:
            from micropython import heap_lock, heap_unlock
        except ImportError:

            def heap_lock():
                pass

            heap_unlock = heap_lock
        raw = a_message(message_codes.DEVICE_INFO_REQUEST, bytes(32))
        to_all = a_message(message_codes.DEVICE_DISCOVERY_REQUEST, bytes(16), OTHER, message.BROADCAST)
        out = bytearray(66)
        end, all_end = len(raw), len(to_all)
        heap_lock()
        try:
            fault = message.check(raw, 0, end, DEVICE)
            broadcast_fault = message.check(to_all, 0, all_end, DEVICE)
            kind = message.kind_of(raw, 0)
            message.write_header(out, 0, kind, end, OTHER, DEVICE, TRANSACTION)
        finally:
            heap_unlock()
        self.assertIsNone(fault)
        self.assertIsNone(broadcast_fault)
        self.assertEqual(out, raw[:66])


class TestTables(unittest.TestCase):
    def test_25_published_messages(self):
        self.assertEqual(len(messages.MESSAGE_TYPES), 25)
        for code, name, kind, response, result, source in messages.MESSAGE_TYPES:
            self.assertEqual(getattr(message_codes, name), code)
            self.assertEqual(source[:4], "S T2")
            self.assertEqual(kind == "request", response != 0)
            # The pattern of Table 2: the last digit tells the kind.
            self.assertEqual(code & 15, {"request": 1, "one_way": 1, "response": 2, "result": 3}[kind])
            for answer in (response, result):
                self.assertTrue(answer == 0 or answer & 0xFFF0 == code & 0xFFF0)

    def test_the_codes_of_a_device_are_those_of_table_2(self):
        exchanges = [(row[0], row[3], row[4]) for row in messages.MESSAGE_TYPES if row[2] == "request"]
        self.assertEqual([row[:3] for row in message_codes.EXCHANGES], exchanges)
        one_way = [row[0] for row in messages.MESSAGE_TYPES if row[2] == "one_way"]
        self.assertEqual(sorted([row[0] for row in message_codes.ONE_WAY]), sorted(one_way))
        for row in messages.MESSAGE_TYPES + message_names_ours.MESSAGE_TYPES:
            self.assertTrue(message.is_known(row[0]), row[1])
            self.assertEqual(message.is_one_way(row[0]), row[2] == "one_way")
        for code in (0, 1, 0x1110, 0x1113, 0x2213, 0x2F21, 0x7FFF):
            self.assertFalse(message.is_known(code))
        for row in message_names_ours.MESSAGE_TYPES:
            self.assertEqual(getattr(messages_ours, row[1]), row[0])

    def test_every_code_that_a_device_gives_is_in_table_3(self):
        known = [row[0] for row in results.ERROR_TYPES]
        for name in dir(result_codes):
            if name[0] != "_":
                self.assertIn(getattr(result_codes, name), known, name)

    def test_error_types_are_those_of_table_3(self):
        self.assertEqual(len(results.ERROR_TYPES), 44)
        codes = [row[0] for row in results.ERROR_TYPES]
        self.assertEqual(codes, sorted(set(codes)))
        for n in range(1, 0x14):
            self.assertIn(0x0B00 + n, codes)
        for row in results.ERROR_TYPES:
            constant = getattr(result_codes, row[1].upper(), row[0])
            self.assertEqual(constant, row[0], row[1])

    def test_results_that_we_emit_exist(self):
        known = [row[0] for row in results.ERROR_TYPES + device_errors.DEVICE_ERRORS]
        for token, result, _source in results_ours.FAULTS:
            self.assertTrue(result == 0 or result in known, token)
        for row in results_ours.NOT_DONE:
            self.assertIn(row[1], known)
            self.assertIn(row[2], known)
        for never in (0x0107, 0x0108):
            self.assertNotIn(never, [row[1] for row in results_ours.FAULTS])

    def test_device_errors_follow_rumps_results(self):
        from rumpus.rump.tables.results import RESULTS

        known = [row[0] for row in device_errors.DEVICE_ERRORS]
        for number, _name, _source in RESULTS:
            self.assertTrue(number == 0 or results_ours.DEVICE_ERROR + number in known)

    def test_groups_that_stand_twice_are_the_same(self):
        def shape(rows):
            return tuple([row[:3] for row in rows])

        param = shape(bodies_info_ours.PARAM)
        for body in (
            bodies_ours.DEVICE_CONTROL_REQUEST_BODY,
            bodies_ours.DEVICE_CONTROL_RESPONSE_BODY,
            bodies_ours.EVENT_NOTIFICATION_BODY,
            bodies_registration_ours.SERVICE_REGISTRATION_REQUEST_BODY,
        ):
            self.assertEqual(shape(body[-1][1]), param)
        desc = shape(bodies_ours.PARAM_DESC)
        self.assertEqual(shape(bodies_info_ours.FUNCTION[3][1]), desc)
        self.assertEqual(shape(bodies_info_ours.FUNCTION[5][1]), desc)
        self.assertEqual(shape(bodies_info_ours.FUNCTION[:3]), shape(bodies_ours.FUNCTION_HEAD))
        sections = bodies_info_ours.FULL_DESCRIPTION_BODY[2][1]
        self.assertEqual(shape(sections[:2]), shape(bodies_ours.SECTION_HEAD))
        properties = bodies_info_ours.PROPERTIES_BODY[2][1][2][1]
        self.assertEqual(shape(properties), shape(bodies_ours.PROPERTY))
        files = bodies_files_ours.GET_FILEINFO_RESPONSE_BODY[2][1]
        self.assertEqual(shape(files), shape(bodies_files_ours.FILE_INFO))

    def test_every_keyword_names_a_field_of_its_message_and_fits(self):
        for rows in ALL_KEYWORDS:
            for code, field, keywords, _source in rows:
                for row in codec.layout_of(code):
                    if row[0] == field:
                        for keyword in keywords:
                            self.assertLessEqual(len(keyword), int(row[1][1:]))
                        break
                else:
                    self.fail((code, field))


class TestVectors(unittest.TestCase):
    def check_file(self, name):
        for vector in load(name)["vectors"]:
            raw = raw_of(vector)
            values = plain(vector["values"])
            with self.subTest(vector["name"]):
                self.assertEqual(len(raw), vector["size"])
                found = codec.unpack(vector["message"], bytearray(raw), 0, len(raw))
                self.assertTrue(includes(found, values), found)
                if not vector.get("accepted_only"):
                    self.assertEqual(codec.pack(vector["message"], values), raw)

    def test_published_bodies_against_bytes_typed_from_the_document(self):
        self.check_file("dcmp_published.json")

    def test_our_bodies_against_bytes_typed_from_the_design(self):
        self.check_file("dcmp_ours.json")

    def test_every_truncation_and_every_surplus_byte_of_a_vector(self):
        for name in ("dcmp_published.json", "dcmp_ours.json"):
            for vector in load(name)["vectors"]:
                raw = raw_of(vector)
                good_sizes = [vector["size"]]
                if vector["message"] == message_codes.DEVICE_DISCOVERY_REQUEST:
                    good_sizes = [16, 18, 32, 34]  # a cut one may be another form
                for n in list(range(len(raw))) + [len(raw) + 1]:
                    if n in good_sizes or (vector["values"].get("Result", 0) and n == 2):
                        continue
                    with self.assertRaises(DecodeError):
                        codec.unpack(vector["message"], raw + b"\0", 0, n)


SAMPLES = {"C": "12", "s": b"ab"}


def sample(layout):
    """Values for every row of a layout: two of each repeated thing."""
    values = {}
    for name, fmt, count, _source in layout:
        if fmt in ("C", "s"):
            value = SAMPLES[fmt]
        elif isinstance(fmt, tuple):
            value = sample(fmt)
        elif fmt[0] == "C":
            value = "text"
        elif fmt[-1] == "s":
            value = bytes(range(int(fmt[:-1])))
        else:
            value = 0 if name == "Result" else 3
        values[name] = [value, value] if count and fmt not in ("C", "s") else value
    return values


def all_samples():
    """(message type, values) of every body, keywords in place."""
    for code, _name, _kind, _response, _result, _source in (
        messages.MESSAGE_TYPES + message_names_ours.MESSAGE_TYPES
    ):
        values = sample(codec.layout_of(code))
        for rows in ALL_KEYWORDS:
            for known, field, keywords, _source in rows:
                if known == code:
                    values[field] = keywords[-1]
        yield code, values


class TestBodies(unittest.TestCase):
    def test_every_message_round_trips_and_no_truncation_of_it_decodes(self):
        n = 0
        for code, values in all_samples():
            raw = codec.pack(code, values)
            found = codec.unpack(code, raw, 0, len(raw))
            if code != message_codes.DEVICE_DISCOVERY_REQUEST:
                self.assertEqual(codec.pack(code, found), raw, hex(code))
                for size in range(len(raw)):
                    with self.assertRaises(DecodeError):
                        codec.unpack(code, raw, 0, size)
            n += 1
        self.assertEqual(n, 27)

    def test_an_error_may_stop_after_result(self):
        for code, name, kind, _response, _result, _source in messages.MESSAGE_TYPES:
            if kind in ("response", "result"):
                self.assertEqual(codec.unpack(code, b"\x0a\x01", 0, 2), {"Result": 0x0A01}, name)
                self.assertEqual(codec.pack(code, {"Result": 0x0A01}), b"\x0a\x01")
                with self.assertRaises(DecodeError):
                    codec.unpack(code, b"\0\0", 0, 2)

    def test_an_error_may_also_come_with_all_fields(self):
        for code, values in all_samples():
            if "Result" in values:
                raw = b"\x0a\x01" + codec.pack(code, values)[2:]
                self.assertEqual(codec.unpack(code, raw, 0, len(raw))["Result"], 0x0A01)

    def test_the_user_range_passes_through(self):
        self.assertEqual(codec.unpack(0x8003, b"xyz", 0, 3), {"data": b"xyz"})
        self.assertEqual(codec.unpack(0xFFFF, b"", 0, 0), {"data": b""})
        self.assertEqual(codec.pack(0x9000, {"data": b"xyz"}), b"xyz")

    def test_keywords_are_exact(self):
        for text in (b"all", b"ALL", b"All ", b"", b"DeviceId"):
            raw = text + bytes(16 - len(text))
            with self.assertRaises(DecodeError):
                codec.unpack(message_codes.DEVICE_DISCOVERY_REQUEST, raw, 0, 16)
        with self.assertRaises(EncodeError):
            codec.pack(message_codes.DEVICE_INFO_REQUEST, {"DeviceInfoReqType": "Everything"})

    def test_results_for_bad_payloads(self):
        for raw, result in ((b"", result_codes.NO_PAYLOAD), (b"\0", result_codes.PAYLOAD_SYNTAX)):
            try:
                codec.unpack(message_codes.DEVICE_INFO_REQUEST, raw, 0, len(raw))
                self.fail()
            except DecodeError as error:
                self.assertEqual(codec.result_of(error), result)

    def test_a_counter_of_65535_is_refused_before_any_loop(self):
        raw = bytes(52) + b"\xff\xff" + bytes(100)
        with self.assertRaises(DecodeError):
            codec.unpack(message_codes.DEVICE_DISCOVERY_RESPONSE, raw, 0, len(raw))

    def test_random_bodies_give_a_value_or_a_decode_error(self):
        dice = Dice(7)
        good = 0
        for code, values in all_samples():
            raw = codec.pack(code, values)
            for _ in range(60):
                bad = bytearray(raw)
                for _flip in range(1 + dice.below(3)):
                    bad[dice.below(len(bad))] = dice.below(256)
                end = len(bad) - (dice.below(len(bad)) if dice.below(4) == 0 else 0)
                try:
                    codec.unpack(code, bad, 0, end)
                    good += 1
                except DecodeError:
                    pass
            noise = dice.raw(dice.below(200))
            try:
                codec.unpack(code, noise, 0, len(noise))
            except DecodeError:
                pass
        self.assertGreater(good, 100)


class TestDescriptions(unittest.TestCase):
    def values_of(self, kind):
        if kind != descriptions.FULL_DESCRIPTION:
            values = sample(descriptions.layout_of(kind))
            if kind == "FunctionList":
                for device in values["DeviceList"]:
                    for function in device["FunctionList"]:
                        function["FunctionCategory"] = "Control"
            return values
        sections = [{"SectionType": name, "Section": self.values_of(name)} for name in descriptions.SECTIONS]
        return {"Result": 0, "SectionList": sections}

    def test_all_types_round_trip_and_no_truncation_decodes(self):
        for row in bodies_published.KEYWORDS:
            if row[1] != "DeviceInfoReqType":
                continue
            for kind in row[2]:
                raw = descriptions.pack(kind, self.values_of(kind))
                found = descriptions.unpack(kind, raw, 0, len(raw))
                self.assertEqual(descriptions.pack(kind, found), raw, kind)
                for size in range(0, len(raw), 7):
                    with self.assertRaises(DecodeError):
                        descriptions.unpack(kind, raw, 0, size)

    def test_the_published_beginning_of_a_function_list_typed_by_hand(self):
        # Table 10 as far as it is public: Result, numofdevice, then for each numoffunction and DeviceID (D30).
        raw = bytes.fromhex("000000020000" + DEVICE.hex() + "0000" + OTHER.hex())
        devices = [{"DeviceID": DEVICE, "FunctionList": []}, {"DeviceID": OTHER, "FunctionList": []}]
        self.assertEqual(descriptions.pack("FunctionList", {"Result": 0, "DeviceList": devices}), raw)
        values = descriptions.unpack("FunctionList", raw, 0, len(raw))
        self.assertEqual([device["DeviceID"] for device in values["DeviceList"]], [DEVICE, OTHER])

    def test_sizes_of_the_design(self):
        values = {"Result": 0, "DeviceList": [{"DeviceID": DEVICE, "FunctionList": []}]}
        self.assertEqual(len(descriptions.pack("FunctionList", values)), 4 + 18)
        function = {"FunctionID": 1, "FunctionCategory": "Control"}
        values["DeviceList"][0]["FunctionList"] = [function]
        self.assertEqual(len(descriptions.pack("FunctionList", values)), 4 + 18 + 22)
        desc = sample(bodies_ours.PARAM_DESC)
        function["InputList"] = [desc, desc]
        function["OutputList"] = [desc]
        self.assertEqual(len(descriptions.pack("FunctionList", values)), 4 + 18 + 22 + 56 * 3)

    def test_random_sections_give_a_value_or_a_decode_error(self):
        dice = Dice(11)
        raw = descriptions.pack("FullDescription", self.values_of("FullDescription"))
        for _ in range(300):
            bad = bytearray(raw)
            bad[dice.below(len(bad))] = dice.below(256)
            try:
                descriptions.unpack("FullDescription", bad, 0, len(bad))
            except DecodeError:
                pass


if __name__ == "__main__":
    unittest.main()
