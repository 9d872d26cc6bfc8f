"""The addresses of a task: its page, its log, and what can be done with it."""

from django.urls import path, re_path

from tasks.web import acting, creating, task

_REF = "(?P<ref>(?:[Tt]-)?[1-9][0-9]{0,17})"

urlpatterns = [
    path("new", creating.new),
    re_path(rf"^{_REF}$", task.task),
    re_path(rf"^{_REF}/log/(?P<comment_id>[1-9][0-9]{{0,17}})$", task.log_entry),
    re_path(rf"^{_REF}/(?P<verb>[a-z_]+)$", acting.act),
]
