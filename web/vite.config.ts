import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const page = (name: string) => resolve(import.meta.dirname, `${name}.html`);

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false }, // it is an inline script, which the policy refuses
    assetsInlineLimit: 0, // and so is what stands in a data: URL
    cssCodeSplit: true,
    rollupOptions: { input: { index: page("index"), pay: page("pay") } },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
