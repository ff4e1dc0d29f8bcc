"""A root folder with a Debian in it, and commands run inside as Docker would: own mounts, processes and environment."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
LOOPBACK_UP = (
    "import fcntl, socket, struct; "
    "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x49))"  # SIOCSIFFLAGS: up, loopback, running
)


class FailedError(Exception):
    """A command inside ended with another status than 0."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a command inside may see and do.

    `binds` are outside folders by their place inside: read-only unless in `writable`. `is_confined` is what
    compose.yaml asks for (root file system read-only, no capability, no new privileges), and no network at all.
    """

    env: Mapping[str, str]
    user: str = "root"
    folder: str = "/"
    binds: Mapping[str, Path] = field(default_factory=dict)
    writable: Mapping[str, Path] = field(default_factory=dict)
    is_confined: bool = False


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that is the root of a file system."""

    path: Path

    def copy_to(self, path: Path) -> "Root":
        """A copy with owners and modes kept."""
        subprocess.run(["cp", "--archive", "--reflink=auto", f"{self.path}/.", path], check=True)
        return Root(path)

    def inside(self, place: str) -> Path:
        """Where a path inside is outside."""
        return self.path / place.lstrip("/")

    def run(self, command: Sequence[str], cell: Cell) -> str:
        """Runs a command inside; its output. Raises FailedError."""
        return self.script(f"inside {shlex.join(command)}", cell)

    def script(self, script: str, cell: Cell) -> str:
        """Runs lines of shell in which `(inside WORDS...)` runs a command inside; their output. Raises FailedError.

        `inside` becomes the command: a subshell, or `&`, lets the lines go on.
        """
        for place, source in {**cell.binds, **cell.writable}.items():
            self._make_place(place, source)
        lines = "\n".join([*self._mounts(cell), *self._entrance(cell), script])
        spaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--uts", "--ipc"]
        network = ["--net"] if cell.is_confined else []
        done = subprocess.run(
            ["unshare", *spaces, *network, "/bin/sh", "-euc", lines],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise FailedError(f"{script}\nended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def _make_place(self, place: str, source: Path) -> None:
        target = self.inside(place)
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()

    def _mounts(self, cell: Cell) -> list[str]:
        root = shlex.quote(str(self.path))
        lines = [f"mount --bind {root} {root}"]
        if cell.is_confined:
            lines += [f"mount -o remount,ro,bind {root}", f"mount -t tmpfs -o mode=1777,nosuid tmpfs {root}/tmp"]
            lines += [f"{sys.executable} -c {shlex.quote(LOOPBACK_UP)}"]
        for place, source in {**cell.binds, **cell.writable}.items():
            target = shlex.quote(str(self.inside(place)))
            lines.append(f"mount --bind {shlex.quote(str(source))} {target}")
            lines += [f"mount -o remount,ro,bind {target}"] if place in cell.binds else []
        lines += [f"mount -t proc proc {root}/proc", f"mount -t tmpfs -o mode=755,nosuid tmpfs {root}/dev"]
        lines += [f"touch {root}/dev/{name}; mount --bind /dev/{name} {root}/dev/{name}" for name in DEVICES]
        lines += [f"mkdir {root}/dev/shm; mount -t tmpfs -o mode=1777,nosuid tmpfs {root}/dev/shm"]
        return [*lines, f"ln -s /proc/self/fd {root}/dev/fd"]

    def _entrance(self, cell: Cell) -> list[str]:
        """The shell function `inside`."""
        uid, gid, home = self._account(cell.user)
        rights = ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"] if cell.is_confined else []
        who = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *rights]
        env = [f"{name}={value}" for name, value in {"HOME": home, **cell.env}.items()]
        go = ["/bin/sh", "-c", f'cd {shlex.quote(cell.folder)} && exec "$@"', "sh"]
        words = ["chroot", str(self.path), "/usr/bin/env", "-i", *env, *who, *go]
        return [f'inside() {{ exec {shlex.join(words)} "$@"; }}']

    def _account(self, user: str) -> tuple[str, str, str]:
        """User id, group id and home of a user, from the root's own list."""
        for line in self.inside("/etc/passwd").read_text("utf-8").splitlines():
            name, _, uid, gid, _, home, _ = line.split(":")
            if user in {name, uid}:
                return uid, gid, home
        raise FailedError(f"there is no user {user!r} in the image")


def bare_debian(path: Path, release: str, sources: Mapping[str, str]) -> Root:
    """A minimal Debian as the image `debian:<release>-slim` has it; `sources` are package archives by their suite."""
    debootstrap = shutil.which("debootstrap") or "/usr/sbin/debootstrap"
    made = subprocess.run(
        [debootstrap, "--variant=minbase", release, path, sources[release]],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise FailedError(f"debootstrap ended with {made.returncode}:\n{made.stdout[-2000:]}")
    lines = "".join(f"deb {archive} {suite} main\n" for suite, archive in sources.items())
    (path / "etc/apt/sources.list").write_text(lines, "utf-8")
    return Root(path)
