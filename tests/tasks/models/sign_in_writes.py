"""Writes around the domain that the constraints of sign-in links refuse."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User

from tasks.models import SignInLink

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
