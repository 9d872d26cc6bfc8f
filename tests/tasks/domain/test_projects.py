"""Projects: made by the first task that names one."""

import pytest

from tasks.domain import projects
from tasks.domain.refusals import Invalid
from tasks.models import Project


@pytest.mark.parametrize(
    ("given", "name"), [("Shop", "shop"), (" a ", "a"), ("0.x_-", "0.x_-"), ("x" * 60, "x" * 60)]
)
def test_a_project_is_made_on_first_use_and_found_from_then_on(db, now, given, name):
    project = projects.find_or_create(given, now=now)
    assert (project.name, project.created_at) == (name, now)
    assert projects.find_or_create(name, now=now) == project


def test_the_first_project_is_there_from_the_start(db, now):
    assert projects.find_or_create(Project.DEFAULT, now=now) == Project.objects.get()


@pytest.mark.parametrize("given", ["", " ", "-a", "a b", "ä", "a/b", "x" * 61, None, 7, ["a"]])
def test_anything_else_is_refused(db, now, given):
    with pytest.raises(Invalid) as refusal:
        projects.find_or_create(given, now=now)
    assert refusal.value.extra["errors"].keys() == {"project"}
