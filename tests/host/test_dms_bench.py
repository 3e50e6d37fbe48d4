"""tools/bench.py dcmp: it measures what it says. How fast things are is not tested here."""

import pytest
from bench import dcmp, interpreters


def test_uploads_are_told_as_shares_of_the_line_and_beside_a_plain_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dcmp, "BAUDS", ((921_600, 20_000),))
    monkeypatch.setattr(dcmp, "TCP_BYTES", 50_000)
    for variable in ("RUMPUS_FIRMWARE", "RUMPUS_BOARDS", "RUMPUS_WATCH"):
        monkeypatch.setenv(variable, "")  # so that what the run sets is gone afterwards
    report = dcmp.run(interpreters.find((64,)), 1)
    shares = {row.where: row for row in report.rows if row.what == "share of 921,600 baud"}
    assert set(shares) == {
        "a bare stream of bytes",
        "micropython64, serial, ring of 4096 bytes",
        "micropython64, serial, ring of 260 bytes",
    }
    # A block of 1024 bytes has 132 around it: 89 % at most, and so much more as the line makes good at the end.
    ours = shares["micropython64, serial, ring of 4096 bytes"]
    assert 0 < ours.value < 110 and ours.goal == 1.25 and ours.ratio == pytest.approx(100 / ours.value)
    (tcp,) = [row for row in report.rows if row.where == "micropython64, TCP"]
    assert tcp.value > 0 and tcp.against_value and tcp.ratio == pytest.approx(tcp.against_value / tcp.value)
