// jayson's server of a part of Arithmetic, at free ports: prints those of HTTP and of WebSocket.
import jayson from "jayson/promise/index.js";

const positional = (names, call) => (params) =>
  call(...(Array.isArray(params) ? params : names.map((name) => params[name])));
const told = [];

const server = new jayson.Server({
  subtract: positional(["minuend", "subtrahend"], async (a, b) => a - b),
  sum: positional(["a", "b", "c"], async (a, b, c) => {
    if (a + b + c < 2 ** 31) return a + b + c;
    const payload = { limit: 2 ** 31 - 1 };
    throw server.error(1001, "too much", { code: "out_of_range", error: "Overflow", payload });
  }),
  notify_hello: positional(["value"], async (value) => void told.push(value)),
  get_data: async () => told,
  sleep: positional(["seconds"], async () => {
    throw server.error(-32000, "out of order");
  }),
});

const http = server.http();
await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
const socket = server.websocket({ port: 0, host: "127.0.0.1" });
await new Promise((resolve) => socket.once("listening", resolve));
console.log(http.address().port, socket.address().port);
