import { expect, it } from "vitest";
import { pathWithin } from "../src/screens/consent/next";

it.each([
  ["/confirm?go=1", "/confirm?go=1"],
  ["/photo/check", "/photo/check"],
  [undefined, "/photo"],
  ["", "/photo"],
  ["confirm", "/photo"],
  ["https://elsewhere.example/", "/photo"],
  ["//elsewhere.example/", "/photo"],
  ["/\\elsewhere.example/", "/photo"],
  ["/\t/elsewhere.example/", "/photo"],
  ["javascript:alert(1)", "/photo"],
])("%j leads to %s", (named, path) => expect(pathWithin(named, "/photo")).toBe(path));
