/** A path of ours that a query named; else `other`. What names another origin is none. */
export function pathWithin(named: string | undefined, other: string): string {
  if (!named || !/^\/(?![/\\])/.test(named)) return other;
  const url = new URL(named, "https://here.invalid");
  return url.origin === "https://here.invalid" ? url.pathname + url.search : other;
}
