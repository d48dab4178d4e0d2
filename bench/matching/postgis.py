"""PostgreSQL with PostGIS as the peer: the same points and areas, in a server of its own on the loopback interface.

Debian's packages, a fresh data folder, JIT and parallel queries off. What it spends is the CPU of the one server
process that answers, as the kernel counts it; what its client spends is left out.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.matching.inputs import NamedArea, Places
from bench.matching.rows import place_rows, who_of
from local.process import HOST, Process, ProcessError, free_port

INSTALL = "PostGIS is not installed. On Debian and Ubuntu: apt install postgresql postgis"
SETTINGS = {
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": HOST,
}
RUNS = 5
LARGE = 20_000
DONE = "-- done --"


class NotInstalled(Exception):
    """The text says how to install it."""


@dataclass(frozen=True)
class Answer:
    """``people``: by index, as they came. ``cpu_ms``: of the server, the median of some runs, warm."""

    people: Sequence[int]
    cpu_ms: float


def folder_of_programs() -> Path:
    """Where Debian keeps the newest server that has PostGIS."""
    for server in sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: int(path.name), reverse=True):
        extension = Path("/usr/share/postgresql") / server.name / "extension" / "postgis.control"
        if (server / "bin" / "initdb").exists() and extension.exists():
            return server / "bin"
    raise NotInstalled(INSTALL)


@contextmanager
def running() -> Iterator["Session"]:
    """A server that ends with the block, and a session with it.

    Raises:
        NotInstalled
    """
    programs = folder_of_programs()
    with tempfile.TemporaryDirectory(prefix="postgis-") as scratch:
        folder = Path(scratch)
        as_server = _drop_root(folder)
        data, log = folder / "data", folder / "server.log"
        initdb = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "bench", "-E", "UTF8", "--no-locale"]
        subprocess.run([*as_server, *initdb], check=True, stdout=subprocess.DEVNULL, cwd="/")
        port = free_port()
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        server = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), "-p", str(port), *options]
        with Process("postgres", [*as_server, *server], {"PATH": os.defpath, "LC_ALL": "C"}, log) as process:
            _until_ready(programs, port, process)
            with Session(programs / "psql", port) as session:
                yield session


def _drop_root(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then as the user that Debian's package made."""
    if os.geteuid():
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    setpriv = shutil.which("setpriv") or "setpriv"
    return [setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _until_ready(programs: Path, port: int, process: Process) -> None:
    end = time.monotonic() + 60
    while subprocess.run([str(programs / "pg_isready"), "-q", "-h", HOST, "-p", str(port)]).returncode:
        if process.ended is not None or time.monotonic() > end:
            raise ProcessError(f"postgres did not start:\n{process.last_words()}")
        time.sleep(0.1)


class Session:
    """One psql, and so one server process whose CPU can be read."""

    def __init__(self, psql: Path, port: int) -> None:
        options = [
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            HOST,
            "-p",
            str(port),
            "-U",
            "bench",
            "postgres",
        ]
        self._psql = subprocess.Popen(
            [str(psql), *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PATH": os.defpath}
        )
        self._pid = int(self.ask("SELECT pg_backend_pid();")[0])

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._psql.stdin
        self._psql.stdin.close()
        self._psql.wait()

    def ask(self, *lines: str) -> list[str]:
        """Send some lines; the lines that come back."""
        assert self._psql.stdin
        assert self._psql.stdout
        self._psql.stdin.write("\n".join([*lines, f"\\echo {DONE}", ""]))
        self._psql.stdin.flush()
        answer: list[str] = []
        for line in self._psql.stdout:
            if line == f"{DONE}\n":
                return answer
            answer.append(line[:-1])
        raise ProcessError("psql ended; what it said is above")

    def load(self, places: Places) -> None:
        self.ask("CREATE EXTENSION postgis;")
        self.ask("CREATE TABLE loaded (who text, phone text, email text, lon float8, lat float8);")
        assert self._psql.stdin
        self._psql.stdin.write("COPY loaded FROM STDIN WITH (FORMAT csv);\n")
        for row in place_rows(places):
            self._psql.stdin.write(
                f"{row.participant},{row.phone or ''},{row.email or ''},{row.point[0]!r},{row.point[1]!r}\n"
            )
        self._psql.stdin.write("\\.\n")
        point = "ST_SetSRID(ST_MakePoint(lon, lat), 4326)"
        self.ask(f"CREATE TABLE places AS SELECT who, phone, email, {point} AS at FROM loaded;")  # noqa: S608
        self.ask("DROP TABLE loaded;", "CREATE INDEX ON places USING gist (at);")
        self.ask("VACUUM ANALYZE places;")

    def find(self, area: NamedArea, columns: str = "who, phone, email") -> Answer:
        """Everybody with a place in the area. ``columns`` begins with who."""
        query = f"SELECT DISTINCT {columns} FROM places WHERE {_condition(area)};"  # noqa: S608
        answers = self.ask(query)
        taken: list[float] = []
        while len(taken) < (RUNS if len(answers) < LARGE else 1):
            begun = self._cpu_ms()
            answers = self.ask(query)
            taken.append(self._cpu_ms() - begun)
        return Answer([who_of(line.partition("|")[0]) for line in answers], median(taken))

    def _cpu_ms(self) -> float:
        return int(Path(f"/proc/{self._pid}/schedstat").read_text().split()[0]) / 1e6


def _condition(area: NamedArea) -> str:
    if area.circle:
        lon, lat, radius_m = area.circle
        box = ", ".join(map(repr, area.shape.bounds))
        middle = f"ST_SetSRID(ST_MakePoint({lon!r}, {lat!r}), 4326)::geography"
        return f"at && ST_MakeEnvelope({box}, 4326) AND ST_DWithin(at::geography, {middle}, {radius_m!r})"
    assert area.geometry
    coordinates = area.geometry["coordinates"]
    polygons = [coordinates] if area.geometry["type"] == "Polygon" else coordinates
    text = ", ".join(
        "(" + ", ".join("(" + ", ".join(f"{x[0]!r} {x[1]!r}" for x in ring) + ")" for ring in polygon) + ")"
        for polygon in polygons
    )
    return f"ST_Covers(ST_SetSRID('MULTIPOLYGON({text})'::geometry, 4326), at)"
