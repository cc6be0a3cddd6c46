interface Entry {
  depth?: number;
}

/** How many pages of ours this tab has behind the present one. It stands in the history's entries, so a reload knows it. */
export const entered = (): number => (history.state as Entry | null)?.depth ?? 0;

// Whoever writes an entry, and the router is one of them, its depth is right: a replaced page is as deep as the one before.
for (const [name, deeper] of [["pushState", 1], ["replaceState", 0]] as const) {
  const write = history[name].bind(history);
  history[name] = (state: unknown, unused, url) => write({ ...(state as object | null), depth: entered() + deeper }, unused, url);
}

/** Go up to `to`: back, where there is something to go back to; else in place, so that nothing is returned to. */
export function leave(to: string, route: (path: string, replace: boolean) => void): void {
  if (entered() > 0) history.back();
  else route(to, true);
}
