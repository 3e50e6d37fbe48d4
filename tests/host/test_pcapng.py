"""Captures and the frames in them, as the real tshark reads them."""

import io
from pathlib import Path

import tshark

from rumpus.link import RUMP
from rumpus_host.ip_frames import TcpStreams, udp_frame
from rumpus_host.pcapng import ETHERNET, IN, OUT, RUMPUS, Capture

HERE, THERE, GROUP = ("192.0.2.1", 40001), ("192.0.2.2", 17812), ("239.255.178.11", 17811)
NOON_US = 1_790_000_000_123_456


def written(tmp_path: Path, fill) -> Path:
    path = tmp_path / "test.pcapng"
    with path.open("wb") as file:
        fill(Capture(file, "a test"))
    return path


def test_packets_of_two_kinds_with_time_direction_and_comment(tmp_path: Path) -> None:
    def fill(capture: Capture) -> None:
        lan, cable = capture.interface(ETHERNET, "the LAN"), capture.interface(RUMPUS, "/dev/ttyUSB0")
        capture.packet(cable, NOON_US, bytes((RUMP, 1, 2)), OUT, "a query, 50 °C")
        capture.packet(lan, NOON_US + 1, udp_frame(HERE, GROUP, b"hello"), IN)
        capture.packet(cable, NOON_US + 2, b"")

    capture = written(tmp_path, fill)
    names = ("frame.interface_name", "frame.encap_type", "frame.time_epoch", "frame.packet_flags_direction")
    first, second, third = tshark.fields(capture, *names, "frame.comment", "frame.len", "data.data")
    assert first[:2] == ["/dev/ttyUSB0", "45"]  # tshark's own number of USER0
    assert first[2] == "1790000000.123456000"
    assert (int(first[3], 0), first[4], first[5]) == (2, "a query, 50 °C", "3")
    assert first[6].replace(":", "") == "010102"
    assert second[:2] == ["the LAN", "1"]
    assert (int(second[3], 0), second[4]) == (1, "")
    assert (third[0], third[4], third[5]) == ("/dev/ttyUSB0", "", "0")
    tshark.check_nothing_is_bad(capture)


def test_datagrams_have_right_headers(tmp_path: Path) -> None:
    payloads = [bytes(range(n)) for n in (1, 2, 17, 200)] + [bytes(1144), b"\xff" * 65000]

    def fill(capture: Capture) -> None:
        lan = capture.interface(ETHERNET, "LAN")
        for n, payload in enumerate(payloads):
            capture.packet(lan, NOON_US + n, udp_frame(HERE, GROUP if n % 2 else THERE, payload))

    capture = written(tmp_path, fill)
    names = (
        "ip.src",
        "udp.srcport",
        "ip.dst",
        "udp.dstport",
        "eth.dst",
        "udp.checksum.status",
        "udp.payload",
    )
    for n, (row, payload) in enumerate(zip(tshark.fields(capture, *names), payloads, strict=True)):
        to = GROUP if n % 2 else THERE
        assert row[:4] == [HERE[0], str(HERE[1]), to[0], str(to[1])]
        assert row[4] == ("01:00:5e:7f:b2:0b" if n % 2 else "02:00:c0:00:02:02")
        assert (row[5], row[6].replace(":", "")) == ("1", payload.hex())
    tshark.check_nothing_is_bad(capture)


def test_a_datagram_whose_checksum_would_be_zero_says_ffff(tmp_path: Path) -> None:
    """Zero means that there is none."""
    frames = [udp_frame(HERE, THERE, n.to_bytes(2, "big")) for n in range(0x10000)]
    sums = [frame[40:42] for frame in frames]
    assert b"\0\0" not in sums and b"\xff\xff" in sums


def test_the_segments_of_a_connection_follow_each_other(tmp_path: Path) -> None:
    sent = [(HERE, THERE, b"one"), (THERE, HERE, b"answer"), (HERE, THERE, b"four"), (HERE, THERE, b"!")]

    def fill(capture: Capture) -> None:
        lan, streams = capture.interface(ETHERNET, "LAN"), TcpStreams()
        for n, (source, to, payload) in enumerate(sent):
            capture.packet(lan, NOON_US + n, streams.frame(source, to, payload))

    capture = written(tmp_path, fill)
    names = ("tcp.srcport", "tcp.seq", "tcp.ack", "tcp.payload", "tcp.checksum.status", "tcp.stream")
    rows = [[*row[:3], row[3].replace(":", ""), *row[4:]] for row in tshark.fields(capture, *names)]
    assert rows == [
        ["40001", "1", "1", b"one".hex(), "1", "0"],
        ["17812", "1", "4", b"answer".hex(), "1", "0"],
        ["40001", "4", "7", b"four".hex(), "1", "0"],
        ["40001", "8", "7", b"!".hex(), "1", "0"],
    ]
    tshark.check_nothing_is_bad(capture)


def test_a_capture_is_whole_after_each_packet(tmp_path: Path) -> None:
    file = io.BytesIO()
    capture = Capture(file)
    cable = capture.interface(RUMPUS, "cable")
    for n in range(3):
        path = tmp_path / f"{n}.pcapng"
        path.write_bytes(file.getvalue())
        assert len(tshark.fields(path, "frame.number")) == n
        capture.packet(cable, NOON_US + n, bytes(n))
