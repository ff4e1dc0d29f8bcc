"""What of this machine's network settings a build inside needs: nothing of it stands in the Dockerfile or the image."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: Where files of this machine are shown inside.
SHOWN = "/run/this-machine"
#: What a build engine gives every container.
NAMES = ("/etc/resolv.conf", "/etc/hosts")
DEFAULT_ARCHIVES = {"": "http://deb.debian.org/debian", "-security": "http://deb.debian.org/debian-security"}
PROXIES = frozenset({"http_proxy", "https_proxy", "no_proxy", "all_proxy"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Environment variables and read-only binds (place inside: path outside) for the time of the build."""

    env: dict[str, str]
    binds: dict[str, Path]


def surroundings(folder: Path) -> Surroundings:
    """How pip and apt reach their servers here, with every local path they name; `folder` is for what is written."""
    env = {name: value for name, value in os.environ.items() if name.lower() in PROXIES}
    binds = {name: Path(name) for name in NAMES if Path(name).exists()}
    for name, value in _pip_settings().items():
        env[name] = value
        for found in re.findall(r"(?:file://)?(/[^\s'\"]+)", "" if "://" in value and "file:" not in value else value):
            path = Path(found)
            if path.is_file():
                binds[f"{SHOWN}/{path.name}"] = path
                env[name] = env[name].replace(found, f"{SHOWN}/{path.name}")
            elif path.exists():
                top = Path(*path.parts[:3])  # an index refers to files beside it
                binds[str(top)] = top
    apt = folder / "apt.conf"
    apt.write_text(_apt_settings(), "utf-8")
    binds[f"{SHOWN}/apt.conf"] = apt
    return Surroundings(env | {"APT_CONFIG": f"{SHOWN}/apt.conf"}, binds)


def archives(release: str) -> dict[str, str]:
    """Where this machine gets Debian's packages from, by suite; Debian's own mirrors where it does not say."""
    format_ = "$(CODENAME) $(REPO_URI)"
    try:
        lines = _output("apt-get", "indextargets", "--format", format_, "Identifier: Packages").splitlines()
    except (OSError, subprocess.CalledProcessError):
        lines = []
    known = dict(line.split(" ", 1) for line in lines if " " in line)
    return {
        release: known.get(release, DEFAULT_ARCHIVES[""]),
        f"{release}-updates": known.get(release, DEFAULT_ARCHIVES[""]),
        f"{release}-security": known.get(f"{release}-security", DEFAULT_ARCHIVES["-security"]),
    }


def _pip_settings() -> dict[str, str]:
    """As environment variables; those that are set win over pip's files, as with pip."""
    settings = {}
    for line in _output(sys.executable, "-m", "pip", "config", "list").splitlines():
        name, mark, value = line.partition("=")
        if mark and name.startswith(("global.", "install.")):
            words = value.strip("'\"").replace("\\n", " ")
            settings["PIP_" + name.split(".", 1)[1].upper().replace("-", "_")] = words
    return settings | {name: value for name, value in os.environ.items() if name.startswith("PIP_")}


def _apt_settings() -> str:
    """How this machine fetches packages (proxies, certificates), nothing else of its settings."""
    try:
        dump = _output("apt-config", "dump")
    except (OSError, subprocess.CalledProcessError):
        return ""
    lines = [line for line in dump.splitlines() if line.startswith("Acquire::") and "IndexTargets" not in line]
    return "\n".join(line for line in lines if not line.endswith('"";')) + "\n"


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
