"""The keys `initialisms` and `names` of the config, in every language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.projects import write
from modelsync.cli import run
from modelsync.project.config import read_config, settings_from
from modelsync.project.load import load
from modelsync.project.record import option_inputs
from modelsync.project.targets import targets_of

CONFIG = """\
initialisms: [USD, IBAN, Id, PayPal]
names: {"_*": "*Extension", "$*": "dollar*", "+1": thumbsUp}
targets:
  python: {out: py}
  typescript: {out: ts}
  go: {out: go, module: example.com/models}
  docs: {target: sdk-docs, notation: go, out: docs}
"""
SPEC = """\
model: Payment
fields:
  iban: {type: string}
  user_id: {type: 'string | int64'}
  payPalFee: {type: Currency}
  birthDate: {type: date}
  _birthDate: {type: string}
  $ref: {type: string}
  3rd_party: {type: string, names: {go: Third}}
---
enum: Currency
values: {usd: , "+1": , "-1": , 2nd: , "": , ">=": }
---
alias: Iban
type: string
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, {"modelsync.yaml": CONFIG, "specs/a.yaml": SPEC})
    return tmp_path


def names(project: Path) -> Iterator[tuple[str, list[str], list[str], list[str]]]:
    for target in targets_of(load(project)):
        fields, values = target.field_names.values(), target.value_names.values()
        yield target.language, list(fields), list(values), sorted(target.definition_names.values())


def test_names_follow_the_config_in_every_language(project: Path) -> None:
    python, typescript, go, pages = names(project)
    assert python[1:] == (
        "iban user_id paypal_fee birth_date birth_date_extension dollar_ref"
        " field_3rd_party".split(),
        "USD THUMBS_UP MINUS_1 VALUE_2ND EMPTY GREATER_OR_EQUAL".split(),
        ["Currency", "IBAN", "Payment", "PaymentUserId"],
    )
    assert typescript[1:3] == (
        "iban userId payPalFee birthDate birthDateExtension dollarRef field3rdParty".split(),
        "USD ThumbsUp Minus1 Value2nd Empty GreaterOrEqual".split(),
    )
    assert go[1:] == (
        "IBAN UserId PayPalFee BirthDate BirthDateExtension DollarRef Third".split(),
        [f"Currency{each}" for each in "USD ThumbsUp Minus1 2nd Empty GreaterOrEqual".split()],
        ["Currency", "IBAN", "Payment", "PaymentUserId"],
    )
    assert pages[1][:2] == ["Iban", "UserID"]
    assert pages[1][3:6] == ["BirthDate", "BirthDateExtension", "DollarRef"]


def test_recorded_names_are_read_back() -> None:
    for settings in read_config(CONFIG).targets:
        inputs = {name: json.loads(value) for name, value in option_inputs(settings)}
        assert settings_from(settings.name, inputs) == settings


@pytest.mark.parametrize(
    "inputs",
    [
        {"initialisms": "USD"},
        {"initialisms": ["usd"]},
        {"initialisms": [1]},
        {"names": []},
        {"names": {"a": 1}},
        {"names": {"a*": "b"}},
    ],
)
def test_recorded_names_that_are_not_accepted_are_none(inputs: dict[str, object]) -> None:
    assert settings_from("python", {"out": "py", **inputs}) is None


def test_a_changed_key_is_the_cause_of_the_files_that_it_changes(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["generate", "--project", str(project)]) == 0
    write(project, {"modelsync.yaml": CONFIG.replace("USD, IBAN", "USD")})
    capsys.readouterr()
    assert run(["check", "--project", str(project)]) == 1
    out = capsys.readouterr().out
    assert (
        'go/iban.go: `initialisms` changed from ["USD", "IBAN", "Id", "PayPal"] to'
        ' ["USD", "Id", "PayPal"] (modelsync.yaml:1:14)' in out
    )
    assert "currency" not in out
    assert "docs/" not in out


def test_a_line_is_explained_by_the_keys_that_change_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["generate", "--project", str(project)]) == 0
    lines = (project / "go/payment.go").read_text("utf-8").splitlines()

    def explained(text: str) -> str:
        number = next(n for n, line in enumerate(lines, 1) if line.startswith(text))
        capsys.readouterr()
        assert run(["explain", "--project", str(project), f"go/payment.go:{number}"]) == 0
        return capsys.readouterr().out

    assert "modelsync.yaml:1:14" in explained("\tIBAN ")
    assert "modelsync.yaml:2:8" in explained("\tBirthDateExtension ")
