"""`modelsync.yaml`: where the specs are, and which targets are generated from them.

    specs: specs
    templates: templates
    targets:
      python: {out: generated/python}
      docs-go: {target: sdk-docs, out: generated/docs/go, notation: go}

The reader of the specs reads it too, and reports the same problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias, TypeGuard

from modelsync import paths
from modelsync.errors import Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.paths import path_problem
from modelsync.project.config_names import INITIALISM, naming_from, read_naming
from modelsync.project.folders import Taken
from modelsync.project.required_version import KEY as REQUIRED_VERSION
from modelsync.project.required_version import version_problem
from modelsync.project.root import KEY as ROOT
from modelsync.project.root import Place, root_fault
from modelsync.spec import kinds
from modelsync.spec.nodes import MappingNode, Node, ScalarNode, documents, without_follow_ups
from modelsync.spec.other_keys import Instead
from modelsync.spec.reader import Reader
from modelsync.spec.shape import Key, Shape
from modelsync.targets import built_in_targets, is_target, target_class, target_names
from modelsync.targets.base import Option, Settings, Target

NAME: Final = paths.CONFIG

TARGET_KEYS: Final = (
    Key("target", kinds.TARGET, "The kind of target. Default: its name here."),
    Key("out", kinds.PATH, "The output folder. It must contain nothing else.", needed=True),
    Key(
        "packages",
        kinds.PACKAGES,
        "Only generate these packages and their subpackages. Default: all.",
    ),
)

_TARGETS: Final = kinds.targets_kind(Shape("a target", TARGET_KEYS))

_INITIALISMS: Final = kinds.node_kind(
    {"type": "array", "items": {"type": "string", "pattern": f"^{INITIALISM}$"}}
)
_NAMES: Final = kinds.node_kind({"type": "object", "additionalProperties": {"type": "string"}})
_TEXT: Final = kinds.node_kind(kinds.TEXT.schema)

CONFIG: Final = Shape(
    "the config",
    (
        Key("specs", kinds.PATH, "The folder of the specs. Default: specs."),
        Key("templates", kinds.PATH, "The folder of your own templates. Default: templates."),
        Key("targets", _TARGETS, "The targets, each under a name that you choose.", needed=True),
        Key(
            ROOT,
            kinds.PATH,
            "A folder above this file, such as .., that specs and outputs stay inside. Default:"
            " the folder of this file.",
        ),
        Key(
            "initialisms",
            _INITIALISMS,
            "Words as they are written in names in every language, such as USD; Id undoes ID.",
        ),
        Key(
            "names",
            _NAMES,
            "What the names of fields and values are derived from, for JSON keys that match a"
            ' pattern: "_*": "*Extension".',
        ),
        Key(
            REQUIRED_VERSION,
            _TEXT,
            "The versions of modelsync that may generate this project, such as >=0.3, <0.4.",
        ),
    ),
)

NAMING_KEYS: Final = ("initialisms", "names")
"""The keys of the config that change the names of all targets."""

OptionValue: TypeAlias = "str | bool | Mapping[str, str] | tuple[str, ...]"
Options: TypeAlias = "dict[str, OptionValue]"

_TARGET_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Config:
    """A project's config. Paths are relative to the root of the project, with `/`."""

    specs: str
    templates: str
    targets: tuple[Settings, ...]
    specs_position: Position = field(default=Position("modelsync.yaml"), compare=False)
    place: Place = field(default=Place(Path()), compare=False)
    """Where the project is; the paths are relative to its root."""


