// The HTTP interface of the gateway.

import {
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
} from "node:http";
import { text } from "node:stream/consumers";

import { type Orders, type Payments, Refused } from "./client.ts";
import {
  type Checkout,
  type DecodeError,
  type Problem,
  type Receipt,
  attempt,
  parseCheckout,
  stringifyOrder,
  stringifyProblem,
  stringifyReceipt,
} from "./models/index.ts";

interface Answer {
  status: number;
  body: string;
}

export function createGateway(orders: Orders, payments: Payments): Server {
  return createServer((request, response) => {
    route(request, orders, payments)
      .catch(refuse)
      .then((answer) => send(response, answer))
      .catch((error: unknown) => {
        console.error("gateway:", error);
        response.destroy();
      });
  });
}

async function route(
  request: IncomingMessage,
  orders: Orders,
  payments: Payments,
): Promise<Answer> {
  const { pathname } = new URL(request.url ?? "/", "http://gateway");
  const [, resource, id, ...rest] = pathname.split("/");
  if (request.method === "POST" && pathname === "/checkout") {
    const checkout = attempt(parseCheckout, await text(request));
    if (!checkout.ok) {
      return invalid(checkout.errors);
    }
    const receipt = await buy(checkout.value, orders, payments);
    const paid = receipt.payment.outcome.status === "captured";
    return { status: paid ? 201 : 402, body: stringifyReceipt(receipt) };
  }
  if (request.method === "GET" && resource === "orders" && id && !rest.length) {
    const order = await orders.find(decodeURIComponent(id));
    return { status: 200, body: stringifyOrder(order) };
  }
  throw new Refused(404, { message: `no such resource: ${pathname}` });
}

/** Creates an order, pays it, and tells the order service the outcome. */
async function buy(
  { method, ...wanted }: Checkout,
  orders: Orders,
  payments: Payments,
): Promise<Receipt> {
  const created = await orders.create(wanted);
  const payment = await payments.create({
    orderId: created.id,
    amountCents: created.totalCents,
    customer: created.customer,
    method,
  });
  return { order: await orders.settle(created.id, payment), payment };
}

/** Tells all that is wrong with a document, and where the first error is. */
function invalid(errors: [DecodeError, ...DecodeError[]]): Answer {
  const message = errors.map((error) => error.message).join("; ");
  return problem(422, { message, path: errors[0].path });
}

function refuse(error: unknown): Answer {
  if (error instanceof Refused) {
    return problem(error.status, error.problem);
  }
  console.error("gateway:", error);
  return problem(502, { message: "a service is not available" });
}

function problem(status: number, body: Problem): Answer {
  return { status, body: stringifyProblem(body) };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(body);
}
