"""The version of modelsync that a project needs: `required-version` in `modelsync.yaml`."""

from __future__ import annotations

import re
from typing import Final

from modelsync.errors import Problem, visible
from modelsync.spec.nodes import MappingNode, Node, ScalarNode

KEY: Final = "required-version"

_PART: Final = re.compile(r"\s*(==|!=|>=|<=|>|<|~=|)\s*(\d{1,6}(?:\.\d{1,6}){0,3})(\.\*)?\s*")


def version_problem(root: Node) -> Problem | None:
    """Return a problem if the config needs another version of modelsync, or does not say which.

    Then nothing else is read: another version may have other keys.
    """
    entries = root.entries if isinstance(root, MappingNode) else ()
    node = next((value for key, value in entries if key.text == KEY), None)
    if node is None:
        return None
    from importlib.metadata import version  # noqa: PLC0415 - slow, and few projects need it

    text = node.text if isinstance(node, ScalarNode) else ""
    installed = version("modelsync")
    is_met = meets(installed, text)
    if is_met is None:
        return Problem(
            node.position,
            "MS074",
            f"invalid `{KEY}`" + f": `{visible(text)}`" * bool(text),
            'write versions such as ">=0.3, <0.4", "~=0.3.1" or "0.3.2"',
        )
    if is_met:
        return None
    return Problem(
        node.position,
        "MS096",
        f"this project needs modelsync {text.strip()}, and this is modelsync {installed}",
        f"install the version that the project needs, or change `{KEY}` and run"
        " `modelsync generate`",
    )


def meets(installed: str, required: str) -> bool | None:
    """Return whether a version is one of those required; None if `required` is not valid.

    Only its numbers count: 0.3.0rc1 and 0.3.0.dev2 are 0.3.0.
    """
    found = re.match(r"\d+(?:\.\d+)*", installed)
    numbers = _numbers(found[0] if found else "0")
    results = [_meets(numbers, part) for part in required.split(",")]
    return None if None in results else all(results)


def _meets(installed: tuple[int, ...], part: str) -> bool | None:
    match = _PART.fullmatch(part)
    if match is None:
        return None
    sign, text, any_after = match.groups()
    wanted = _numbers(text)
    length = text.count(".") + 1
    starts_with = installed[:length] == wanted[:length]
    if any_after:
        return {"": starts_with, "==": starts_with, "!=": not starts_with}.get(sign)
    match sign:
        case "" | "==":
            return installed == wanted
        case "~=":
            if length == 1:
                return None
            return installed >= wanted and installed[: length - 1] == wanted[: length - 1]
        case "!=":
            return installed != wanted
        case ">=":
            return installed >= wanted
        case "<=":
            return installed <= wanted
        case ">":
            return installed > wanted
        case _:
            return installed < wanted


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(number) for number in version.split(".")][:4]
    return (*numbers, *[0] * (4 - len(numbers)))
