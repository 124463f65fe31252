// A server of graphql-js: a forum whose values lead to each other without end. Prints its port.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { buildSchema } from "graphql";
import { createHandler } from "graphql-http/lib/use/http";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";

const schema = buildSchema(readFileSync(process.argv[2], "utf8"));
const topics = new Map();
const posts = new Map();
const users = new Map();

class Member {
  constructor(id, name) {
    Object.assign(this, { __typename: "User", id, name });
    users.set(id, this);
  }
  posts = () => [...posts.values()].filter((each) => each.author === this);
  friends = () => [...[...users.values()].filter((each) => each !== this), null];
  best = () => this.posts()[0] ?? null;
  postsSince = ({ day, first }) => this.posts().filter((each) => each.day >= day).slice(0, first);
}

class Article {
  constructor(text, author, topic) {
    const id = `p${posts.size + 1}`;
    Object.assign(this, { __typename: "Post", id, text, author, topic, day: `2024-01-0${posts.size + 1}` });
    posts.set(id, this);
  }
  excerpt = ({ words }) => this.text.split(" ").slice(0, words).join(" ");
}

class Subject {
  constructor(id, title, parent) {
    Object.assign(this, { title, parent });
    topics.set(id, this);
  }
  posts = () => [...posts.values()].filter((each) => each.topic === this);
  found = () => [...this.posts(), ...users.values()];
  watchers = ({ first }) => [...users.values()].slice(0, first);
}

const ada = new Member("u1", "Ada");
const bob = new Member("u2", "Bob");
const all = new Subject("t1", "All", null);
const sub = new Subject("t2", "Engines", all);
new Article("first of all", ada, sub);
new Article("second of all", bob, all);
new Article("on nothing at all", ada, null);

const rootValue = {
  node: ({ id }) => users.get(id) ?? posts.get(id) ?? null,
  user: ({ name }) => [...users.values()].find((each) => each.name === name) ?? null,
  users: () => [...users.values()],
  topic: ({ id }) => topics.get(id) ?? null,
  tree: { text: "a", answers: [{ text: "b", answers: [{ text: "c", answers: [] }] }] },
  stats: () => ({ users: users.size, busiest: ada }),
  post: ({ topic, text }) => new Article(text, bob, topics.get(topic) ?? null),
  async *posted({ count }) {
    for (const each of [...posts.values()].slice(0, count)) yield { posted: each };
  },
};

const queries = [];
const answer = createHandler({
  schema,
  rootValue,
  onOperation: (request, { document }) => void queries.push(document.loc.source.body),
});
const server = createServer((request, response) => {
  if (request.url === "/queries") response.end(JSON.stringify(queries));
  else answer(request, response);
});
const sockets = new WebSocketServer({ server, path: "/graphql" });
useServer({ schema, roots: { query: rootValue, mutation: rootValue, subscription: rootValue } }, sockets);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume().on("end", () => process.exit(0));
