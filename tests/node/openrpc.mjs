// The documents of argv, by the reference validator of OpenRPC; says how many methods each has.
import { readFileSync } from "node:fs";
import utils from "@open-rpc/schema-utils-js";

for (const file of process.argv.slice(2)) {
  const document = JSON.parse(readFileSync(file, "utf8"));
  const verdict = utils.validateOpenRPCDocument(document);
  if (verdict !== true) throw verdict;
  console.log(document.methods.length);
}
