/** Redoc's bundle as a hashed asset of ours, without the one picture that it would fetch from elsewhere. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const MODULE = "virtual:redoc";
const LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";
const NOTHING = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

/** The plugin: `import address from "virtual:redoc"`. */
export function redoc(): Plugin {
  return {
    name: "redoc",
    apply: "build",
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      const bundle = readFileSync(createRequire(import.meta.url).resolve("redoc/bundles/redoc.standalone.js"), "utf8");
      if (bundle.split(LOGO).length !== 2) throw new Error(`Redoc has changed: where is ${LOGO}?`);
      const asset = this.emitFile({ type: "asset", name: "redoc.js", source: bundle.replace(LOGO, NOTHING) });
      return `export default import.meta.ROLLUP_FILE_URL_${asset};`;
    },
  };
}
