"""
Ready a bare machine: ``python3 data/bootstrap.py run`` for the product, ``test`` for its tests as well.

Only the standard library is at hand here, and perhaps an old one: Python 3.8 must be able to read this file
and get a newer one. Nothing is done twice: with everything in place it ends at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PYTHON_MINORS = (14, 13, 12, 11)
ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "var" / "setup.log"
VENV = ROOT / ".venv"
INSTALLED = VENV / "installed.sha256"
UNFINISHED = VENV / "unfinished"
COMPILE = "import api; from routing.cch.ready import compile_all; compile_all()"
POSTGIS_CONTROL_FILES = (
    "usr/share/postgresql/*/extension/postgis.control",
    "usr/pgsql-*/share/extension/postgis.control",
    "opt/homebrew/share/postgresql*/extension/postgis.control",
    "opt/homebrew/opt/postgresql@*/share/postgresql*/extension/postgis.control",
    "usr/local/opt/postgresql@*/share/postgresql*/extension/postgis.control",
    "Applications/Postgres.app/Contents/Versions/*/share/postgresql/extension/postgis.control",
)
BROWSER_CACHES = (".cache/ms-playwright", "Library/Caches/ms-playwright")
NO_MAIN_CLUSTER = Path("/etc/postgresql-common/createcluster.d/rescuegrid-setup.conf")


class CannotInstallError(Exception):
    """Something that has to be done by hand: one sentence with the command that does it."""


@dataclass(frozen=True)
class Need:
    """Something the system lacks, and groups of packages that bring it: the first on offer is taken."""

    what: str
    packages: tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Ready the machine for ``run`` or ``test``; 2 when something has to be done by hand."""
    if arguments not in (["run"], ["test"]):
        return complain("usage: python3 data/bootstrap.py run|test")
    try:
        with alone():
            make_ready(for_tests=arguments == ["test"])
    except CannotInstallError as error:
        return complain(str(error))
    except KeyboardInterrupt:
        return complain("Interrupted: run this again, it goes on where it stopped.")
    except OSError as error:
        return complain(f"{error.filename}: {error.strerror}; {ROOT} must be writable and have space left.")
    return 0


def complain(sentence: str) -> int:
    """Say what is wrong and return the exit code for it."""
    print(sentence, file=sys.stderr)
    return 2


def say(step: str) -> None:
    """Say what is being done, at once."""
    print(f"setup: {step}", flush=True)


@contextmanager
def alone() -> Iterator[None]:
    """Let one set-up of this folder run at a time."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_ready(*, for_tests: bool) -> None:
    """Install what is missing: system packages, the environment, for tests a browser and Chinese letters."""
    installed = is_installed()
    needs = [] if installed else list(python_needs())
    if for_tests or not {"DATABASE_URL", "RESCUEGRID_DATABASE_URL"} & set(os.environ):
        needs += postgis_needs()
    if for_tests:
        needs += drawing_needs()
    if needs:
        install_system_packages(needs)
    if not installed:
        make_environment()
    if for_tests and not has_browser():
        install_browser()


# What the system lacks


def python_needs() -> Iterator[Need]:
    """Yield a Python that is new enough and can make environments, unless there is one."""
    python = find_python()
    if python is None:
        yield Need("Python 3.11 or newer", tuple(f"python3.{minor}-venv" for minor in PYTHON_MINORS))
    elif not succeeds(python, "-c", "import ensurepip"):
        version = output_of(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip()
        yield Need(f"venv for Python {version}", (f"python{version}-venv", "python3-venv"))


def find_python() -> str | None:
    """Return a Python that is new enough: this one, outside any environment, or the newest on PATH."""
    if sys.version_info[1] >= min(PYTHON_MINORS):
        return str(getattr(sys, "_base_executable", sys.executable))
    return next(filter(None, (shutil.which(f"python3.{minor}") for minor in PYTHON_MINORS)), None)


def postgis_needs() -> Iterator[Need]:
    """Yield PostgreSQL with PostGIS, unless it is here or said to be elsewhere."""
    here = any(any(Path("/").glob(pattern)) for pattern in POSTGIS_CONTROL_FILES)
    if not here and "RESCUEGRID_PG_BIN" not in os.environ:
        yield Need("PostgreSQL with PostGIS", ("postgresql-postgis", "postgresql postgresql-*-postgis-3"))


def drawing_needs() -> Iterator[Need]:
    """Yield what pictures of the map need: Chinese letters, Chromium and a library of its driver."""
    if sys.platform == "darwin":
        return
    if not any(Path("/usr/share/fonts").rglob("*CJK*")):
        yield Need("a font with Chinese letters", ("fonts-noto-cjk",))
    if not has_browser() and shutil.which("apt-get"):
        yield Need("Chromium", ("chromium libatomic1", "libatomic1"))


def has_browser() -> bool:
    """Whether Chromium is here, the system's or Playwright's own; Ubuntu's chromium-browser is a stub."""
    own = (next((Path.home() / cache).glob("chromium-*"), None) for cache in BROWSER_CACHES)
    return shutil.which("chromium") is not None or any(own)


# System packages


