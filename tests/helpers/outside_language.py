"""A language in packages outside modelsync: a target, a toolset, and a project that uses them."""

from __future__ import annotations

from pathlib import Path

from helpers.projects import write

TARGET = """\
from pathlib import Path

from modelsync.naming import snake
from modelsync.targets.base import Code, File, Target


class SchemeTarget(Target):
    name = "scheme"
    templates = Path(__file__).parent / "templates"
    reserved_fields = frozenset({"define"})

    def definition_identifier(self, name):
        return snake(name)

    def field_identifier(self, key):
        return snake(key)

    def value_identifier(self, enum, value):
        return snake(value)

    def files(self):
        for model in self.schema.definitions:
            names = self.field_names
            fields = [
                {"name": Code(names[model.id, field.json_key]), "position": field.position}
                for field in model.fields
            ]
            name = Code(self.definition_names[model.id])
            yield File(f"{name}.scm", "record.scm", {"name": name, "fields": fields}, (model,))


TARGET = SchemeTarget
"""
TEMPLATE = """\
(define-record {{ name }}
{% for field in fields %}
  {{ field.name }}
{% endfor %}
)
"""
TOOLSET = """\
import sys

from modelsync.verify.languages import Compiler, Finding, Toolset
from modelsync.verify.toolchains import RequiredTool, Tool


def check(out, scheme):
    texts = [path.read_text() for path in out.rglob("*.scm")]
    wrong = [text for text in texts if text.count("(") != text.count(")")]
    return [Finding("scheme", text) for text in wrong]


class SchemeToolset(Toolset):
    def compilers(self, target):
        tool = Tool("scheme", (sys.executable,), (1, 0))
        return [Compiler(RequiredTool("scheme", lambda _: tool, "not compiled"), check)]


TOOLSET = SchemeToolset()
"""
SPEC = """\
model: LineItem
fields:
  unitPrice: {type: float64, required: true}
  define: {type: string, names: {scheme: definition}}
"""
INFO = "acme_scheme-1.dist-info"


def install(folder: Path) -> None:
    """Write the packages into `folder/site`, and the project into `folder/project`."""
    files = {
        "acme_scheme/__init__.py": TARGET,
        "acme_scheme/templates/record.scm.j2": TEMPLATE,
        "acme_verify.py": TOOLSET,
        f"{INFO}/METADATA": "Name: acme-scheme\nVersion: 1\n",
        f"{INFO}/entry_points.txt": "[modelsync.targets]\nscheme = acme_scheme\n"
        "[modelsync.verify]\nscheme = acme_verify\n",
    }
    write(folder / "site", files)
    config = "targets:\n  scheme: {out: models}\n"
    write(folder / "project", {"modelsync.yaml": config, "specs/line.yaml": SPEC})
