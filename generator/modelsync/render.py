"""(targets, templates) -> {path: output}: everything is rendered in memory, nothing is written.

Templates are the built-in ones, or a project's own of the same name. The first are trusted; the
second run in Jinja's sandbox. In both, `{{ ... }}` takes only :class:`~modelsync.targets.base.Code`
and an undefined name is an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar, Final

import jinja2
import jinja2.bccache
import jinja2.meta
import jinja2.sandbox

from modelsync.errors import Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.paths import is_hidden
from modelsync.targets import Owners, files_of, is_target, target_names
from modelsync.targets.base import Code, File, Output, Target


class Unencoded(Exception):
    """A template tried to output text that no encoder has made."""


class TemplateError(Exception):
    """A template failed: `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def built_in_templates() -> Path:
    """Return the folder of the templates that come with modelsync."""
    package = Path(__file__).resolve().parent
    inside = package / "templates"  # an installed package
    return inside if inside.is_dir() else package.parents[1] / "templates"  # a checkout


def _finalize(value: object) -> object:
    if not isinstance(value, Code):
        if isinstance(value, jinja2.Undefined):
            raise jinja2.UndefinedError(value._undefined_message)
        raise Unencoded(f"{value!r:.60} reaches the output without an encoder")
    return value


_SETTINGS: Final[Mapping[str, Any]] = {
    "undefined": jinja2.StrictUndefined,
    "finalize": _finalize,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "autoescape": False,
    "auto_reload": False,
    "cache_size": -1,
}


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates, for as long as the program runs: a watch renders many times."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Give a template its code, if it was compiled before."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep the code of a template."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


class Templates:
    """The templates of one target: a project's own before the built-in one of the same name.

    `name.j2` is a Jinja template; `name` without that ending is a file that is copied as it is.
    `own` is the project's folder of templates, and `shown` what messages call it.
    """

    trusted: ClassVar[type[jinja2.Environment]] = jinja2.Environment
    sandbox: ClassVar[type[jinja2.Environment]] = jinja2.sandbox.ImmutableSandboxedEnvironment
    compiled: ClassVar[dict[tuple[object, object], _Compiled]] = {}
    """By the kind of environment and the target, whose filters decide the code, too."""

    def __init__(self, target: type[Target], own: Path, shown: str) -> None:
        self.target = target.name
        self.own = own / target.name
        self.shown = f"{shown}/{target.name}"
        built_in = target.templates or built_in_templates() / target.name
        self.folders = [built_in]
        environment = self.trusted
        if self.own.is_dir() and self.own.resolve() != built_in.resolve():
            self.folders.insert(0, self.own)
            environment = self.sandbox
        self.environment = environment(
            loader=jinja2.FileSystemLoader(self.folders, encoding="utf-8"),
            bytecode_cache=self.compiled.setdefault((environment, target), _Compiled()),
            **_SETTINGS,
        )
        self.environment.filters.update(target.filters)
        self.own_files = _own_files(self.own) if len(self.folders) > 1 else []
        self._renderers: dict[str, Callable[[Mapping[str, object]], str]] = {}

    def render(self, file: File) -> str:
        """Return the text of one file. Raises :class:`TemplateError`."""
        try:
            renderer = self._renderers.get(file.template)
            if renderer is None:
                renderer = self._renderers[file.template] = self._renderer(file.template)
            return renderer({**file.view, "definitions": file.definitions})
        except jinja2.TemplateNotFound as error:
            templates = self.environment.list_templates()
            raise TemplateError(
                Problem(
                    Position(f"{self.shown}/{file.template}.j2"),
                    "MS061",
                    f'{self.target} has no template "{visible(str(error.name))}"',
                    help=did_you_mean(str(error.name), templates),
                )
            ) from error
        except jinja2.TemplateSyntaxError as error:
            message = f"this is not a Jinja template: {error.message}"
            place = Position(f"{self.shown}/{error.name or file.template}", error.lineno)
            raise TemplateError(Problem(place, "MS060", message)) from error
        except UnicodeDecodeError as error:
            place = Position(f"{self.shown}/{file.template}")
            message = f"this template is not UTF-8: {error.reason}"
            raise TemplateError(Problem(place, "MS060", message)) from error
        except Exception as error:
            line = self._own_line(error)
            if line is None:
                raise
            message = f"the template fails on {visible(file.path)}: {error}"
            cure = "pass text through an encoder, such as `{{ text | literal }}`"
            known = ("it knows " + ", ".join(sorted(file.view))) if file.view else ""
            undefined = isinstance(error, jinja2.UndefinedError)
            help_ = cure if isinstance(error, Unencoded) else known if undefined else ""
            raise TemplateError(Problem(line, "MS062", message, help=help_)) from error

    def formatted(self, target: Target, file: File, text: str) -> bytes:
        """Return the data of a file that was rendered. Raises :class:`TemplateError`."""
        try:
            return target.formatted(text).encode("utf-8")
        except ValueError as error:
            # What comes from our own templates is tested to be formatted already.
            if not self.own_files:
                raise
            place = Position(f"{self.shown}/{file.template}.j2")
            message = f"{visible(file.path)} cannot be formatted: {error}"
            problem = Problem(place, "MS062", message, help="mend the template")
            raise TemplateError(problem) from error

    def unused(self) -> Iterator[Problem]:
        """Yield a problem for each file of the project's own that takes the place of none.

        A template that one of the others names (to include it) is of use.
        """
        if not self.own_files:
            return
        built_in = self.folders[-1]
        files = (path for path in built_in.rglob("*") if path.is_file())
        known = {path.relative_to(built_in).as_posix() for path in files}
        text = "".join(path.read_text("utf-8", "replace") for path in self.own_files)
        for path in self.own_files:
            name = path.relative_to(self.own).as_posix()
            stem = name.removesuffix(".j2")
            included = f'"{name}"' in text or f"'{name}'" in text
            if included or {stem, f"{stem}.j2"} & known:
                continue
            yield Problem(
                Position(f"{self.shown}/{name}"),
                "MS063",
                f"{self.target} has no template of this name, and nothing includes this one",
                help=did_you_mean(name, known) or "it has " + ", ".join(sorted(known)),
            )

    def used(self, name: str) -> frozenset[str]:
        """Return what the template `name` is made of, each called as the project's own one is."""
        found: set[str] = set()
        rest = [f"{name}.j2", name]
        seen = set(rest)
        while rest:
            name = rest.pop()
            if any((folder / name).is_file() for folder in self.folders):
                found.add(f"{self.shown}/{name}")
            if not name.endswith(".j2") or self.environment.loader is None:
                continue
            with contextlib.suppress(jinja2.TemplateNotFound):
                source = self.environment.loader.get_source(self.environment, name)[0]
                for other in jinja2.meta.find_referenced_templates(self.environment.parse(source)):
                    if other is not None and other not in seen:
                        seen.add(other)
                        rest.append(other)
        return frozenset(found)

    def _renderer(self, name: str) -> Callable[[Mapping[str, object]], str]:
        copied = self.copied(name)
        if copied is not None:
            text = copied.read_text("utf-8")
            return lambda view: text
        return self.environment.get_template(f"{name}.j2").render

    def copied(self, name: str) -> Path | None:
        """Return the file that is copied for the template `name`; None where a template renders."""
        for folder in self.folders:
            if (folder / f"{name}.j2").is_file():
                return None
            if (folder / name).is_file():
                return folder / name
        return None

    def _own_line(self, error: BaseException) -> Position | None:
        """Return the line of the project's own template in which `error` was raised, if it was."""
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename.endswith(".j2"):
                path = Path(frame.filename)
                if not path.is_relative_to(self.own):
                    return None
                name = path.relative_to(self.own).as_posix()
                return Position(f"{self.shown}/{name}", frame.lineno or 1)
        return None


def _own_files(folder: Path) -> list[Path]:
    """Return the files below a project's folder of templates, but for the hidden ones."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(map(is_hidden, path.relative_to(folder).parts))
    )


def own_digests(project: Path, own_templates: str, targets: Iterable[str]) -> dict[str, str]:
    """Return the digest of each file among the project's own templates of `targets`, by path."""
    found = {}
    for target in sorted(set(targets)):
        for path in _own_files(project / own_templates / target):
            name = path.relative_to(project).as_posix()
            text = path.read_bytes().replace(b"\r\n", b"\n")
            found[name] = hashlib.sha256(text).hexdigest()[:16]
    return found


def render(
    targets: Iterable[Target],
    project: Path = Path(),
    own_templates: str = "templates",
    rendered: Callable[[], object] = lambda: None,
) -> dict[str, Output]:
    """Return every file of `targets`, by its path relative to the project.

    `own_templates` is the folder of the project's own templates, relative to it. `rendered` is
    called after each file.

    Raises :class:`ProblemsError` with every template that failed and every two files that would
    have one path (on any file system: case and Unicode form do not tell paths apart).
    """
    wanted: dict[str, Output] = {}
    problems = list(_unused_folders(project, own_templates))
    owners: Owners = {}
    for target in targets:
        templates = Templates(type(target), project / own_templates, own_templates)
        problems += templates.unused()
        for path, file in files_of(target, owners, problems):
            try:
                data = templates.formatted(target, file, templates.render(file))
            except TemplateError as error:
                problems.append(error.problem)
                continue
            wanted[path] = Output(data, target.settings.name, file.template, file.definitions)
            rendered()
    if problems:
        raise ProblemsError(problems)
    return wanted


def _unused_folders(project: Path, own_templates: str) -> Iterator[Problem]:
    """Yield a problem for what stands among the project's templates and belongs to no target."""
    own = project / own_templates
    if own.is_file():
        yield Problem(Position(own_templates), "MS063", "a folder of templates is needed here")
    for path in sorted(own.iterdir()) if own.is_dir() else ():
        if path.is_dir() and not is_hidden(path.name) and not is_target(path.name):
            yield Problem(
                Position(f"{own_templates}/{path.name}"),
                "MS063",
                f'there is no target "{visible(path.name)}" whose templates these could be',
                help=did_you_mean(path.name, target_names()),
            )
