"""`modelsync.yaml`: where the specs are, and which targets are made of them.

    specs: specs
    templates: templates
    targets:
      python: {out: generated/python}
      docs-go: {target: markdown, out: generated/docs/go, notation: go}

Read by the same reader as the specs, with the same problems.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final

from modelsync import paths
from modelsync.errors import Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.paths import path_key, path_problem
from modelsync.plan.manifest import NAME as MANIFEST
from modelsync.spec import kinds
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, documents, without_follow_ups
from modelsync.spec.reader import Reader
from modelsync.spec.shape import Key, Shape
from modelsync.targets import is_target, target_class, target_names
from modelsync.targets.base import Option, Settings

NAME: Final = paths.CONFIG

TARGET_KEYS: Final = (
    Key("target", kinds.TARGET, "The kind of target. Default: the name that it has here."),
    Key("out", kinds.PATH, "The output folder, which holds nothing else.", needed=True),
    Key("packages", kinds.PACKAGES, "Only these packages and those below them. Default: all."),
)

_TARGETS: Final = kinds.targets_kind(Shape("a target", TARGET_KEYS))

CONFIG: Final = Shape(
    "the config",
    (
        Key("specs", kinds.PATH, "The folder of the specs. Default: specs."),
        Key("templates", kinds.PATH, "The folder of your own templates. Default: templates."),
        Key("targets", _TARGETS, "What to generate: a name of yours for each.", needed=True),
    ),
)

_TARGET_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Config:
    """A project's config. Paths are relative to the project's folder, with `/`."""

    specs: str
    templates: str
    targets: tuple[Settings, ...]
    specs_position: Position = field(default=Position("modelsync.yaml"), compare=False)


def read_config(text: str, path: str = NAME) -> Config:
    """Read the text of a config. Raises :class:`ProblemsError` with every problem."""
    problems: list[Problem] = []
    roots = list(documents(path, text, problems))
    if not roots and not problems:
        problems.append(
            Problem(
                Position(path),
                "MS070",
                "the config is empty",
                help="`modelsync init` in an empty folder writes one to start from",
            )
        )
    if len(roots) > 1:
        problems.append(
            Problem(roots[1].position, "MS070", "a config is one document", help='remove the "---"')
        )
    config = _ConfigReader(problems).config(roots[0]) if roots else None
    if problems or config is None:
        raise ProblemsError(without_follow_ups(problems))
    return config


class _ConfigReader(Reader):
    def config(self, node: Node) -> Config | None:
        entries = self.keys(node, CONFIG)
        if entries is None:
            return None
        nodes = {key.name: value for key, value in entries.items()}
        targets = self.targets(nodes["targets"]) if "targets" in nodes else []
        config = Config(
            specs=self.path(nodes.get("specs"), "specs"),
            templates=self.path(nodes.get("templates"), "templates"),
            targets=tuple(targets),
            specs_position=nodes.get("specs", node).position,
        )
        self.check_folders(config)
        return config

    def path(self, node: Node | None, default: str) -> str:
        """Return a path below the project's folder, in its shortest form."""
        text = self.text(node, default) if node is not None else default
        if node is None or text is None:
            return default
        path = PurePosixPath(text.removeprefix("./").rstrip("/")).as_posix() if text else ""
        wrong = path_problem(path) if path != "." else "it is the project's folder itself"
        wrong = wrong if path else "it is empty"
        if wrong:
            self.problem(
                node.position,
                "MS071",
                f'"{visible(text)}" cannot be a folder here: {wrong}',
                "write a folder below that of the config, such as generated/python",
            )
        return path

    def targets(self, node: Node) -> list[Settings]:
        mapping = self.mapping(node, '"targets"', 'write "python: {out: generated/python}"')
        if mapping is None:
            return []
        if not mapping.entries:
            self.problem(mapping.position, "MS070", "there is no target", "add one, such as python")
        found = [self.target(name, value) for name, value in mapping.entries]
        return [settings for settings in found if settings is not None]

    def target(self, name: ScalarNode, node: Node) -> Settings | None:
        if not _TARGET_NAME.fullmatch(name.text):
            self.problem(
                name.position,
                "MS072",
                f'"{visible(name.text)}" cannot be the name of a target',
                "a lower-case letter, then lower-case letters, digits, - and _",
            )
            return None
        kind = self.kind(name, node)
        if kind is None:
            return None
        try:
            options = target_class(kind).options
        except ProblemsError as error:
            related = ((name.position, f'the target "{name.text}"'),)
            self.problems += (replace(each, related=related) for each in error.problems)
            return None
        keys = tuple(
            Key(o.name, kinds.OPTION, o.doc, o.default is None, o.choices) for o in options
        )
        shape = Shape(f'the target "{name.text}"', TARGET_KEYS + keys)
        entries = self.keys(node, shape, 'write "{out: generated/python}"')
        if entries is None:
            return None
        nodes = {key.name: value for key, value in entries.items()}
        values = {
            option.name: self.option(option, nodes[option.name])
            if option.name in nodes
            else option.default
            for option in options
        }
        if "out" not in nodes:
            return None
        return Settings(
            name=name.text,
            target=kind,
            out=self.path(nodes["out"], "out"),
            packages=self.packages(nodes.get("packages")),
            options={key: value for key, value in values.items() if value is not None},
            position=name.position,
            option_positions={key: value.position for key, value in nodes.items()},
        )

    def kind(self, name: ScalarNode, node: Node) -> str | None:
        """Return which target is meant: the `target` key, or the name itself."""
        written: Node = name
        if isinstance(node, MappingNode):
            written = next((value for key, value in node.entries if key.text == "target"), name)
        kind = self.text(written, "target")
        if kind is None or is_target(kind):
            return kind
        self.problem(
            written.position,
            "MS073",
            f'there is no target "{visible(kind)}"',
            did_you_mean(kind, target_names())
            or f'add "target: ..." with one of {", ".join(target_names())}',
        )
        return None

    def packages(self, node: Node | None) -> tuple[str, ...]:
        return () if node is None else self.texts(node, "packages")

    def option(self, option: Option, node: Node) -> str | bool | Mapping[str, str] | None:
        if option.kind == "flag":
            return self.flag(node, option.name)
        if option.kind == "names":
            return self.text_map(node, option.name)
        if option.choices:
            return self.choice(
                node, Key(option.name, kinds.CHOICE, option.doc, choices=option.choices)
            )
        text = self.text(node, option.name)
        if text is not None and option.pattern and not option.pattern.fullmatch(text):
            self.problem(
                node.position,
                "MS074",
                f'"{visible(text)}" cannot be the {option.name}',
                option.hint or option.doc,
            )
            return None
        return text

    def check_folders(self, config: Config) -> None:
        """A target must not write over what people write, nor over the files of another target."""
        taken = _Taken()
        taken.add(config.specs, "that of the specs")
        taken.add(config.templates, "that of the templates")
        taken.add(NAME, "the config")
        taken.add(MANIFEST, "the manifest")
        for settings in config.targets:
            if path_problem(settings.out):
                continue  # a problem already
            what = taken.overlapping(settings.out)
            if what is not None:
                self.problem(
                    settings.where("out"),
                    "MS075",
                    f'the output folder of "{settings.name}" overlaps with {what}',
                    "give each target a folder of its own",
                )
            taken.add(settings.out, f'that of "{settings.name}"')


class _Taken:
    """Folders that something lies in, by their paths and by those of the folders around them."""

    def __init__(self) -> None:
        self._inside: dict[str, str] = {}
        self._at: dict[str, str] = {}

    def add(self, folder: str, what: str) -> None:
        path = path_key(folder)
        self._at.setdefault(path, what)
        for outer in _with_parents(path):
            self._inside.setdefault(outer, what)

    def overlapping(self, folder: str) -> str | None:
        """Return what lies in `folder` or around it, the first of several; None for nothing."""
        path = path_key(folder)
        around = (self._at[outer] for outer in _with_parents(path) if outer in self._at)
        return self._inside.get(path) or next(around, None)


def _with_parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