def read_config(text: str, place: Place = Place(Path())) -> Config:  # noqa: B008 - immutable
    """Read the text of a config. Raises :class:`ProblemsError` with every problem."""
    problems: list[Problem] = []
    path = place.config
    roots = list(documents(path, text, problems))
    if not roots and not problems:
        problems.append(
            Problem(
                Position(path),
                "MS070",
                "the config is empty",
                help="delete it and run `modelsync init` to create one",
            )
        )
    if len(roots) > 1:
        problems.append(
            Problem(
                roots[1].position,
                "MS070",
                "the config has more than one document",
                help="remove the `---`",
            )
        )
    other_version = version_problem(roots[0]) if roots else None
    if other_version is not None:
        raise ProblemsError([*problems, other_version])
    config = _ConfigReader(problems, place).config(roots[0]) if roots else None
    if problems or config is None:
        raise ProblemsError(without_follow_ups(problems))
    return config


def settings_from(name: str, inputs: Mapping[str, object]) -> Settings | None:
    """Return the settings of the target called `name` from values that a manifest records.

    Settings that are not among `inputs` have their defaults. Returns None if this version of
    modelsync does not accept them; the manifest may be from another one, or edited.
    """
    values = dict(inputs)
    kind = values.pop("target", name)
    out = values.pop("out", None)
    packages = values.pop("packages", [])
    naming = naming_from(values.pop("initialisms", []), values.pop("names", {}))
    if not isinstance(kind, str) or not is_target(kind) or naming is None:
        return None
    if not isinstance(out, str) or path_problem(out) or not _is_texts(packages):
        return None
    options = {option.name: option for option in target_class(kind).options}
    if not options.keys() >= values.keys():
        return None
    chosen: dict[str, OptionValue] = target_class(kind).defaults()
    for option, value in values.items():
        accepted = _accepted(options[option], value)
        if accepted is None:
            return None
        chosen[option] = accepted
    if not chosen.keys() >= options.keys():
        return None
    return Settings(name, kind, out, tuple(packages), chosen, naming)


def _accepted(option: Option, value: object) -> OptionValue | None:
    """Return the value of an option, if the option accepts it."""
    match option.kind:
        case "flag":
            return value if isinstance(value, bool) else None
        case "names":
            is_names = isinstance(value, dict) and _is_texts([*value, *value.values()])
            return value if isinstance(value, dict) and is_names else None
        case "texts":
            fits = _is_texts(value) and not _unfit(option, value)
            return tuple(value) if _is_texts(value) and fits else None
        case _:
            if not isinstance(value, str) or (option.choices and value not in option.choices):
                return None
            return None if option.pattern and not option.pattern.fullmatch(value) else value


def _unfit(option: Option, texts: Sequence[str]) -> str | None:
    """Return the first text that an option does not accept, or that is there twice."""
    for index, text in enumerate(texts):
        if text in texts[:index] or (option.pattern and not option.pattern.fullmatch(text)):
            return text
    return None


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _kind_help(kind: str, name: ScalarNode, written: Node) -> str:
    """Return help for another name of a target, or for one that begins with a target's name."""
    meant = re.split("[-_]", kind)[0].lower()
    for cls in built_in_targets():
        if meant in cls.also_called:
            meant = cls.name
    if not is_target(meant):
        return ""
    if written is not name:
        return f"write `target: {meant}`"
    return f"add `target: {meant}` to it, or call it `{meant}`"


def _keys(options: Iterable[Option]) -> Iterator[Key[Node]]:
    """Yield the keys of a target for its options: one for all that are within the same mapping."""
    seen: set[str] = set()
    for option in options:
        if not option.within:
            yield _key(option)
        elif option.within not in seen:
            seen.add(option.within)
            yield Key(option.within, kinds.OPTION, "Options that go together.")


def _key(option: Option) -> Key[Node]:
    return Key(option.name, kinds.OPTION, option.doc, option.default is None, option.choices)


