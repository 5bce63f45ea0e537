"""The `modelsync.yaml` of a transcribed project."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from modelsync.spec.write_lines import plain
from modelsync.targets import target_class
from modelsync.targets.base import OptionValue, Settings


def config_text(targets: Sequence[Settings], specs: str, join: Mapping[str, str]) -> str:
    """Return the text of a `modelsync.yaml` with these targets.

    `specs` is the folder of the specs, and `join` the option that a target for Go would need, empty
    if it needs none.
    """
    lines = [
        "# Written by `modelsync transcribe`. These targets reproduce the pages. Add targets for",
        "# your languages; run `modelsync init` in an empty folder to see examples.",
        *_join_lines(join),
        f"specs: {plain(specs)}",
        "targets:",
    ]
    for settings in targets:
        lines += _target_lines(settings)
    return "".join(f"{line}\n" for line in lines)


def _target_lines(settings: Settings) -> Iterator[str]:
    yield f"  {settings.name}:"
    if settings.target != settings.name:
        yield f"    target: {settings.target}"
    yield f"    out: {plain(settings.out)}"
    changed = [
        (option, settings.options[option.name])
        for option in target_class(settings.target).options
        if settings.options.get(option.name, option.default) != option.default
    ]
    for option, value in changed:
        if not option.within:
            yield f"    {option.name}: {_option(value)}"
    for within in dict.fromkeys(option.within for option, _ in changed if option.within):
        yield f"    {within}:"
        for option, value in changed:
            if option.within == within:
                yield f"      {option.name}: {_option(value)}"


def _join_lines(join: Mapping[str, str]) -> list[str]:
    if not join:
        return []
    return [
        "# Some packages use each other, which Go does not allow. A target for Go joins them with",
        f"#     join: {_option(join)}",
    ]


def _option(value: OptionValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return plain(value)
        case tuple():
            return json.dumps(value)
        case _:
            pairs = (f"{json.dumps(key)}: {json.dumps(text)}" for key, text in value.items())
            return "{" + ", ".join(pairs) + "}"
