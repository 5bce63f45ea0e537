// The gateway: one call of a shop's website becomes calls of the order and the payment service.
//
//     ORDERS_URL=http://127.0.0.1:8001 PAYMENTS_URL=http://127.0.0.1:8002 PORT=8000 node main.ts

import { Orders, Payments } from "./client.ts";
import { createGateway } from "./server.ts";

const { env } = process;
const port = Number(env["PORT"] ?? 8000);
const orders = new Orders(env["ORDERS_URL"] ?? "http://127.0.0.1:8001");
const payments = new Payments(env["PAYMENTS_URL"] ?? "http://127.0.0.1:8002");

createGateway(orders, payments).listen(port, "127.0.0.1", () => {
  console.log(`gateway: listening on http://127.0.0.1:${port}`);
});
