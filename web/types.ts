/** Writes src/api/schema.d.ts from the API's own document: every path, every body, and every code as a union. */
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const document = new URL("../layers/shared/python/veil/api/openapi.json", import.meta.url);
const out = new URL(process.argv[2] ?? "src/api/schema.d.ts", import.meta.url);

// The document leaves a problem's code open, since clients in people's pockets are not updated. This one is released
// together with the API, so it knows all of them, and the type check names each that has no words.
const codes: string[] = JSON.parse(await readFile(document, "utf8")).components.schemas.ProblemCode.examples;
const known = codes.map((code) => JSON.stringify(code)).join(" | ");
const types = astToString(await openapiTS(document));
await writeFile(out, `/* Made by \`npm run types\` from the API's document. */\n${types}\nexport type KnownProblemCode = ${known};\n`);
