"""A list without a row says why it is empty."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.html import escape

from tasks.admin.listing import Listed

pytestmark = pytest.mark.once


def test_a_list_without_a_row_says_what_would_fill_it_and_offers_no_action(operator, db):
    doors = [(model, door) for model, door in admin.site._registry.items() if isinstance(door, Listed)]
    empty = [(model, door) for model, door in doors if not model._default_manager.exists()]
    assert len(empty) > 20
    for model, door in empty:
        html = operator.get(reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")).text
        assert f'<p class="empty">{escape(door.filled_by)}</p>' in html, model
        assert 'name="action"' not in html, model
    assert all(door.filled_by for _, door in doors)


def test_a_search_that_finds_nothing_says_so_and_leads_back(operator, write):
    write("Here")
    html = operator.get("/admin/tasks/task/?q=nowhere").text
    assert 'Nothing is found by this search and these filters. <a href="?">Show all tasks</a>' in html
