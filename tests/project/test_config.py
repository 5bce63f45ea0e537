"""Settings from the values that a manifest records."""

from __future__ import annotations

import json

import pytest

from modelsync.project.config import Config, read_config, settings_from
from modelsync.project.record import option_inputs

CONFIG = """\
targets:
  go: {out: go, module: example.com/models, join: {id: Id}}
  python: {out: python, packages: [a, b.c]}
  ts: {target: typescript, out: ts, package: true}
  docs: {target: sdk-docs, out: docs, notation: go}
"""


@pytest.fixture(scope="module")
def config() -> Config:
    return read_config(CONFIG)


@pytest.mark.parametrize("index", range(4))
def test_recorded_settings_are_read_back(config: Config, index: int) -> None:
    settings = config.targets[index]
    inputs = {name: json.loads(value) for name, value in option_inputs(settings)}
    assert settings_from(settings.name, inputs) == settings


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"out": 1},
        {"out": "../elsewhere"},
        {"out": "go", "target": "rust"},
        {"out": "go", "target": []},
        {"out": "go", "packages": "a"},
        {"out": "go", "packages": [1]},
        {"out": "go", "module": "a b"},
        {"out": "go"},
        {"out": "go", "module": "m", "gomod": "yes"},
        {"out": "go", "module": "m", "join": {"id": 1}},
        {"out": "go", "module": "m", "unknown": True},
        {"out": "go", "target": "sdk-docs", "notation": "rust"},
    ],
)
def test_settings_that_are_not_accepted_are_none(inputs: dict[str, object]) -> None:
    assert settings_from("go", inputs) is None
