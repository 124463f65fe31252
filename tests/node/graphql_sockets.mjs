// graphql-ws's own client against the calculator, and every way to break its protocol by hand.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const [url] = process.argv.slice(2);
const results = {};

async function all(query, options = {}) {
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options });
  const found = [];
  for await (const each of client.iterate({ query })) found.push(each);
  await client.dispose();
  return found;
}

// sends messages as they are; gives the close code, or the messages until there are `until`
function raw(messages, { protocol = "graphql-transport-ws", until = Infinity } = {}) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, protocol);
    const received = [];
    socket.on("open", () => messages.forEach((each) => socket.send(each)));
    socket.on("message", (data) => {
      received.push(JSON.parse(data));
      if (received.length >= until) {
        socket.close();
        resolve(received);
      }
    });
    socket.on("close", (code) => resolve(code));
    socket.on("error", () => {});
  });
}

const init = '{"type":"connection_init"}';
const subscribe = (id, query) => JSON.stringify({ id, type: "subscribe", payload: { query } });
const events = "subscription { calculated { result } }";

results.subscription = await all("subscription { countdown(from: 3) }");
results.query = await all("{ subtract(a: 5, b: 3) }");
results.keepAlive = await all("subscription { countdown(from: 1) }", { keepAlive: 5 });
try {
  await all("subscription { nonsense }");
} catch (errors) {
  results.wrong = errors.map((each) => each.message);
}
results.ping = await raw(['{"type":"ping"}'], { until: 1 });
results.invalid = await raw(["no JSON"]);
results.unknownType = await raw([init, '{"type":"nonsense"}']);
results.binary = await raw([Buffer.from([1, 2])]);
results.noId = await raw([init, '{"type":"subscribe","payload":{"query":"{ __typename }"}}']);
results.unauthorized = await raw([subscribe("1", "{ __typename }")]);
results.subprotocol = await raw([], { protocol: [] });
results.late = await raw([]);
results.duplicate = await raw([init, subscribe("1", events), subscribe("1", events)]);
results.tooMany = await raw([init, init]);
results.unknownComplete = await raw([init, '{"id":"9","type":"complete"}', '{"type":"ping"}'], { until: 2 });
results.again = await raw(
  [init, subscribe("1", events), '{"id":"1","type":"complete"}', subscribe("1", "{ __typename }")],
  { until: 3 },
);
console.log(JSON.stringify(results));
process.exit(0);
