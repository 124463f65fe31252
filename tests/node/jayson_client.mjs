// jayson's client against a server at argv[2] (host:port), over HTTP and WebSocket.
import assert from "node:assert/strict";
import { once } from "node:events";
import jayson from "jayson/promise/index.js";

const address = process.argv[2];

async function probe(client) {
  const ok = async (method, params, expected) =>
    assert.deepEqual((await client.request(method, params)).result, expected);
  await ok("subtract", [42, 23], 19);
  await ok("subtract", { minuend: 42, subtrahend: 23 }, 19);
  await ok("Arithmetic.subtract", [23, 42], -19);
  await ok("get_data", [], ["hello", 5]);
  await ok("echo", { value: { deep: [1.5, null, "é"] } }, { deep: [1.5, null, "é"] });

  const missing = await client.request("foobar", []);
  assert.deepEqual(missing.error, { code: -32601, message: "Method not found" });
  const wrong = await client.request("subtract", ["a", 1]);
  assert.equal(wrong.error.code, -32602);
  assert.equal(wrong.error.data.violations[0].field, "minuend");
  const declared = await client.request("sum", [2147483647, 1, 1]);
  assert.equal(declared.error.code, 1001);
  assert.deepEqual(declared.error.data.payload, { limit: 2147483647 });

  const answers = await Promise.all(
    [...Array(100).keys()].map((n) => client.request("subtract", [n, 1])),
  );
  assert.deepEqual(answers.map((a) => a.result), [...Array(100).keys()].map((n) => n - 1));

  const batch = await client.request([
    client.request("subtract", [5, 3], undefined, false),
    client.request("foobar", [], undefined, false),
    client.request("notify_hello", [7], null, false),
  ]);
  assert.equal(batch.length, 2);
  assert.equal(batch.find((each) => each.result !== undefined).result, 2);
  assert.equal(batch.find((each) => each.error).error.code, -32601);
}

const [host, port] = address.split(":");
const http = jayson.Client.http({ host, port: Number(port), version: 2 });
await probe(http);
await http.request("notify_hello", [11], null);

const socket = jayson.Client.websocket({ url: `ws://${address}` });
await once(socket.ws, "open");
await probe(socket);
socket.ws.close();
console.log("ok");
