"""Sign-in links: each opens the pages to one account, once, without a password."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class SignInLink(models.Model):
    """A link for the account `user`. The secret in it is nowhere; `secret_hash` is its SHA-256, in hexadecimal.

    It belongs to this server, not to the board: exports leave it out.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="sign_in_link_lives_a_while"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__lt=F("expires_at")),
                name="sign_in_link_is_used_while_it_lives",
            ),
        ]

    def __str__(self) -> str:
        return f"sign-in link {self.pk}"
