"""What the bootstrap tools read from a machine: apt's sources in both forms, the user's own wishes."""

from pathlib import Path

import debian_package
import get_micropython
import pytest

DEB822 = """\
# a comment
Types: deb deb-src
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By:
 -----BEGIN KEY-----
 .

Types: deb
URIs: http://vendor.test/repo
Suites: vendor-bookworm
Components: main

Enabled: no
Types: deb
URIs: http://off.test/debian
Suites: bookworm
Components: main
"""
ONE_LINE = """\
# deb http://no.test/ubuntu noble main
deb [arch=amd64 signed-by=/keys/u.gpg] http://mirror.test/ubuntu noble main restricted
deb [signed-by=/keys/u.gpg] http://mirror.test/ubuntu noble universe # more
deb-src http://mirror.test/ubuntu noble main
deb http://vendor.test/docker noble stable
"""


def release(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    monkeypatch.setattr(debian_package.platform, "freedesktop_os_release", lambda: values)


def test_debian_sources_give_the_tested_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / "debian.sources").write_text(DEB822)
    release(monkeypatch, ID="debian", VERSION_CODENAME="bookworm")
    suite, sources = debian_package.find_sources(tmp_path)
    assert suite == debian_package.SUITE
    assert [(source.uris, source.components) for source in sources] == [
        ("http://mirror.test/debian", frozenset({"main"}))
    ]
    assert "Signed-By: \n -----BEGIN KEY-----\n ." in sources[0].stanza(suite)


def test_lines_of_one_mirror_become_one_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sources.list").write_text(ONE_LINE)
    release(monkeypatch, ID="linuxmint", VERSION_CODENAME="wilma", UBUNTU_CODENAME="noble")
    suite, sources = debian_package.find_sources(tmp_path)
    assert suite == "noble"
    assert [(source.uris, source.components) for source in sources] == [
        ("http://mirror.test/ubuntu", frozenset({"main", "universe"}))
    ]
    assert "Signed-By: /keys/u.gpg" in sources[0].stanza(suite)


def test_a_wish_that_does_not_work_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MICROPYTHON", str(tmp_path / "nothing"))
    with pytest.raises(get_micropython.NotFound, match="MICROPYTHON is set, but"):
        get_micropython.find(64)


def test_when_nothing_works_all_reasons_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_bits: int) -> Path:
        raise get_micropython.Unavailable("not on this machine")

    monkeypatch.delenv("MICROPYTHON32", raising=False)
    monkeypatch.setattr(get_micropython, "WAYS", {"one way": nothing, "another": nothing})
    with pytest.raises(get_micropython.NotFound) as caught:
        get_micropython.find(32)
    text = str(caught.value)
    assert "one way: not on this machine" in text
    assert "another: not on this machine" in text
    assert "set MICROPYTHON32" in text


@pytest.mark.parametrize("bits", [64, 32])
def test_the_one_found_has_the_word_size(bits: int) -> None:
    about = get_micropython.describe(get_micropython.find(bits))
    assert (about["name"], about["bits"]) == ("micropython", bits)
