"""Start the three services, and buy something: `python run.py`.

It needs fastapi and uvicorn, Node 22.18 or later, and Go 1.24 or later on PATH.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
START_SECONDS = 15.0

LINE = {"sku": "TE-0001", "quantity": 2, "unitCents": 450}
CHECKOUT = {
    "customer": {"name": "Ana", "email": "ana@example.com"},
    "lines": [LINE],
    "method": {"type": "card", "number": "4242424242424242", "expires": "12/30"},
}


@dataclass(frozen=True)
class Services:
    """The addresses of the services, such as 127.0.0.1:8000."""

    orders: str
    payments: str
    gateway: str


@contextmanager
def services(go: Sequence[str] = ("go",), node: Sequence[str] = ("node",)) -> Iterator[Services]:
    """Start the services on free ports, and stop them in the end."""
    ports = dict(zip(("orders", "payments", "gateway"), free_ports(3), strict=True))
    addresses = Services(**{name: f"127.0.0.1:{port}" for name, port in ports.items()})
    urls = {
        "ORDERS_URL": f"http://{addresses.orders}",
        "PAYMENTS_URL": f"http://{addresses.payments}",
    }
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        program = str(Path(folder, "orders"))
        subprocess.run([*go, "build", "-o", program, "."], cwd=HERE / "orders", check=True)
        uvicorn = [sys.executable, "-m", "uvicorn", "app:app", "--log-level", "warning"]
        commands = {
            "orders": [program],
            "payments": [*uvicorn, "--port", str(ports["payments"])],
            "gateway": [*node, "main.ts"],
        }
        processes = {
            name: stack.enter_context(service(name, command, {**urls, "PORT": str(ports[name])}))
            for name, command in commands.items()
        }
        for name, process in processes.items():
            wait_for(name, process, ports[name])
        yield addresses


@contextmanager
def service(
    name: str, command: Sequence[str], env: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a service in its folder, and stop it in the end."""
    process = subprocess.Popen(command, cwd=HERE / name, env={**os.environ, **env})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=10)


def free_ports(count: int) -> list[int]:
    """Return ports that nothing listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_for(name: str, process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until a service listens. Exit if it fails."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"error: the service in {name}/ did not start")
        time.sleep(0.05)


def call(method: str, address: str, path: str, document: Any = None) -> tuple[int, Any]:
    """Send a document, and return the status and the document of the answer."""
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request(method, path, json.dumps(document), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, json.load(response)
    finally:
        connection.close()


def main() -> None:
    """Buy something, then try to buy less than nothing."""
    missing = [program for program in ("go", "node") if shutil.which(program) is None]
    if missing:
        sys.exit(f"error: not on PATH: {', '.join(missing)}")
    with services() as addresses:
        for document in (CHECKOUT, {**CHECKOUT, "lines": [{**LINE, "quantity": -1}]}):
            status, answer = call("POST", addresses.gateway, "/checkout", document)
            print(status, json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
