import { useEffect, useState } from "preact/hooks";
import { api, want, wantWhole, type Schemas } from "../../api/client";
import { follow, type Look } from "../../api/follow";
import { isTrouble, Problem, type Trouble } from "../../api/problem";
import { settled } from "../../money/placing";
import { dropPayment, keptPayment } from "../../money/returned";
import { closeWindow, windowFor } from "../../money/window";

export type Order = Schemas["Order"];
export type Refundable = Schemas["Refundable"];

const CHANGING: ReadonlySet<Order["status"]> = new Set(["confirming", "refunding"]);
const UNCHARGED: ReadonlySet<Order["status"]> = new Set(["failed", "expired"]);
const PATIENCE_MS = 30_000;

export interface Known {
  order: Order | undefined;
  trouble: Trouble | null;
  /** Whether it takes longer than one would wait for. */
  slow: boolean;
  /** Look again. */
  again: () => void;
  /** Show this; what still changes is followed. */
  set: (order: Order) => void;
}

/** An order, confirmed with what the window made, and followed until nothing more comes. */
export function useOrder(id: string): Known {
  const [order, show] = useState<Order>();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [broken, setBroken] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const again = () => setRound((last) => last + 1);
  useEffect(() => {
    const stop = new AbortController();
    setTrouble(null);
    follow(looking(id), show, stop.signal).catch((error: unknown) => (isTrouble(error) ? setTrouble(error) : setBroken(error)));
    return () => stop.abort();
  }, [id, round]);
  const waits = !trouble && (!order || CHANGING.has(order.status));
  const slow = useSlow(waits);
  if (broken !== null) throw broken;
  const set = (next: Order) => {
    show(next);
    if (CHANGING.has(next.status)) again();
  };
  return { order, trouble, slow, again, set };
}

function useSlow(waits: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!waits) return;
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waits]);
  return slow;
}

/** Looks that confirm first, as long as there is a payment that was never answered. */
function looking(id: string): () => Promise<Look<Order>> {
  let asked = false;
  return async () => {
    const kept = keptPayment(id, sessionStorage);
    const answered = kept && !asked ? await confirm(id, kept) : await wantWhole(api.GET("/orders/{order_id}", at(id)));
    asked = true;
    const order = answered.data as Order;
    if (kept && UNCHARGED.has(order.status)) await confirm(id, kept); // once more: it answers the reason
    if (!CHANGING.has(order.status) && order.status !== "created") through(id);
    const seconds = Number(answered.response.headers.get("retry-after")) || 2;
    return { value: order, next: CHANGING.has(order.status) ? seconds : null };
  };
}

const at = (order_id: string) => ({ params: { path: { order_id } } });

async function confirm(id: string, payment: Schemas["OrderConfirmation"]) {
  try {
    return await wantWhole(api.POST("/orders/{order_id}/confirm", { ...at(id), body: payment }));
  } catch (error) {
    if (error instanceof Problem && isOver(error)) over(id);
    throw error;
  }
}

const OVER: ReadonlySet<string> = new Set(["payment_declined", "order_conflict", "order_expired"]);

/** Whether nobody will be charged for the order any more. */
export const isOver = (problem: Problem): boolean => OVER.has(problem.code);

/** The next tap in the shop is another wish. */
function over(id: string): void {
  if (!windowFor(new URLSearchParams({ order: id }), sessionStorage)) return;
  settled(sessionStorage);
  closeWindow(sessionStorage);
}

function through(id: string): void {
  over(id);
  dropPayment(id, sessionStorage);
}

/** Give `credits` of the order back; what was said to the person, and no more. */
export const refund = (id: string, credits: number): Promise<Order> =>
  want(api.POST("/orders/{order_id}/refund", { ...at(id), body: { credits } })) as Promise<Order>;
