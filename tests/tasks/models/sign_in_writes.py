"""Writes around the domain that the constraints of sign-in links and tokens refuse."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User

from tasks.models import SignInLink, Token

HOUR = timedelta(hours=1)


def _link(f, *, user="olga", **columns):
    user, _ = User.objects.get_or_create(username=user)
    given = {"secret_hash": "a" * 64, "created_at": f.now, "expires_at": f.now + HOUR, **columns}
    return SignInLink.objects.create(user=user, **given)


SIGN_IN_WRITES = {
    "sign_in_link_lives_a_while": [lambda f: _link(f, expires_at=f.now)],
    "sign_in_link_is_used_while_it_lives": [lambda f: _link(f, used_at=f.now + HOUR)],
    "signinlink.secret_hash": [lambda f: (_link(f), _link(f, user="other"))],
}


def _token(f, **columns):
    given = {"prefix": "a" * 8, "secret_hash": "a" * 64, "created_at": f.now, **columns}
    return Token.objects.create(agent=f.ada, **given)


SIGN_IN_WRITES |= {
    "token_has_a_hash": [lambda f: _token(f, secret_hash="")],
    "token_lives_a_while": [lambda f: _token(f, expires_at=f.now)],
    "token.prefix": [lambda f: (_token(f), _token(f))],
}
