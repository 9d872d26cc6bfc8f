"""Settings from the environment: the one place that reads `AGENTBOARD_*` variables.

Everything is checked here, once, at start: a mistyped duration or port stops the server with a sentence
that names the variable, instead of surfacing hours later as a wrong lease.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tasks import durations

PREFIX = "AGENTBOARD_"
_SECRET_FILE = "secret-key"

# Every variable that is read, with its default as a user would write it. The documentation is tested against it.
DEFAULTS: dict[str, str] = {
    "DATABASE_URL": "",
    "AUTH": "open",
    "STALE_AFTER": "30m",
    "RECLAIM_AFTER": "60m",
    "RESERVE_FOR": "4h",
    "REVIEW_AFTER": "60m",
    "OFFLINE_AFTER": "5m",
    "MAX_ATTEMPTS": "3",
    "MAX_REJECTIONS": "3",
    "BLOCKED_ALERT": "4h",
    "DIGEST_EVERY": "4h",
    "WIP_LIMIT": "1",
    "WEBHOOK_PRIVATE": "",
    "SECRET_KEY": "",
    "ALLOWED_HOSTS": "",
    "HOST": "127.0.0.1",
    "PORT": "8000",
    "DATA_DIR": "var",
}


class EnvError(ValueError):
    """A setting that cannot be used; the message names the variable and what it takes."""


@dataclass(frozen=True)
class Env:
    """The settings of one process, checked and typed."""

    database_url: str
    auth: str
    stale_after: timedelta
    reclaim_after: timedelta
    reserve_for: timedelta
    review_after: timedelta
    offline_after: timedelta
    max_attempts: int
    max_rejections: int
    blocked_alert: timedelta
    digest_every: timedelta
    wip_limit: int
    webhook_private: tuple[IPv4Network | IPv6Network, ...]
    secret_key: str
    allowed_hosts: tuple[str, ...]
    host: str
    port: int
    data_dir: Path

    def own_names(self) -> list[str]:
        """What a request may call the server, because it listens there. Listening everywhere says no name."""
        if self.host in ("0.0.0.0", "::"):
            return []
        return [f"[{self.host}]" if ":" in self.host else self.host.lower()]


def load(environ: Mapping[str, str], *, base: Path) -> Env:
    """Read `environ`; a relative `DATA_DIR` counts from `base`. Raises EnvError, naming the variable."""

    def text(name: str) -> str:
        return environ.get(PREFIX + name, "").strip() or DEFAULTS[name]

    auth = text("AUTH")
    if auth not in ("open", "token"):
        raise EnvError(f"{PREFIX}AUTH is '{auth}'; it takes 'open' or 'token'.")
    data_dir = base / text("DATA_DIR")
    return Env(
        database_url=_database_url(text("DATABASE_URL"), data_dir),
        auth=auth,
        stale_after=_duration("STALE_AFTER", text("STALE_AFTER")),
        reclaim_after=_duration("RECLAIM_AFTER", text("RECLAIM_AFTER")),
        reserve_for=_duration("RESERVE_FOR", text("RESERVE_FOR")),
        review_after=_duration("REVIEW_AFTER", text("REVIEW_AFTER")),
        offline_after=_duration("OFFLINE_AFTER", text("OFFLINE_AFTER")),
        max_attempts=_integer("MAX_ATTEMPTS", text("MAX_ATTEMPTS"), low=1, high=1000),
        max_rejections=_integer("MAX_REJECTIONS", text("MAX_REJECTIONS"), low=1, high=1000),
        blocked_alert=_duration("BLOCKED_ALERT", text("BLOCKED_ALERT")),
        digest_every=_duration("DIGEST_EVERY", text("DIGEST_EVERY")),
        wip_limit=_integer("WIP_LIMIT", text("WIP_LIMIT"), low=1, high=1000),
        webhook_private=_networks("WEBHOOK_PRIVATE", text("WEBHOOK_PRIVATE")),
        secret_key=text("SECRET_KEY"),
        allowed_hosts=tuple(h.strip().lower() for h in text("ALLOWED_HOSTS").split(",") if h.strip()),
        host=text("HOST"),
        port=_integer("PORT", text("PORT"), low=0, high=65535),
        data_dir=data_dir,
    )


def database(url: str) -> dict[str, object]:
    """Django's `DATABASES` entry, without options, for `sqlite:///path` or `postgresql://…`. Raises EnvError."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(parts.path.removeprefix("/"))}
    if parts.scheme not in ("postgres", "postgresql"):
        raise EnvError(
            f"{PREFIX}DATABASE_URL starts with '{parts.scheme}'; it takes postgresql:// or sqlite:///."
        )
    if not parts.path.strip("/"):
        raise EnvError(f"{PREFIX}DATABASE_URL names no database; it ends with /NAME.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def generated_secret(data_dir: Path) -> str:
    """The secret kept in `data_dir`, made on first use and readable by the owner only."""
    path = data_dir / _SECRET_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            # A link, not a rename: of two processes that start together the first one's secret stays.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def _database_url(url: str, data_dir: Path) -> str:
    if url:
        database(url)
        return url
    return "sqlite:///" + quote(str((data_dir / "agentboard.sqlite3").absolute()))


def _duration(name: str, text: str) -> timedelta:
    try:
        return durations.parse(text)
    except ValueError as error:
        raise EnvError(f"{PREFIX}{name}: {error}") from None


def _networks(name: str, text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(network.strip()) for network in text.split(",") if network.strip())
    except ValueError as error:
        raise EnvError(
            f"{PREFIX}{name}: {error}; it takes networks such as 10.0.0.0/8 or ::1/128, with commas."
        ) from None


def _integer(name: str, text: str, *, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise EnvError(f"{PREFIX}{name} is '{text}'; it takes a whole number from {low} to {high}.")
    return int(text)