def install_system_packages(needs: list[Need]) -> None:
    """Install with apt what the system lacks, without the server Debian would start beside ours."""
    lacking = ", ".join(need.what for need in needs)
    if shutil.which("apt-get") is None:
        brew = "run `brew install python@3.13 postgresql@17 postgis`"
        remedy = brew if sys.platform == "darwin" else "install it"
        raise CannotInstallError(f"Missing on this system: {lacking}: {remedy}, then run this again.")
    as_root = root_command(f"apt-get install -y {' '.join(need.packages[0] for need in needs)}")
    say("reading the lists of system packages (apt-get update)")
    logged(*as_root, "apt-get", "update")
    packages = [package for need in needs for package in on_offer(need)]
    say(f"installing {lacking} (apt-get install {' '.join(packages)})")
    with no_main_cluster(as_root):
        trouble = logged(
            *(*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "apt-get", "install", "-y"),
            *("--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", *packages),
        )
    if trouble:
        remedy = " ".join((*as_root, "apt-get", "install", "-y", *packages))
        raise CannotInstallError(f"apt-get failed: {trouble}; mend that and run `{remedy}`, then this again.")


def root_command(wanted: str) -> list[str]:
    """Return what makes a command run as root: nothing for root, else sudo, with a password if it must."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and succeeds(sudo, "-n", "true"):
        return [sudo, "-n"]
    if sudo and sys.stdin.isatty():
        return [sudo]
    raise CannotInstallError(f"System packages are missing: run `{wanted}` as root, then this again.")


def on_offer(need: Need) -> list[str]:
    """Return the first group of packages that apt offers."""
    for group in need.packages:
        packages = [newest(name) if "*" in name else name for name in group.split()]
        if all(re.search("Candidate: [^(]", output_of("apt-cache", "policy", name)) for name in packages):
            return packages
    raise CannotInstallError(
        f"apt offers no {' or '.join(need.packages)} for {need.what}: check the network and /etc/apt, "
        "run `apt-get update` as root, then this again."
    )


def newest(pattern: str) -> str:
    """Return the package name with the highest number that apt knows in place of the star."""
    names = output_of("apt-cache", "pkgnames")
    numbers = re.findall(f"^{pattern.replace('*', '([0-9]+)')}$", names, re.MULTILINE)
    return pattern.replace("*", max(numbers, key=int, default="*"))


@contextmanager
def no_main_cluster(as_root: list[str]) -> Iterator[None]:
    """Keep Debian from making a server on port 5432 while ours is installed, and leave no trace of that."""
    folder, setting = NO_MAIN_CLUSTER.parent, "create_main_cluster = false"
    logged(*as_root, "sh", "-c", f"mkdir -p {folder} && echo '{setting}' > {NO_MAIN_CLUSTER}")
    try:
        yield
    finally:
        logged(*as_root, "sh", "-c", f"rm -f {NO_MAIN_CLUSTER}; rmdir -p --ignore-fail-on-non-empty {folder}")


# The environment


def is_installed() -> bool:
    """Whether the environment holds what the lock asks for, here, and for the Python it was made with."""
    return INSTALLED.exists() and INSTALLED.read_text() == fingerprint()


def fingerprint() -> str:
    """Digest everything the environment depends on."""
    files = [(ROOT / name).read_bytes() for name in ("requirements.lock", "pyproject.toml")]
    places = [bytes(VENV), bytes((VENV / "bin" / "python").resolve())]
    return hashlib.sha256(b"\n".join(files + places)).hexdigest()


def make_environment() -> None:
    """Make ``.venv`` unless a whole one is here, and install the locked packages and the product in it."""
    python = str(VENV / "bin" / "python")
    if not is_whole(python):
        say("making .venv again: it was half made or moved" if VENV.exists() else "making .venv")
        must(str(find_python()), "-m", "venv", "--clear", str(VENV))
    UNFINISHED.touch()
    if not succeeds(python, "-c", "import sys; sys.exit(sys.version_info.releaselevel != 'final')"):
        must(python, "-m", "pip", "install", "pip>=24.1")  # older ones do not take 3.11.0rc1 for a 3.11
    say("installing the locked Python packages (a minute or two)")
    must(python, "-m", "pip", "install", "--require-hashes", "-r", str(ROOT / "requirements.lock"))
    must(python, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    say("compiling the routing engine (a quarter of a minute)")
    must(python, "-c", COMPILE)
    INSTALLED.write_text(fingerprint())
    UNFINISHED.unlink()


def is_whole(python: str) -> bool:
    """Whether ``.venv`` was finished once, in this place, and still works."""
    if UNFINISHED.exists() or not (VENV / "bin" / "pip").exists():
        return False
    return str(VENV) in (VENV / "bin" / "pip").read_text() and succeeds(python, "-c", "import pip")


def install_browser() -> None:
    """Let Playwright bring its own Chromium where the system has none to install."""
    say("installing Playwright's Chromium")
    with_libraries = ["--with-deps"] if shutil.which("apt-get") else []
    must(str(VENV / "bin" / "python"), "-m", "playwright", "install", *with_libraries, "chromium")


# Programs


def must(*command: str) -> None:
    """Run a program; what hinders it has to be mended by hand."""
    if trouble := logged(*command):
        raise CannotInstallError(f"{trouble}: check network and disk space, then run this again.")


def logged(*command: str) -> str:
    """Run a program with its output in the log; return its last word if it failed, else nothing."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    said = done.stdout.decode(errors="replace")
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n{said}")
    if done.returncode == 0:
        return ""
    errors = (
        re.findall(r"^(?:E|ERROR|Error): (?!Can not write log).*", said, re.MULTILINE)
        or said.split("\n")[-2:-1]
    )
    return f"{errors[0] if errors else command[0] + ' failed'} (all of it is in {LOG})"


def succeeds(*command: str) -> bool:
    """Whether a program can be run and ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def output_of(*command: str) -> str:
    """Return what a program prints."""
    plain = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=plain).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
