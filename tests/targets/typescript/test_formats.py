"""The checks of strings of a certain form against their grammars."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.projects import generate, schema_of
from modelsync.patterns.samples import mutants, samples
from modelsync.schema.formats import FORMATS
from modelsync.verify.cases import Case
from modelsync.verify.languages.typescript import run
from modelsync.verify.toolchains import Tool

# A text for each way in which code that splits a text may go wrong.
ODD = {
    "duration": ["P", "PT", "P1DT", "P1DTT1H", "P1D\n", "PT1H\n", "P1WT1H", "P1YT1S", "T1H", "1D"],
    "hostname": ["", ".", "a.", ".a", "a..b", "a.b\n", "a" * 64, "-a", "a-", ("a" * 60 + ".") * 5],
    "ipv4": ["1.2.3.4.5", "1.2.3", "1.2.3.4\n", "1.2.3.04", "1.2.3.256", "1..2.3", "0.1.2.3"],
    "ipv6": [
        *("", ":", "::", ":::", "::1::", "1::2::3", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::"),
        *("1:2:3:4:5:6:7:8:9", "::2:3:4:5:6:7:8", "1::2:3:4:5:6:7:8", ":1::2", "1::2:", "0:0"),
        *("1.2.3.4", "::1.2.3.4", "1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:1.2.3.4", "::1\n"),
        *("1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5::1.2.3.4", "1:2:3:4:5:6::1.2.3.4", "::fffff", "::g"),
    ],
    "email": [
        *("", "@", "a@", "@b", "a@b@c", '"@"@b', '"a@b', "a@b\n", "a@[1.2.3.4]", "a@[::1]", "a@[]"),
        *("a@[IPv6:::1]", "a@[IPv6:::1", "a@[ipv6:::1]", "a@[IPv6:1.2.3.4]", "a@[1.2.3.4]]", ".@b"),
        *("a" * 252 + "@b", "a" * 253 + "@b", '"\\"@b', '"\\""@b', "a@[[1.2.3.4]]", "a@b."),
    ],
    "uri": [
        *("a:", "a:/", "a://", "a:///", "a:////b", "a:b", "a:/b//c", ":", "1:", "a", "//b", ""),
        *("a:[", "a://b@c@d", "a://b:c@d", "a://b:c", "a://b:1", "a://b:", "a://[::1]:1"),
        *("a://[::1", "a://::1]", "a://[v1.a:b]", "a://[V.a]", "a://[v1.]", "a://u@[::1]/p?q#f"),
        *("a://[::1]@[::1]", "a://b[c", "a:b#c#d", "a:b?c?d", "a:b#c?d/e", "a:%", "a:%4", "a:%4g"),
        *("a:%41", "a:#%", "a:?%zz", "a://%/", "a://%41/", "a:b c", "a:b\n", "a:b#\n", "a:#["),
    ],
}


@pytest.mark.toolchain
def test_a_format_takes_the_texts_of_its_grammar(node: Tool, tmp_path: Path) -> None:
    fields = {name: {"type": name} for name in FORMATS}
    schema = schema_of(json.dumps({"model": "All", "fields": fields}))
    target = generate(schema, "typescript", tmp_path, "out")
    texts = [
        (name, text)
        for name, format_ in FORMATS.items()
        for sample in (*samples(format_.pattern, 300), *ODD.get(name, ()))
        for text in (sample, *mutants(sample, 3))
    ]
    cases = [Case("All", json.dumps({name: text}).encode()) for name, text in texts]
    outcomes = run(target, tmp_path / "out", cases, node)
    wrong = [
        each
        for each, outcome in zip(texts, outcomes, strict=True)
        if outcome.crash or outcome.accepted != FORMATS[each[0]].accepts(each[1])
    ]
    assert wrong == []
    assert len(texts) > 10_000
