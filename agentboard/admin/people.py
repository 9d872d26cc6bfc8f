"""Those who may sign in, and their groups: Django's own pages, bounded as the board's are."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

admin.site.unregister(User)


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """When somebody came is the server's to know."""

    show_facets = admin.ShowFacets.NEVER
    readonly_fields = ("last_login", "date_joined")
