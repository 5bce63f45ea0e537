"""The methods that only some structs in Go have, and the names that their fields cannot have."""

from __future__ import annotations

import re

from helpers.go_specs import problems_of, rendered

LOGIN = """
model: Login
fields:
  user: {type: string, required: true}
  string: {type: string}
  password: {type: string, required: true, writeOnly: true}
---
model: Account
fields: {logins: {type: 'list[Login]'}, string: {type: string}}
---
model: Other
fields: {user: {type: string}, logValue: {type: string}}
"""


def methods(text: str) -> set[str]:
    return set(re.findall(r"^func \(v \*?\w+\) (\w+)", text, re.MULTILINE))


def test_structs_that_lead_to_write_only_fields_are_not_shown_whole() -> None:
    files = rendered({"x.yaml": LOGIN})
    usual = methods(files["other.go"])
    assert methods(files["login.go"]) - usual == {"String", "GoString", "LogValue"}
    assert methods(files["account.go"]) - usual == {"LogValue"}
    assert re.search(r"^\tString_ +\*string ", files["login.go"], re.MULTILINE)
    assert re.search(r"^\tString +\*string ", files["account.go"], re.MULTILINE)
    assert re.search(r"^\tLogValue +\*string ", files["other.go"], re.MULTILINE)
    assert "internal/codec/write_only.go" in files
    assert "internal/codec/write_only.go" not in rendered({"x.yaml": LOGIN.split("---")[2]})


def test_a_field_cannot_be_given_the_name_of_a_method() -> None:
    spec = LOGIN.replace("user: {type: string,", "user: {type: string, names: {go: GoString},")
    (problem,) = problems_of({"x.yaml": spec})
    assert problem.code == "MS041"


def test_unions_of_structs_have_a_method_for_type_switches() -> None:
    spec = """
union: Shape
members: [Value, Inner]
---
union: Inner
members: [Square, int64]
---
model: Value
fields: {a: {type: string, required: true}}
---
model: Square
fields: {b: {type: string, required: true}}
"""
    files = rendered({"x.yaml": spec})
    assert "Value" in methods(files["shape.go"])
    assert "\tValue_ *Value\n" in files["shape.go"]
    assert "Value" not in methods(files["inner.go"])


def test_unions_have_methods_for_yaml_if_there_is_a_tag_for_it() -> None:
    texts = {"x.yaml": "union: U\nmembers: [string, int64]\n"}
    files = rendered(texts, tags=("yaml",))
    assert {"MarshalYAML", "UnmarshalYAML"} <= methods(files["u.go"])
    assert "internal/codec/yaml.go" in files
    assert "MarshalYAML" not in methods(rendered(texts, tags=("bson",))["u.go"])
    model = {"x.yaml": "model: M\nfields: {a: {type: string}}\n"}
    assert "internal/codec/yaml.go" not in rendered(model, tags=("yaml",))
