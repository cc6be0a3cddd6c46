// Unpack the browser, its fonts and the libraries that a bare machine lacks into TMPDIR, which is where the package puts them.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import chromium, { inflate } from "@sparticuz/chromium";

const bin = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "..", "bin");
await chromium.executablePath();
await inflate(join(bin, "al2023.tar.br"));
