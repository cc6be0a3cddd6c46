import type { Schemas } from "../api/client";
import { read, write, type Keep } from "./kept";

type Order = Pick<Schemas["Order"], "id" | "status">;

interface Placing {
  product: string;
  /** The idempotency key: one for each wish to buy, so that a repeated request finds the order that it made. */
  key: string;
}

const PLACING = "veil.placing";
/** Orders that nobody was charged for: who taps again wants another one. Any other is looked at before. */
const OVER: ReadonlySet<Schemas["OrderStatus"]> = new Set(["failed", "expired"]);

/** The order for this wish: a new one, or the one that an earlier tap made, as it stands now. */
export async function place<T extends Order>(product: string, ask: (key: string) => Promise<T>, keep: Keep, newKey: () => string): Promise<T> {
  const begun = read<Placing>(keep, PLACING);
  const { key } = begun?.product === product ? begun : write(keep, PLACING, { product, key: newKey() });
  const order = await ask(key);
  return OVER.has(order.status) ? ask(write(keep, PLACING, { product, key: newKey() }).key) : order;
}

/** The product of the wish that is not through yet. */
export const wished = (keep: Keep): string | null => read<Placing>(keep, PLACING)?.product ?? null;

/** The wish is through: paid, or given up. The next tap is another one. */
export const settled = (keep: Keep): void => keep.removeItem(PLACING);
