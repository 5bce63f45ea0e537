"""The payment service: it takes money, or says why not.

uvicorn app:app --port 8002
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response

from models import Captured, Card, Declined, NewPayment, Outcome, Payment, Problem, Wallet
from models.wire import DecodeError

app = FastAPI(title="Payments")
numbers = itertools.count(1)


@app.post("/payments", status_code=201)
async def create_payment(request: Request) -> Response:
    """Charge the customer. A declined payment is a payment, too."""
    wanted = NewPayment.from_json(await request.body())
    payment = Payment(
        id=f"payment_{next(numbers)}",
        order_id=wanted.order_id,
        amount_cents=wanted.amount_cents,
        outcome=charge(wanted),
    )
    return answer(payment, 201)


def charge(wanted: NewPayment) -> Outcome:
    """Ask the bank, which declines some test cards."""
    match wanted.method:
        case Card(number=number) if number.endswith("0002"):
            return Declined(reason="the bank declined the card")
        case Card() | Wallet():
            return Captured(at=datetime.now(UTC))


@app.exception_handler(DecodeError)
async def refuse(_: Request, error: DecodeError) -> Response:
    """Tell the client where its document is invalid."""
    return answer(Problem(message=str(error), path=error.path), 422)


def answer(value: Payment | Problem, status: int) -> Response:
    """Return a model as a response."""
    return Response(value.to_json(), status, media_type="application/json")
