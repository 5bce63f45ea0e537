"""The services in examples/ are up to date, pass the checkers, and understand each other."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from modelsync.cli import run
from modelsync.verify.toolchains import Tool
from toolchains import tools

CUSTOMER = {"name": "Ana", "email": "ana@example.com"}
LINE = {"sku": "TE-0001", "quantity": 2, "unitCents": 450}
CARD = {"type": "card", "number": "4242424242424242", "expires": "12/30"}
CHECKOUT = {"customer": CUSTOMER, "lines": [LINE], "note": "Sí", "method": CARD}


@pytest.fixture(scope="module")
def examples(root: Path) -> Path:
    return root / "examples"


def test_the_generated_code_is_up_to_date(examples: Path) -> None:
    assert run(["check", "--project", str(examples)]) == 0  # help: `generate` instead of `check`


# The checkers ---------------------------------------------------------------------------------


def passes(tool: Tool, *arguments: str, folder: Path) -> None:
    done = subprocess.run(
        [*tool.argv, *arguments],
        cwd=folder,
        env={**os.environ, **tool.env},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.toolchain
def test_go_vet_staticcheck_and_gofmt_find_nothing(
    examples: Path, go: Tool, gofmt: Tool, staticcheck: Tool
) -> None:
    passes(go, "vet", "./...", folder=examples / "orders")
    passes(staticcheck, "./...", folder=examples / "orders")
    passes(gofmt, "-l", ".", folder=examples / "orders")


@pytest.mark.toolchain
def test_tsc_and_prettier_find_nothing(examples: Path, prettier: Tool) -> None:
    types = str(tools.NODE_MODULES / "@types")
    passes(tools.find_tsc("7"), "--typeRoots", types, folder=examples / "gateway")
    passes(prettier, "--check", "--log-level", "warn", ".", folder=examples / "gateway")


@pytest.mark.toolchain
def test_mypy_finds_nothing(examples: Path, tmp_path: Path) -> None:
    mypy = Tool("mypy", (sys.executable, "-m", "mypy"), (2, 0))
    options = ("--strict", "--config-file=", "--no-error-summary", f"--cache-dir={tmp_path}")
    passes(mypy, *options, "app.py", "../run.py", folder=examples / "payments")


# The services ---------------------------------------------------------------------------------


Call = Callable[..., tuple[int, Any]]
"""`call(method, service, path, document)` returns the status and the document of the answer."""

# The services start once for each worker of pytest, so there are only two tests.


@pytest.fixture(scope="module")
def call(examples: Path, go: Tool, node: Tool) -> Iterator[Call]:
    """Start the services."""
    spec = importlib.util.spec_from_file_location("run_examples", examples / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["run_examples"] = module  # for its dataclass
    spec.loader.exec_module(module)
    with module.services(go.argv, node.argv) as addresses:

        def call(method: str, service: str, *rest: Any) -> tuple[int, Any]:
            result: tuple[int, Any] = module.call(method, getattr(addresses, service), *rest)
            return result

        yield call


@pytest.mark.toolchain
def test_documents_go_through_all_services(call: Call) -> None:
    status, receipt = call("POST", "gateway", "/checkout", CHECKOUT)
    order, payment = receipt["order"], receipt["payment"]
    assert status == 201
    assert order.items() >= {"customer": CUSTOMER, "lines": [LINE], "note": "Sí"}.items()
    assert (order["totalCents"], order["status"]) == (900, "paid")
    assert (payment["orderId"], payment["amountCents"]) == (order["id"], 900)
    assert payment["outcome"]["status"] == "captured"
    for service in ("gateway", "orders"):
        assert call("GET", service, f"/orders/{order['id']}") == (200, order)

    wallet = {"type": "google_pay", "token": "t"}
    status, receipt = call("POST", "gateway", "/checkout", {**CHECKOUT, "method": wallet})
    assert (status, receipt["order"]["status"]) == (201, "paid")

    card = {**CARD, "number": "4000000000000002"}
    status, receipt = call("POST", "gateway", "/checkout", {**CHECKOUT, "method": card})
    assert (status, receipt["order"]["status"]) == (402, "refused")
    outcome = {"status": "declined", "reason": "the bank declined the card"}
    assert receipt["payment"]["outcome"] == outcome

    again = call("PUT", "orders", f"/orders/{order['id']}/payment", payment)
    assert again == (409, {"message": f"the payment does not fit the order: {order['id']}"})
    unknown = call("GET", "gateway", "/orders/order_0")
    assert unknown == (404, {"message": "no such order: order_0"})


@pytest.mark.toolchain
def test_all_services_refuse_a_document_with_the_same_path(call: Call, examples: Path) -> None:
    cases: tuple[tuple[Any, str], ...] = (
        ({**CUSTOMER, "email": "ana"}, "customer.email"),
        ({**CUSTOMER, "name": 5}, "customer.name"),
        ({"name": "Ana"}, "customer.email"),
        ([], "customer"),
        (None, "customer"),
    )
    for customer, path in cases:
        # Each service reads its part of this document.
        document = {**CHECKOUT, "orderId": "order_1", "amountCents": 900, "customer": customer}
        answers = [
            call("POST", "gateway", "/checkout", document),
            call("POST", "orders", "/orders", document),
            call("POST", "payments", "/payments", document),
        ]
        assert [(status, problem["path"]) for status, problem in answers] == [(422, path)] * 3

    shown = re.search(r"```json\n(.*)\n```", (examples / "README.md").read_text("utf-8"))
    assert shown is not None
    document = {**CHECKOUT, "lines": [{**LINE, "quantity": -1}]}
    assert call("POST", "gateway", "/checkout", document) == (422, json.loads(shown[1]))
