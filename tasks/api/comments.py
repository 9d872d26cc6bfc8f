"""The log of a task: writing to it and reading it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import answers, callers, fields
from tasks.api.calls import Call, expires_in, find_task, with_task
from tasks.domain import comments, limits
from tasks.models import Comment
from tasks.queries import comment_list

KINDS = [choice for choice in Comment.Kind.choices if choice[0] != Comment.Kind.MOVE]


class NewComment(fields.Body):
    """A comment to be."""

    agent = fields.AgentName(required=False)
    text = fields.Text(max_length=limits.COMMENT)
    kind = serializers.ChoiceField(choices=KINDS, default="note")
    lease = fields.Lease(required=False, allow_null=True, default=None)


class Since(serializers.Field[Any, Any, Any, Any]):
    """Where to go on: the id of a comment, or a time."""

    def to_internal_value(self, data: Any) -> int | datetime:
        if str(data).isascii() and str(data).isdigit() and len(str(data)) < 19:
            return int(data)
        try:
            time = datetime.fromisoformat(str(data))
        except ValueError:
            raise serializers.ValidationError("This takes a comment's id or an ISO 8601 time.") from None
        return time if time.tzinfo else time.replace(tzinfo=UTC)


class Selection(serializers.Serializer[Any]):
    """Which comments to list."""

    kind = serializers.ChoiceField(choices=Comment.Kind.choices, required=False)
    since = Since(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=100)


class Comments(Call):
    """`/tasks/{id}/comments`."""

    @extend_schema(operation_id="comment", request=NewComment, responses={201: answers.CommentReceipt})
    def post(self, request: Request, ref: str) -> Response:
        """Write to the log; anyone may. A word by the holder renews its lease."""
        new = self.read(NewComment)
        agent = callers.caller(request, now=self.now)
        task = find_task(ref)
        written = comments.write(
            task, by=agent, text=new["text"], kind=new["kind"], lease=new["lease"], now=self.now
        )
        receipt: dict[str, Any] = {"id": written.comment_id, "on": task.ref}
        if written.by_holder:
            receipt |= {"status": "doing", "expires_in": expires_in(task.pk, agent=agent, now=self.now)}
        else:
            receipt |= {"status": task.status}
        return Response(with_task(receipt, request, task, now=self.now), status=201)

    @extend_schema(operation_id="comments", parameters=[Selection], responses=answers.CommentPage)
    def get(self, request: Request, ref: str) -> Response:
        """Read the log, oldest first; `next_since` is there when there is more."""
        asked = self.read_query(Selection)
        callers.notice(request, now=self.now)
        task = find_task(ref)
        found = comment_list.page(task.pk, **asked)
        answer: dict[str, Any] = {"comments": [entry(comment) for comment in found[: asked["limit"]]]}
        if len(found) > asked["limit"]:
            answer["next_since"] = found[asked["limit"] - 1].pk
        return Response(answer)


def entry(comment: Comment) -> dict[str, Any]:
    """One comment as the log shows it."""
    return {
        "id": comment.pk,
        "by": comment.author.name if comment.author else "system",
        "kind": comment.kind,
        "text": comment.text,
        "at": comment.created_at,
    }
