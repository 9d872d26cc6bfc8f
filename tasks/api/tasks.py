"""Tasks: writing them down, reading, listing and editing them."""

from __future__ import annotations

import base64
import re
from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import answers, callers, fields, showing
from tasks.api.calls import Call, find_task, with_task
from tasks.domain import authoring, editing, limits
from tasks.models import Agent, Project, Status, Task
from tasks.queries import emptiness, nearest, task_list

MOST_AT_ONCE = 1000
_CURSOR = re.compile(r"before:([1-9][0-9]{0,17})")
# The call that makes each move, for whoever tries to set a status.
_CALLS = {
    "todo": "POST /tasks/{id}/reopen",
    "doing": "POST /tasks/{id}/claim",
    "cancelled": "POST /tasks/{id}/cancel",
}


class TaskBody(fields.Body):
    """What a task says; every field but the title may be left out."""

    title = fields.Title()
    description = fields.Text(
        required=False, allow_blank=True, max_length=limits.DESCRIPTION, trim_whitespace=False
    )
    done_criteria = fields.Texts(longest=limits.CRITERION, most=limits.CRITERIA, required=False)
    priority = fields.Priority(required=False)
    reviewer = fields.AgentName(required=False, allow_null=True)
    assignee = fields.AgentName(required=False, allow_null=True)
    depends_on = fields.Texts(longest=limits.EXTERNAL_ID, most=limits.DEPENDENCIES, required=False)
    labels = fields.Texts(longest=limits.LABEL, most=limits.LABELS, required=False)
    skills = fields.Texts(longest=limits.SKILL, most=limits.SKILLS_NEEDED, lower=True, required=False)
    project = fields.ProjectName(required=False)
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    not_before = serializers.DateTimeField(required=False, allow_null=True)
    stale_after = fields.Duration(required=False, allow_null=True)
    external_id = fields.Text(required=False, allow_null=True, max_length=limits.EXTERNAL_ID)


class NewTask(TaskBody):
    """The body of `POST /tasks`."""

    agent = fields.AgentName(required=False)


class NewTasks(fields.Body):
    """The body of `POST /tasks/batch`."""

    agent = fields.AgentName(required=False)
    tasks = serializers.ListField(child=TaskBody(), min_length=1, max_length=MOST_AT_ONCE)


class Selection(serializers.Serializer[Any]):
    """Which tasks to list; `status` and `priority` take several, separated by commas."""

    status = fields.Text(required=False)
    priority = fields.Text(required=False)
    assignee = fields.AgentName(required=False)
    reviewer = fields.AgentName(required=False)
    label = fields.Text(required=False, max_length=100)  # type: ignore[assignment]
    project = fields.ProjectName(required=False)
    q = fields.Text(required=False, max_length=500)
    stale = serializers.BooleanField(required=False, allow_null=True, default=None)
    ready = serializers.BooleanField(required=False, allow_null=True, default=None)
    asks_human = serializers.BooleanField(required=False, allow_null=True, default=None)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)
    cursor = fields.Text(required=False, max_length=60)

    def validate_status(self, value: str) -> list[str]:
        return _each(value, Status.values)

    def validate_priority(self, value: str) -> list[int]:
        return [fields.Priority().to_internal_value(part) for part in value.split(",")]

    def validate_cursor(self, value: str) -> int:
        try:
            written = base64.b64decode(value.encode(), altchars=b"-_", validate=True).decode()
        except (ValueError, UnicodeError):
            written = ""
        if match := _CURSOR.fullmatch(written):
            return int(match[1])
        raise serializers.ValidationError("This takes the next_cursor of an earlier answer.")


