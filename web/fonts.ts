/** Writes the web fonts with just the characters that Veil itself can say: its words here, and those of the API. */
import { globSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import subset from "subset-font";

const here = (path: string) => new URL(path, import.meta.url);
const SOURCES = ["src/**/*.ts", "src/**/*.tsx", "../layers/shared/python/veil/{api,domain}/*.py"];
const ALWAYS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("") + "“”‘’…·–—→←×₩©년월일화수목금토요오전후";

const FONTS = {
  pretendard: ["pretendard/dist/web/variable/woff2/PretendardVariable.woff2"],
  "gowun-batang-ko": ["@fontsource/gowun-batang/files/gowun-batang-korean-400-normal.woff2"],
  "gowun-batang-en": ["@fontsource/gowun-batang/files/gowun-batang-latin-400-normal.woff2"],
};

const characters = new Set(ALWAYS);
for (const pattern of SOURCES) {
  for (const file of globSync(pattern, { cwd: here(".").pathname })) {
    for (const character of await readFile(here(file), "utf8")) if (character > "\x7f") characters.add(character);
  }
}
await mkdir(here("src/styles/fonts/"), { recursive: true });
for (const [name, [source]] of Object.entries(FONTS)) {
  const whole = await readFile(here(`node_modules/${source}`));
  await writeFile(here(`src/styles/fonts/${name}.woff2`), await subset(whole, [...characters].join(""), { targetFormat: "woff2" }));
}