class _ConfigReader(Reader):
    def __init__(self, problems: list[Problem], place: Place) -> None:
        super().__init__(problems)
        self.place = place

    def config(self, node: Node) -> Config | None:
        entries = self.keys(node, CONFIG)
        if entries is None:
            return None
        nodes = {key.name: value for key, value in entries.items()}
        naming = read_naming(self, nodes.get("initialisms"), nodes.get("names"))
        shared = {key: node.position for key, node in nodes.items() if key in NAMING_KEYS}
        targets = [
            replace(
                settings,
                naming=naming,
                option_positions={**settings.option_positions, **shared},
            )
            for settings in (self.targets(nodes["targets"]) if "targets" in nodes else [])
        ]
        config = Config(
            specs=self.path(nodes.get("specs"), "specs"),
            templates=self.path(nodes.get("templates"), "templates"),
            targets=tuple(targets),
            specs_position=nodes.get("specs", node).position,
            place=self.place,
        )
        self.check_root(nodes.get("root"))
        self.check_folders(config)
        return config

    def check_root(self, node: Node | None) -> None:
        """Report a root that is not valid, and so is not the one of the place."""
        text = self.text(node, "root") if node is not None else "."
        folder = self.place.root / self.place.folder
        why = root_fault(folder, text) if text is not None else ""
        if node is not None and text is not None and why:
            self.problem(
                node.position,
                "MS071",
                f"invalid root `{visible(text)}`: {why}",
                "write the path from this file to a folder above it, such as `..`",
            )

    def path(self, node: Node | None, default: str) -> str:
        """Return a path below the root of the project, in its shortest form."""
        text = self.text(node, default) if node is not None else default
        if node is None or text is None:
            return self.place.inside(default)
        path = PurePosixPath(text.removeprefix("./").rstrip("/")).as_posix() if text else ""
        if path.startswith("../") and self.place.folder:
            path = self.place.inside(path)
            if path.startswith("../"):
                path = text
        elif self.place.folder and path not in ("", ".") and not path_problem(path):
            path = self.place.inside(path)
        why = path_problem(path) if path != "." else "it is the project folder itself"
        help_ = "use a folder inside the project, such as `generated/python`"
        if path.startswith("../"):
            help_ += f", or set `root: {self._root_for(path)}` to allow folders beside it"
        if why:
            self.problem(
                node.position,
                "MS071",
                f"invalid folder `{visible(text)}`: {why}"
                if text
                else "expected a folder, found nothing",
                help_,
            )
        return path

    def _root_for(self, path: str) -> str:
        """Return the root that allows a path which starts with `..`."""
        parts = path.split("/")
        count = next((n for n, part in enumerate(parts) if part != ".."), len(parts))
        return "/".join([".."] * count)

    def targets(self, node: Node) -> list[Settings]:
        mapping = self.mapping(
            node, "`targets`", "write a target such as `python: {out: generated/python}`"
        )
        if mapping is None:
            return []
        if not mapping.entries:
            self.problem(
                mapping.position,
                "MS070",
                "`targets` is empty",
                "add a target such as `python: {out: generated/python}`",
            )
        targets = [self.target(name, value) for name, value in mapping.entries]
        return [settings for settings in targets if settings is not None]

    def target(self, name: ScalarNode, node: Node) -> Settings | None:
        if not _TARGET_NAME.fullmatch(name.text):
            self.problem(
                name.position,
                "MS072",
                f"invalid target name `{visible(name.text)}`",
                "use a lowercase letter, then lowercase letters, digits, `-` and `_`",
            )
            return None
        kind = self.kind(name, node)
        if kind is None:
            return None
        try:
            options = target_class(kind).options
        except ProblemsError as error:
            related = ((name.position, f"the target `{name.text}`"),)
            self.problems += (replace(problem, related=related) for problem in error.problems)
            return None
        nodes = self.target_keys(name, node, target_class(kind))
        if nodes is None:
            return None
        if "out" not in nodes:
            return None
        return Settings(
            name=name.text,
            target=kind,
            out=self.path(nodes["out"], "out"),
            packages=self.packages(nodes.get("packages")),
            options=self.options(options, nodes),
            position=name.position,
            option_positions={key: value.position for key, value in nodes.items()},
        )

    def target_keys(
        self, name: ScalarNode, node: Node, cls: type[Target]
    ) -> dict[str, Node] | None:
        """Return the values of a target's keys, and of those within its mappings of options."""

        def instead_of(key: str, _value: Node, _mapping: MappingNode) -> Instead | None:
            return Instead(cls.former_options[key]) if key in cls.former_options else None

        shape = Shape(f"the target `{name.text}`", (*TARGET_KEYS, *_keys(cls.options)), instead_of)
        out = node.text if isinstance(node, ScalarNode) and not path_problem(node.text) else ""
        entries = self.keys(
            node, shape, f"write a mapping such as `{{out: {out or 'generated/python'}}}`"
        )
        if entries is None:
            return None
        nodes = {key.name: value for key, value in entries.items()}
        for within in sorted({option.within for option in cls.options} & nodes.keys()):
            inner = [option for option in cls.options if option.within == within]
            shape = Shape(f"`{within}`", tuple(map(_key, inner)))
            found = self.keys(nodes.pop(within), shape) or {}
            nodes |= {key.name: value for key, value in found.items()}
        return nodes

    def options(self, options: Iterable[Option], nodes: Mapping[str, Node]) -> Options:
        """Return the value of each option: the one in the config, or its default."""
        values = {
            option.name: self.option(option, nodes[option.name])
            if option.name in nodes
            else option.default
            for option in options
        }
        return {name: value for name, value in values.items() if value is not None}

    def kind(self, name: ScalarNode, node: Node) -> str | None:
        """Return the kind of a target: its key `target`, or its name."""
        written: Node = name
        if isinstance(node, MappingNode):
            written = next((value for key, value in node.entries if key.text == "target"), name)
        kind = self.text(written, "target")
        if kind is None or is_target(kind):
            return kind
        self.problem(
            written.position,
            "MS073",
            f"unknown target `{visible(kind)}`",
            _kind_help(kind, name, written)
            or did_you_mean(kind, target_names())
            or "set `target` to one of " + ", ".join(f"`{target}`" for target in target_names()),
        )
        return None

    def packages(self, node: Node | None) -> tuple[str, ...]:
        return () if node is None else self.texts(node, "packages")

    def option(self, option: Option, node: Node) -> OptionValue | None:
        if option.kind == "flag":
            return self.flag(node, option.name)
        if option.kind == "names":
            return self.text_map(node, option.name)
        if option.kind == "texts":
            return self.text_list(option, node)
        if option.choices:
            return self.choice(
                node, Key(option.name, kinds.CHOICE, option.doc, choices=option.choices)
            )
        text = self.text(node, option.name)
        if text is not None and option.pattern and not option.pattern.fullmatch(text):
            self.problem(
                node.position,
                "MS074",
                f"invalid `{option.name}`: `{visible(text)}`",
                f"use {option.hint}" if option.hint else option.doc,
            )
            return None
        return text

    def text_list(self, option: Option, node: Node) -> tuple[str, ...] | None:
        texts = self.texts(node, option.name)
        unfit = _unfit(option, texts)
        if unfit is None:
            return texts
        twice = texts.count(unfit) > 1
        self.problem(
            node.position,
            "MS074",
            f"duplicate `{visible(unfit)}` in `{option.name}`"
            if twice
            else f"invalid `{option.name}`: `{visible(unfit)}`",
            "remove one of them" if twice else f"use {option.hint}" if option.hint else option.doc,
        )
        return None

    def check_folders(self, config: Config) -> None:
        """Report output folders that contain files of the user or of another target."""
        taken = Taken()
        taken.add(config.specs, "the specs folder")
        taken.add(config.templates, "the templates folder")
        taken.add(config.place.config, "the config")
        taken.add(config.place.manifest, "the manifest")
        for settings in config.targets:
            if path_problem(settings.out):
                continue  # already reported
            what = taken.overlapping(settings.out)
            if what is not None:
                self.problem(
                    settings.where("out"),
                    "MS075",
                    f"the output folder of `{settings.name}` overlaps with {what}",
                    "use a separate folder",
                )
            taken.add(settings.out, f"the output folder of `{settings.name}`")
