"""What a WSGI application is told about a request (PEP 3333), built from an ASGI scope and a body read whole."""

from __future__ import annotations

import functools
import io
import sys
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIEnvironment

from asgiref.typing import HTTPScope


def build(scope: HTTPScope, body: bytes) -> WSGIEnvironment:
    """A fresh environ; applications write into theirs, so a request that runs twice needs two."""
    root = scope["root_path"].encode().decode("latin-1")
    server, port = scope["server"] or ("localhost", 80)
    client = scope["client"] or ("", 0)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root,
        "PATH_INFO": _path(scope).removeprefix(root),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    _add_headers(environ, scope)
    if body or "CONTENT_LENGTH" in environ:
        # Counted, because a chunked body announces no length and Django reads no further than this.
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _path(scope: HTTPScope) -> str:
    """The path's bytes as latin-1; `scope["path"]` has already lost those that are not UTF-8."""
    raw = scope["raw_path"]
    return (unquote_to_bytes(raw) if b"%" in raw else raw).decode("latin-1")


def _add_headers(environ: WSGIEnvironment, scope: HTTPScope) -> None:
    for name, value in scope["headers"]:
        key = _key(name)
        if key is None:
            continue
        text = value.decode("latin-1")
        if key in environ:
            text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        environ[key] = text


@functools.lru_cache(maxsize=512)
def _key(name: bytes) -> str | None:
    """The environ's key for a header, or None for one that is not passed on.

    `X_Agent` would arrive under the key of `X-Agent`, past whatever a proxy does with the latter.
    """
    if b"_" in name or name == b"transfer-encoding":
        return None
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
