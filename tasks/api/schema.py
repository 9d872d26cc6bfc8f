"""The OpenAPI schema: what drf-spectacular cannot see by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from tasks.api import answers


class Schema(AutoSchema):
    """Adds to every call that any refusal is a problem."""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        component: ResolvedComponent = self.resolve_serializer(answers.Problem, "response")
        content = {"application/problem+json": {"schema": component.ref}}
        return bodies | {"default": {"description": "Refused.", "content": content}}


class _PriorityField(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "tasks.api.fields.Priority"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "enum": ["P0", "P1", "P2", "P3"], "description": "P0 is first."}


class _DurationField(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "tasks.api.fields.Duration"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "examples": ["90s", "30m", "4h", "2d"]}


class _SinceField(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "tasks.api.comments.Since"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "description": "The id of a comment, or an ISO 8601 time."}
