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


def test_what_fmt_prints_of_write_only_fields() -> None:
    hidden = "model: M\nfields: {a: {type: string, writeOnly: true}}\n"
    text = rendered({"x.yaml": hidden})["m.go"]
    assert '\treturn "{A:***}"\n' in text
    assert '"fmt"' not in text
    text = rendered({"x.yaml": f"{hidden}additionalProperties: any\n"})["m.go"]
    assert 'fmt.Sprintf("{A:*** AdditionalProperties:%+v}", v.AdditionalProperties)' in text


def test_lists_with_a_name_have_the_method_for_logs() -> None:
    files = rendered({"x.yaml": f"{LOGIN}---\nalias: Logins\ntype: list[Login]\n"})
    assert "LogValue" in methods(files["logins.go"])


def test_files_are_named_after_the_words_of_the_spec() -> None:
    def spec(*names: str) -> dict[str, str]:
        return {"x.yaml": "---\n".join(f"model: {each}\nfields: {{}}\n" for each in names)}

    assert {"http_url.go", "api_key.go"} <= rendered(spec("HttpUrl", "ApiKey")).keys()
    given = {"x.yaml": "model: HttpUrl\nnames: {go: Link}\nfields: {}\n"}
    assert "link.go" in rendered(given)
    (problem,) = problems_of(spec("UserABTest", "UserAbTest"))
    assert "the file of `UserABTest`" in problem.message


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
