"""Signing in: one-time links, which let a person onto the pages without a password."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from tasks.domain import hashing, people, transactions
from tasks.domain.refusals import Conflict, Denied, Missing
from tasks.models import SignInLink

# Long enough to finish reading what a server prints at its start; whoever comes later has another one printed.
LIFETIME = timedelta(minutes=30)
# How long a link that cannot be used any more is remembered, so that who opens it late is told why.
REMEMBERED = timedelta(days=7)
_ANOTHER = "Run `agentboard sign-in` where the board runs, and open the link that it prints."


class Issued(NamedTuple):
    """A new link: the secret in its address, which is told this once, and until when it can be used."""

    secret: str
    username: str
    expires_at: datetime


class UnknownLink(Missing):
    """No link has this secret, or it has been forgotten."""


class SpentLink(Conflict):
    """The link was used, or its time is up."""


class SwitchedOff(Denied):
    """The account may not sign in."""


def issue(username: str, *, now: datetime) -> Issued:
    """A link for the account of this name. Refuses a name nobody has as people.UnknownUser, and an account that is
    switched off as SwitchedOff."""
    user = people.user_called(username)
    _refuse_switched_off(user.is_active, username)
    secret = secrets.token_urlsafe(32)
    expires_at = now + LIFETIME
    with transactions.change():
        SignInLink.objects.filter(expires_at__lt=now - REMEMBERED).delete()
        SignInLink.objects.create(
            user_id=user.pk, secret_hash=hashing.of(secret), created_at=now, expires_at=expires_at
        )
    return Issued(secret, username, expires_at)


def look(secret: str, *, now: datetime) -> str:
    """The name of the account that the link lets in; using it up is `redeem`'s. Refuses what cannot be used as
    UnknownLink, SpentLink or SwitchedOff."""
    return _usable(secret, now=now).user.get_username()


def redeem(secret: str, *, now: datetime) -> int:
    """Use the link up, and give the id of the account that it lets in. Of any number at the same instant one does.

    Refuses what cannot be used as UnknownLink, SpentLink or SwitchedOff.
    """
    unused = SignInLink.objects.filter(
        # No condition on the account here: it would be a subquery, and PostgreSQL does not look at it again after it
        # has waited for another one that uses the same link.
        secret_hash=hashing.of(secret),
        used_at=None,
        expires_at__gt=now,
    )
    with transactions.change():
        link = _usable(secret, now=now)
        if not unused.update(used_at=now):
            raise _spent(SignInLink.objects.get(pk=link.pk), now=now)
    return link.user_id


def _usable(secret: str, *, now: datetime) -> SignInLink:
    link = SignInLink.objects.select_related("user").filter(secret_hash=hashing.of(secret)).first()
    if link is None:
        raise UnknownLink("No sign-in link has this address.", fix=_ANOTHER)
    if link.used_at is not None or link.expires_at <= now:
        raise _spent(link, now=now)
    _refuse_switched_off(link.user.is_active, link.user.get_username())
    return link


def _spent(link: SignInLink, *, now: datetime) -> SpentLink:
    if link.used_at is not None:
        detail = f"This sign-in link was used at {link.used_at:%H:%M} UTC, and each lets in once."
    else:
        detail = f"This sign-in link could be used until {link.expires_at:%H:%M} UTC; it is {now:%H:%M} now."
    return SpentLink(detail, fix=_ANOTHER)


def _refuse_switched_off(is_active: bool, username: str) -> None:
    if not is_active:
        raise SwitchedOff(
            f"The account {username} is switched off.",
            fix="Whoever runs the board can switch it on in the admin.",
        )
