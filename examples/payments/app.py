"""The payment service: it takes money, or says why not.

uvicorn app:app --port 8002
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError

from models import (
    Captured,
    Card,
    Declined,
    DecodeError,
    NewPayment,
    Outcome,
    Payment,
    Problem,
    Wallet,
)

app = FastAPI(title="Payments")
numbers = itertools.count(1)


@app.post("/payments", status_code=201)
def create_payment(wanted: NewPayment) -> Payment:
    """Charge the customer. A declined payment is a payment, too."""
    return Payment(
        id=f"payment_{next(numbers)}",
        order_id=wanted.order_id,
        amount_cents=wanted.amount_cents,
        outcome=charge(wanted),
    )


def charge(wanted: NewPayment) -> Outcome:
    """Ask the bank, which declines some test cards."""
    match wanted.method:
        case Card(number=number) if number.endswith("0002"):
            return Declined(reason="the bank declined the card")
        case Card() | Wallet():
            return Captured(at=datetime.now(UTC))


@app.exception_handler(RequestValidationError)
async def refuse(_: Request, error: RequestValidationError) -> Response:
    """Answer as the other services do, with the path of the first error, and name all errors."""
    errors: list[DecodeError] = []
    for each in error.errors():
        _body, *steps = each["loc"]
        if each["type"] == "json_invalid":
            steps = []  # the offset of the error in the text
        errors.append(DecodeError(each["msg"], *reversed(steps)))
    problem = Problem(message="; ".join(map(str, errors)), path=errors[0].path)
    return Response(problem.to_json(), 422, media_type="application/json")
