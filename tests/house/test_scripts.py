"""The set-up scripts: what is there is left alone, what is missing is installed once, other systems get advice."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SYSTEM = ROOT / "scripts/install-system-packages"
COREUTILS = ("sh", "cat", "tr", "sort", "sed", "head", "dirname", "env", "id")

#: Answers like dpkg-query for the packages in the file `installed`.
DPKG_QUERY = """#!/bin/sh
for name; do grep -qx -e "$name" "$FAKES/installed" && printf 'installed:%s ' "$name"; done; exit 1
"""
#: Installs by writing names into the same file; fails like apt-get for what no list has.
APT_GET = """#!/bin/sh
echo "apt-get $*" >> "$FAKES/calls"
[ "$1" = update ] && { cp "$FAKES/mirror" "$FAKES/lists"; exit 0; }
for word; do case $word in -*|install) ;; *)
    grep -qx -e "$word" "$FAKES/lists" || exit 100
    echo "$word" >> "$FAKES/installed" ;;
esac; done
"""
APT_CACHE = """#!/bin/sh
for last; do :; done
grep -qx -e "$last" "$FAKES/lists"
"""
SUDO = """#!/bin/sh
echo "sudo $*" >> "$FAKES/calls"
exec "$@"
"""
ID = "#!/bin/sh\necho ${FAKE_ID:-0}\n"


@dataclass
class Machine:
    """A make-believe Debian: a PATH with fakes and files that say what is installed and what can be."""

    folder: Path

    def add(self, name: str, text: str) -> None:
        program = self.folder / "bin" / name
        program.unlink(missing_ok=True)
        program.write_text(text, "utf-8")
        program.chmod(0o755)

    def note(self, name: str, lines: list[str]) -> None:
        (self.folder / name).write_text("".join(line + "\n" for line in lines), "utf-8")

    def calls(self) -> list[str]:
        calls = self.folder / "calls"
        return calls.read_text("utf-8").splitlines() if calls.exists() else []

    def run(self, *arguments: str, user: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.folder / "bin"), "FAKES": str(self.folder), "FAKE_ID": str(user)}
        shell = shutil.which("sh") or "/bin/sh"
        return subprocess.run(
            [shell, str(SYSTEM), *arguments], env=environment, capture_output=True, text=True, check=False
        )


def packages() -> list[str]:
    text = SYSTEM.read_text("utf-8")
    lists = [text.split(f"{name}='\n", 1)[1].split("'", 1)[0] for name in ("run_packages", "test_packages")]
    fonts = (ROOT / "bench/fonts.txt").read_text("utf-8")
    return [line.split("|")[0] for line in "\n".join([*lists, fonts]).split()]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    (tmp_path / "bin").mkdir()
    for name in (*COREUTILS, "grep", "cp"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    fakes = {"dpkg-query": DPKG_QUERY, "apt-get": APT_GET, "apt-cache": APT_CACHE, "id": ID}
    for name, text in (fakes | {"python3": "#!/bin/sh\n"}).items():
        machine.add(name, text)
    machine.note("installed", packages())
    machine.note("lists", packages())
    machine.note("mirror", packages())
    return machine


def test_where_nothing_is_missing_apt_is_not_called(machine: Machine) -> None:
    before = time.monotonic()
    done = machine.run("--test")
    took = time.monotonic() - before

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert machine.calls() == []
    assert took < 1


def test_only_what_is_missing_is_installed_and_only_once(machine: Machine) -> None:
    machine.note("installed", [name for name in packages() if name not in {"poppler-utils", "libtiff-tools"}])

    first, second = machine.run("--test"), machine.run("--test")

    assert (first.returncode, second.returncode) == (0, 0)
    assert machine.calls() == ["apt-get install -q -y --no-install-recommends libtiff-tools poppler-utils"]


def test_a_package_under_its_newer_name_counts(machine: Machine) -> None:
    machine.note("installed", ["libzbar0t64", *(name for name in packages() if name != "libzbar0")])

    machine.run()

    assert machine.calls() == []


def test_what_only_tests_need_is_left_out(machine: Machine) -> None:
    machine.note("installed", [name for name in packages() if name != "libtiff-tools"])

    machine.run()

    assert machine.calls() == []


def test_lists_are_fetched_where_they_lack_a_package(machine: Machine) -> None:
    machine.note("installed", [name for name in packages() if name != "tesseract-ocr"])
    machine.note("lists", [])

    done = machine.run()

    assert done.returncode == 0
    assert [call.split()[1] for call in machine.calls()] == ["update", "install"]


def test_who_is_not_root_uses_sudo(machine: Machine) -> None:
    machine.note("installed", [name for name in packages() if name != "tesseract-ocr"])
    machine.add("sudo", SUDO)

    done = machine.run(user=1000)

    assert done.returncode == 0
    assert machine.calls()[0].startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get install")


def test_without_root_and_sudo_the_command_is_told(machine: Machine) -> None:
    machine.note("installed", [name for name in packages() if name != "tesseract-ocr"])

    done = machine.run(user=1000)

    assert done.returncode != 0
    assert "as root, run: apt-get install" in done.stderr


def test_a_failed_installation_is_told(machine: Machine) -> None:
    machine.note("installed", [name for name in packages() if name != "tesseract-ocr"])
    machine.note("lists", [])
    machine.note("mirror", [])

    done = machine.run()

    assert done.returncode != 0
    assert "could not install: tesseract-ocr" in done.stderr


def test_another_system_gets_a_list(machine: Machine) -> None:
    (machine.folder / "bin/apt-get").unlink()

    done = machine.run()

    assert done.returncode != 0
    assert "not Debian or Ubuntu" in done.stderr
    assert "tesseract pdftoppm" in done.stderr


def test_another_system_with_the_programs_goes_on(machine: Machine) -> None:
    (machine.folder / "bin/apt-get").unlink()
    machine.add("tesseract", "#!/bin/sh\n")
    machine.add("pdftoppm", "#!/bin/sh\n")

    done = machine.run()

    assert done.returncode == 0


def test_an_unknown_option_is_refused(machine: Machine) -> None:
    assert machine.run("--everything").returncode == 2


def test_the_scripts_are_programs_without_errors_of_syntax() -> None:
    scripts = [*(ROOT / "scripts").iterdir(), ROOT / ".ci/run"]

    broken = [script.name for script in scripts if subprocess.run(["bash", "-n", script], check=False).returncode]
    not_programs = [script.name for script in scripts if not os.access(script, os.X_OK)]

    assert len(scripts) >= 5
    assert (broken, not_programs) == ([], [])


def test_ci_leaves_nothing_out() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    run = (ROOT / ".ci/run").read_text("utf-8")

    stages = ["ruff check", "ruff format --check", "/mypy", "lint-imports", "pytest tests/house", "pytest tests/unit"]

    assert "make test" in run
    assert [stage for stage in stages if stage not in makefile] == []
