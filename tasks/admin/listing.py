"""Lists that cost the same on a board of a thousand tasks and of a million."""

from __future__ import annotations

import copy
from functools import cached_property
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from tasks.admin import fields
from tasks.queries import references

# Rows a list is paged through; what lies beyond is reached by search and filters.
COUNTED_TO = 10_000


class BoundedPaginator(Paginator):
    """Counts no further than COUNTED_TO; `more` says that there is more than that."""

    object_list: QuerySet[Any]

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by().values("pk")[: COUNTED_TO + 1].count()

    @property
    def count(self) -> int:
        return min(self._counted, COUNTED_TO)

    @property
    def more(self) -> bool:
        return self._counted > COUNTED_TO


class Rows(ChangeList):
    """The rows of a list in the one order its indexes give, without the columns that a list does not show."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Its names for the rows, which may not be the model's.
        self.opts = self._door.opts

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        return self._door.slim(super().get_queryset(request, exclude_parameters))

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        # Not what ?o= asks for: a column without an index would sort the whole table.
        return list(self.model_admin.get_ordering(request))

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found = self.result_list
        if not found.query.is_sliced:
            # All of them fit into a page; without a limit the database could not know that.
            found = found[: self.list_per_page]
        self.result_list = self._door.complete(list(found))
        self.show_admin_actions = bool(self.result_list)

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter is what leaves the list empty."""
        return bool(self.query or self.has_active_filters)

    @property
    def _door(self) -> Listed:
        return cast(Listed, self.model_admin)


class Listed(admin.ModelAdmin):
    """What every model's admin has in common: bounded lists, newest first, and nothing is ever deleted."""

    ordering = ["-id"]
    sortable_by = ()
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 100
    list_max_show_all = 100

    formfield_overrides = {models.DateTimeField: {"widget": fields.Moment}}

    # What a row and many of them are called here, where the model is not ours to name.
    named: tuple[str, str] | tuple[()] = ()
    # The sentence of a list that has no row yet: what would make one.
    filled_by = ""

    def __init__(self, model: type[Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        if self.named:
            self.opts = copy.copy(self.opts)
            self.opts.verbose_name, self.opts.verbose_name_plural = self.named

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Rows

    def slim(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of a list, without what it does not show."""
        return queryset

    def complete(self, rows: list[Any]) -> list[Any]:
        """The rows of one page, with what it shows besides their columns, in a fixed number of queries."""
        return rows

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(Listed):
    """A model that is found and read here, and changed elsewhere or never."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        # Not the row's own text, which may be a megabyte, as the heading of its page.
        context = {"subtitle": f"{self.opts.verbose_name} {object_id}"} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)


class PartOfATask(ReadOnly):
    """A model of rows that belong to a task, by way of `task_path`, and are found by its id."""

    task_path = "task_id"
    search_fields = ["task"]
    search_help_text = "A task, such as T-12."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        task_id = references.task_id(term)
        return (
            queryset.filter(**{self.task_path: task_id}) if task_id else self.search(queryset, term)
        ), False

    def search(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        """The rows that a search for something else than a task finds; only what an index answers."""
        return queryset.none()