class Tasks(Call):
    """`/tasks`."""

    @extend_schema(operation_id="create", request=NewTask, responses={201: answers.Receipt})
    def post(self, request: Request) -> Response:
        """Write a task down; you are its creator."""
        body = self.read(NewTask)
        body.pop("agent", None)
        agent = callers.caller(request, now=self.now)
        written = authoring.write([_draft(body)], by=agent, now=self.now)
        receipt = _receipt(written.tasks[0], now=self.now) | _news(written)
        return Response(with_task(receipt, request, written.tasks[0], now=self.now), status=201)

    @extend_schema(operation_id="tasks", parameters=[Selection], responses=answers.TaskPage)
    def get(self, request: Request) -> Response:
        """List tasks, newest first; `next_cursor` is there when there is more."""
        asked = self.read_query(Selection)
        callers.notice(request, now=self.now)
        cursor = asked.pop("cursor", None)
        tasks, before = task_list.page(before=cursor, now=self.now, **asked)
        answer: dict[str, Any] = {"tasks": [showing.line(task, now=self.now) for task in tasks]}
        if before is not None:
            answer["next_cursor"] = base64.urlsafe_b64encode(f"before:{before}".encode()).decode()
        if not tasks and (hint := _hint(asked)):
            answer["hint"] = hint
        return Response(answer)


class TaskBatch(Call):
    """`POST /tasks/batch`."""

    @extend_schema(operation_id="create_batch", request=NewTasks, responses={201: answers.BatchReceipt})
    def post(self, request: Request) -> Response:
        """Write up to 1,000 tasks down, all or nothing; `depends_on` may name another one's `external_id`."""
        body = self.read(NewTasks)
        agent = callers.caller(request, now=self.now)
        written = authoring.write([_draft(task) for task in body["tasks"]], by=agent, now=self.now)
        receipts = [_receipt(task, now=self.now) for task in written.tasks]
        return Response({"tasks": receipts} | _news(written), status=201)


class OneTask(Call):
    """`/tasks/{id}`."""

    @extend_schema(operation_id="show", responses=answers.WholeTask)
    def get(self, request: Request, ref: str) -> Response:
        """Read a task."""
        callers.notice(request, now=self.now)
        return Response(showing.whole(find_task(ref), now=self.now))

    @extend_schema(operation_id="edit", request=NewTask, responses=answers.Receipt)
    def patch(self, request: Request, ref: str) -> Response:
        """Change what a task says; never its status."""
        task = find_task(ref)
        sent = cast(dict[str, Any], request.data)
        if "status" in sent:
            raise _status_is_no_field(task, str(sent["status"]))
        body = self.read(NewTask, partial=True)
        body.pop("agent", None)
        agent = callers.caller(request, now=self.now)
        editing.edit(task, by=agent, now=self.now, **body)
        task = find_task(ref)
        return Response(with_task(_receipt(task, now=self.now), request, task, now=self.now))


def _draft(body: dict[str, Any]) -> authoring.Draft:
    return authoring.Draft(**{name: value for name, value in body.items() if value is not None})


def _receipt(task: Task, *, now: Any) -> dict[str, Any]:
    receipt = {"id": task.ref, "status": task.status}
    if task.status == Status.TODO and (reason := emptiness.why_not_ready(task, agent=None, now=now)):
        receipt["reason"] = reason
    return receipt


def _news(written: authoring.Written) -> dict[str, Any]:
    """Names nobody had used before are told, because one of them may be a typing error."""
    new = [agent.name for agent in written.new_agents]
    if not new:
        return {}
    near = {name: [other for other in nearest.agents(name) if other != name] for name in new}
    return {"new_agents": [f"{name} (like {', '.join(near[name])})" if near[name] else name for name in new]}


def _hint(asked: dict[str, Any]) -> str | None:
    for name in ("assignee", "reviewer"):
        if asked.get(name) and not Agent.objects.filter(name=asked[name]).exists():
            near = nearest.agents(asked[name])
            return f"No agent is called {asked[name]}." + (f" Nearest: {', '.join(near)}." if near else "")
    if asked.get("project") and not Project.objects.filter(name=asked["project"]).exists():
        near = nearest.projects(asked["project"])
        return f"There is no project {asked['project']}." + (f" Nearest: {', '.join(near)}." if near else "")
    return None


def _each(value: str, known: list[str]) -> list[str]:
    parts = [part.strip() for part in value.split(",")]
    if unknown := [part for part in parts if part not in known]:
        raise serializers.ValidationError(f"'{unknown[0][:40]}' is not one of {', '.join(known)}.")
    return parts


def _status_is_no_field(task: Task, wanted: str) -> serializers.ValidationError:
    call = _CALLS.get(wanted, "GET /capabilities and pick the call").format(id=task.ref)
    return serializers.ValidationError(
        {"status": [f"A status is not set; {task.ref} is {task.status}. Use {call}."]}
    )
