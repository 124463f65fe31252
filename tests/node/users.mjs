// The users example through Node's fetch alone: what a page in a browser would write.
// Prints one line of JSON a step; the base URL is the argument.
import assert from "node:assert/strict";

const base = process.argv[2];

async function call(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "content-type": "application/json" };
  }
  const response = await fetch(base + path, options);
  const text = await response.text();
  return { status: response.status, type: response.headers.get("content-type"), value: text && JSON.parse(text), response };
}

const created = await call("POST", "/users", { name: "Ada", email: "ada@example.com", age: 36 });
assert.equal(created.status, 201);
assert.equal(created.value.role, "MEMBER");
const path = `/users/${created.value.id}`;

const got = await call("GET", path);
assert.deepEqual(got.value, created.value);
const tag = got.response.headers.get("etag");
assert.equal((await fetch(base + path, { headers: { "if-none-match": tag } })).status, 304);

await call("POST", "/users", { name: "Grace", email: "grace@example.com" });
const page = await call("GET", "/users?page_size=1");
assert.equal(page.value.items.length, 1);
const rest = await call("GET", `/users?page_size=1&page_token=${page.value.next_page_token}`);
assert.equal(rest.value.items[0].name, "Grace");

const changed = await call("PUT", path, { name: "Ada Lovelace", email: "ada@example.com", role: "ADMIN" });
assert.equal(changed.status, 200);
assert.deepEqual(changed.value, { id: created.value.id, name: "Ada Lovelace", email: "ada@example.com", role: "ADMIN" });

assert.equal((await call("DELETE", path)).status, 204);
const gone = await call("GET", path);
assert.equal(gone.status, 404);
assert.equal(gone.type, "application/problem+json");
assert.equal(gone.value.error, "UserNotFound");
assert.equal(gone.value.payload.id, created.value.id);

const wrong = await call("POST", "/users", { name: "", email: "nobody" });
assert.equal(wrong.status, 400);
assert.deepEqual(wrong.value.violations.map((violation) => violation.field), ["name", "email"]);

console.log("all well");
