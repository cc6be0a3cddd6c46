import { appendFile, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { redoc } from "./redoc.ts";

const here = (path: string) => resolve(import.meta.dirname, path);
const page = (name: string) => here(`${name}.html`);

const LICENSES = "licenses.txt";
const OF_FONTS = { Pretendard: "pretendard/dist/LICENSE.txt", "Gowun Batang": "@fontsource/gowun-batang/LICENSE" };

/** The fonts' licences, after those of the libraries. */
const fontLicenses: Plugin = {
  name: "font-licenses",
  closeBundle: async () => {
    for (const [name, path] of Object.entries(OF_FONTS)) {
      await appendFile(here(`dist/${LICENSES}`), `\n\n## ${name}\n\n${await readFile(here(`node_modules/${path}`), "utf8")}`);
    }
  },
};

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [redoc(), fontLicenses],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false }, // it is an inline script, which the policy refuses
    assetsInlineLimit: 0, // and so is what stands in a data: URL
    cssCodeSplit: true,
    license: { fileName: LICENSES },
    rollupOptions: { input: { index: page("index"), pay: page("pay"), docs: page("docs") } },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
