// The AsyncAPI documents of argv, by the reference parser; says how many operations each has.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const parser = new Parser();
for (const file of process.argv.slice(2)) {
  const { document, diagnostics } = await parser.parse(readFileSync(file, "utf8"));
  const errors = diagnostics.filter((each) => each.severity === 0);
  for (const { code, message, path } of errors) {
    console.error(`${file}: ${code} at ${path.join("/")}: ${message}`);
  }
  if (errors.length) process.exit(1);
  console.log(document.operations().all().length);
}
