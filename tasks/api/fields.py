"""The fields of bodies: strict about types, forgiving about how a person writes a value."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tasks import durations
from tasks.domain import agents, limits, projects
from tasks.domain.refusals import Invalid

# What fits a signed 64-bit column on both databases.
_LARGEST = 2**63 - 1


class Body(serializers.Serializer[Any]):
    """The body of a call. A field there is not is refused: ignored, it would mislead whoever believes in it."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            names = ", ".join(sorted(set(self.fields) - {"agent"}))
            text = f"There is no such field; there are {names}."
            raise serializers.ValidationError({name[:40]: [text] for name in unknown})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Text that is text: a number or a boolean is refused, not turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("This takes text.")
        return super().to_internal_value(data)


class Title(Text):
    """One line of up to 300 characters; line breaks and runs of spaces become one space."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=limits.TITLE, **options)

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(" ".join(data.split()) if isinstance(data, str) else data)


class AgentName(Text):
    """The name of an agent, lower-cased."""

    def to_internal_value(self, data: Any) -> str:
        return _checked(agents.clean_name, super().to_internal_value(data))


class ProjectName(Text):
    """The name of a project, lower-cased."""

    def to_internal_value(self, data: Any) -> str:
        return _checked(projects.clean_name, super().to_internal_value(data))


class Priority(serializers.Field[int, Any, str, Any]):
    """`P0` (first) to `P3`."""

    def to_internal_value(self, data: Any) -> int:
        text = str(data).upper().removeprefix("P") if isinstance(data, str | int) else ""
        if isinstance(data, bool) or text not in ("0", "1", "2", "3"):
            raise serializers.ValidationError("This takes P0, P1, P2 or P3.")
        return int(text)

    def to_representation(self, value: int) -> str:
        return f"P{value}"


class Duration(serializers.Field[int, Any, str, Any]):
    """`90s`, `30m`, `4h`, `2d`; kept in seconds."""

    def to_internal_value(self, data: Any) -> int:
        try:
            return int(durations.parse(data if isinstance(data, str) else "").total_seconds())
        except ValueError as error:
            raise serializers.ValidationError("This takes a duration such as 90s, 30m, 4h or 2d.") from error

    def to_representation(self, value: int) -> str:
        return durations.write(value)


class Lease(serializers.IntegerField):
    """A lease token."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=_LARGEST, **options)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool | float):
            raise serializers.ValidationError("This takes a whole number.")
        return super().to_internal_value(data)


class Number(serializers.IntegerField):
    """A number from 1, such as that of a criterion or a submission."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, **options)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool | float):
            raise serializers.ValidationError("This takes a whole number.")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """true or false, and nothing that merely looks like it: "no" must not count as a verdict."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError("This takes true or false.")
        return data


class Texts(serializers.ListField):
    """A list of texts of up to `longest` characters, at most `most` of them."""

    def __init__(self, *, longest: int, most: int, lower: bool = False, **options: Any) -> None:
        super().__init__(child=Text(max_length=longest), max_length=most, **options)
        self.lower = lower

    def to_internal_value(self, data: Any) -> list[str]:
        texts = super().to_internal_value(data)
        return [text.lower() for text in texts] if self.lower else texts


def _checked(check: Any, value: str) -> str:
    try:
        return str(check(value))
    except Invalid as refusal:
        raise serializers.ValidationError(next(iter(refusal.extra["errors"].values()))) from None
