// Runs every audit of graphql-http against a server and prints what each found, as JSON.
import { serverAudits } from "graphql-http";

const [url] = process.argv.slice(2);
const results = [];
for (const audit of serverAudits({ url, fetchFn: fetch })) {
  const { status, name, reason } = await audit.fn();
  results.push({ id: audit.id, name, status, reason });
}
console.log(JSON.stringify(results));
process.exit(0);
