// Calls the order and the payment service. Every answer is decoded, so the rest of the gateway works
// with values that fit their types.

import {
  type NewOrder,
  type NewPayment,
  type Order,
  type Payment,
  type Problem,
  parseOrder,
  parsePayment,
  parseProblem,
  stringifyNewOrder,
  stringifyNewPayment,
  stringifyPayment,
} from "./models/index.ts";

/** A service did not accept a request. */
export class Refused extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.message);
    this.status = status;
    this.problem = problem;
  }
}

export class Orders {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  create(order: NewOrder): Promise<Order> {
    const body = stringifyNewOrder(order);
    return call("POST", `${this.#url}/orders`, parseOrder, body);
  }

  find(id: string): Promise<Order> {
    const url = `${this.#url}/orders/${encodeURIComponent(id)}`;
    return call("GET", url, parseOrder);
  }

  settle(id: string, payment: Payment): Promise<Order> {
    const url = `${this.#url}/orders/${encodeURIComponent(id)}/payment`;
    return call("PUT", url, parseOrder, stringifyPayment(payment));
  }
}

export class Payments {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  create(payment: NewPayment): Promise<Payment> {
    const body = stringifyNewPayment(payment);
    return call("POST", `${this.#url}/payments`, parsePayment, body);
  }
}

async function call<T>(
  method: string,
  url: string,
  parse: (text: string) => T,
  body?: string,
): Promise<T> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(5_000),
    ...(body === undefined
      ? {}
      : { body, headers: { "Content-Type": "application/json" } }),
  });
  const text = await response.text();
  if (response.ok) {
    return expect(parse, text, url);
  }
  throw new Refused(response.status, expect(parseProblem, text, url));
}

/** An answer that does not fit is a fault of the service, not of our client. */
function expect<T>(parse: (text: string) => T, text: string, url: string): T {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`unexpected answer from ${url}`, { cause: error });
  }
}
