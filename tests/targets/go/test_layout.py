"""The columns of declarations in Go."""

from __future__ import annotations

from modelsync.targets.go.layout import align


def test_columns_are_aligned_between_comments() -> None:
    text = (
        'package p\n\ntype A struct {\n\tID string `json:"id"`\n\tCreated *int64 `json:"c"`\n'
        '\t// Of any kind.\n\tKind any `json:"kind"`\n}\n\nconst (\n\tAB A = 1\n\tC A = 2\n)\n'
    )
    assert align(text) == (
        'package p\n\ntype A struct {\n\tID      string `json:"id"`\n'
        '\tCreated *int64 `json:"c"`\n\t// Of any kind.\n\tKind any `json:"kind"`\n}\n\n'
        "const (\n\tAB A = 1\n\tC  A = 2\n)\n"
    )


def test_a_field_without_a_tag_ends_the_column_of_types() -> None:
    text = "\ntype A struct {\n\tB []string `x`\n\tCC int\n\tD *T `y`\n}\n"
    assert align(text) == "\ntype A struct {\n\tB  []string `x`\n\tCC int\n\tD  *T `y`\n}\n"


def test_function_bodies_do_not_change() -> None:
    text = "\nfunc f() {\n\ta := 1\n\tbcd := 2\n\ttype t struct {\n\t\ta int\n\t}\n}\n"
    assert align(text) == text


def test_values_of_a_literal_are_aligned_while_their_keys_are_of_similar_size() -> None:
    long = "L" * 41
    text = f"\tf()\n\treturn A{{\n\t\tB: 1,\n\t\tCCC: 2,\n\t\t{long}: 3,\n\t}}\n"
    assert align(text) == (f"\tf()\n\treturn A{{\n\t\tB:   1,\n\t\tCCC: 2,\n\t\t{long}: 3,\n\t}}\n")
