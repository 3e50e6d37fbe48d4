"""Unpack a Debian package and all that it needs into a folder, leaving the system as it is.

Nothing is installed and no root rights are needed: apt works in a private folder with an empty list of
installed packages, so it resolves and downloads everything, the C library included; dpkg-deb unpacks it.
Where to download from is read from the machine's own apt sources; no host is named here.
"""

import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

# Debian's release whose packages the project is tested with. Other distributions use their own release.
SUITE = "trixie"
APT = Path("/etc/apt")
TIMEOUT_S = 300


class PackageError(Exception):
    """The package cannot be had this way; the text says why."""


@dataclass(frozen=True)
class Source:
    """One place that packages come from, as a stanza of apt's deb822 format has it."""

    uris: str
    components: frozenset[str]
    options: tuple[tuple[str, str], ...]  # how its signature is checked

    def stanza(self, suite: str) -> str:
        lines = ["Types: deb", f"URIs: {self.uris}", f"Suites: {suite}"]
        lines += [f"Components: {' '.join(sorted(self.components))}", "Targets: Packages"]
        lines += [f"{name}: {value}" for name, value in self.options]
        return "\n".join(lines) + "\n"


def unpack(package: str, arch: str, into: Path) -> None:
    """Unpack package and its dependencies, built for arch, into the folder; raise PackageError."""
    for tool in ("apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            raise PackageError(f"this system has no {tool}")
    suite, sources = find_sources()
    reasons = []
    for source in sources:
        work = into.parent / f"{into.name}.apt"
        try:
            debs = _download(package, arch, source.stanza(suite), work)
            _unpack_all(debs, into)
            return
        except PackageError as error:
            reasons.append(str(error))
        finally:
            shutil.rmtree(work, ignore_errors=True)
    raise PackageError(f"{suite}, {arch}: " + ("; ".join(reasons) or "no apt source of this release found"))


def architecture() -> str:
    """Debian's name for this machine's architecture, as in "amd64"; raise PackageError."""
    if not shutil.which("dpkg"):
        raise PackageError("this system has no dpkg")
    return _run(["dpkg", "--print-architecture"]).strip()


# --- the machine's own sources --------------------------------------------------------------------------


def find_sources(apt: Path = APT) -> tuple[str, list[Source]]:
    """The suite to ask for, and the sources of this machine's own release."""
    try:
        release = platform.freedesktop_os_release()
    except OSError as error:
        raise PackageError("this system does not say which release it is (no os-release file)") from error
    names = {release.get("VERSION_CODENAME", ""), release.get("UBUNTU_CODENAME", "")} - {""}
    is_debian = release.get("ID") in ("debian", "raspbian")
    if is_debian:
        names |= {"stable", "oldstable", "testing", "unstable", "sid"}
    merged: dict[str, Source] = {}
    own_suite = ""
    for stanza in _read_stanzas(apt):
        suites = names & set(stanza["suites"].split())
        components = {"main", "universe"} & set(stanza.get("components", "").split())
        if not suites or not components or stanza.get("enabled", "yes") == "no":
            continue
        own_suite = own_suite or min(suites)
        # One-line sources often name one mirror twice, with different components: it is one source.
        before = merged.get(stanza["uris"], Source("", frozenset(), ()))
        merged[stanza["uris"]] = Source(stanza["uris"], before.components | components, _options(stanza))
    return (SUITE if is_debian else own_suite), list(merged.values())


def _options(stanza: dict[str, str]) -> tuple[tuple[str, str], ...]:
    kept = ("Signed-By", "Trusted", "Check-Valid-Until")
    return tuple((name, stanza[name.lower()]) for name in kept if name.lower() in stanza)


def _read_stanzas(apt: Path) -> list[dict[str, str]]:
    found = []
    for file in sorted(apt.glob("sources.list.d/*.sources")):
        found += _parse_deb822(_read(file))
    for file in (apt / "sources.list", *sorted(apt.glob("sources.list.d/*.list"))):
        found += _parse_one_line(_read(file))
    return [stanza for stanza in found if "deb" in stanza.get("types", "").split() and "suites" in stanza]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _parse_deb822(text: str) -> list[dict[str, str]]:
    stanzas = []
    for block in re.split(r"\n[ \t]*\n", text):
        stanza: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace() and name:  # a value goes on, such as a key written into the file
                stanza[name] += "\n" + line
            elif ":" in line:
                name, _, value = line.partition(":")
                name = name.strip().lower()
                stanza[name] = value.strip()
        stanzas.append(stanza)
    return stanzas


def _parse_one_line(text: str) -> list[dict[str, str]]:
    stanzas = []
    for line in text.splitlines():
        parts = re.match(r"deb\s+(?:\[([^]]*)\]\s*)?(\S+)\s+(\S+)\s+([^#]+)", line)
        if parts:
            stanza = dict(re.findall(r"([a-z-]+)=(\S+)", parts[1] or ""))
            stanza |= {"types": "deb", "uris": parts[2], "suites": parts[3], "components": parts[4]}
            stanzas.append(stanza)
    return stanzas


# --- a private apt --------------------------------------------------------------------------------------


def _download(package: str, arch: str, stanza: str, work: Path) -> list[Path]:
    """Fetch the package files for package and its dependencies into work; return their paths."""
    environment = dict(os.environ, APT_CONFIG=str(_private_apt(arch, stanza, work)), LC_ALL="C")
    _run(["apt-get", "-q", "-o", "APT::Update::Error-Mode=any", "update"], environment)
    # With download-only and the private status file, "install" means: resolve and fetch.
    _run(
        ["apt-get", "-q", "-y", "--download-only", "--no-install-recommends", "install", package], environment
    )
    return sorted((work / "cache" / "archives").glob("*.deb"))


def _private_apt(arch: str, stanza: str, work: Path) -> Path:
    """Lay out apt's folders under work; return its configuration file."""
    for folder in ("apt.conf.d", "sources.d", "preferences.d", "lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    (work / "sources.d" / "machine.sources").write_text(stanza)
    (work / "status").touch()
    _link_machine_settings(work / "apt.conf.d")
    # Read last, so that it wins over the machine's settings, whose hooks must not run either.
    (work / "apt.conf.d" / "zz-private").write_text(f'''
        #clear APT::Update::Pre-Invoke;
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;
        #clear APT::Architectures;
        APT::Architectures {{ "{arch}"; }};
        APT::Architecture "{arch}";
        APT::Sandbox::User "root";
        Acquire::Languages "none";
        Dir::Etc::sourcelist "{work}/none";
        Dir::Etc::sourceparts "{work}/sources.d";
        Dir::Etc::preferences "{work}/none";
        Dir::Etc::preferencesparts "{work}/preferences.d";
        Dir::State "{work}";
        Dir::State::lists "{work}/lists";
        Dir::State::status "{work}/status";
        Dir::State::extended_states "{work}/extended_states";
        Dir::Cache "{work}/cache";
        Dir::Cache::archives "{work}/cache/archives";
        Dir::Log "{work}";
    ''')
    config = work / "apt.conf"
    config.write_text(f'Dir::Etc::main "{work}/none";\nDir::Etc::parts "{work}/apt.conf.d";\n')
    return config


def _link_machine_settings(folder: Path) -> None:
    """The machine's own settings (proxy, certificates, ...) under names that sort before ours."""
    for file in (*APT.glob("apt.conf.d/*"), APT / "apt.conf"):
        if file.is_file() and os.access(file, os.R_OK):
            (folder / file.name).symlink_to(file)


def _unpack_all(debs: list[Path], into: Path) -> None:
    if not debs:
        raise PackageError("apt downloaded nothing")
    into.mkdir(parents=True, exist_ok=True)
    for deb in debs:
        _run(["dpkg-deb", "-x", str(deb), str(into)])


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    """Run a command and return what it printed; raise PackageError with its own error line."""
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PackageError(f"{command[0]}: {error}") from error
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("E:")] or [done.stderr.strip()]
        raise PackageError(f"{command[0]}: {errors[-1] or f'exit code {done.returncode}'}")
    return done.stdout
