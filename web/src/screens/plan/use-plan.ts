import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { api, want, type Schemas } from "../../api/client";
import { follow, type Look } from "../../api/follow";
import { isTrouble, Problem, type Trouble } from "../../api/problem";
import { nextOf } from "../../money/next";
import { dropCard, keptCard } from "../../money/returned";
import { cardPage } from "../../money/window";

export type Plan = Schemas["Subscription"];

const WAIT_SECONDS = 2;
const LOOKS_AFTER_CARD = 5; // what changes with another card changes within seconds

export interface Known {
  /** Null: there is none. Undefined: nobody knows yet. */
  plan: Plan | null | undefined;
  trouble: Trouble | null;
  /** Whether the window's card was handed over in this visit. */
  cardTaken: boolean;
  again: () => void;
  set: (plan: Plan) => void;
}

/** The person's plan; what the window registered is handed over first, and what still changes is followed. */
export function usePlan(): Known {
  const [plan, show] = useState<Plan | null>();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [broken, setBroken] = useState<unknown>(null);
  const [cardTaken, setCardTaken] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setTrouble(null);
    follow(looking(() => setCardTaken(true)), show, stop.signal).catch((error: unknown) => (isTrouble(error) ? setTrouble(error) : setBroken(error)));
    return () => stop.abort();
  }, [round]);
  if (broken !== null) throw broken;
  return { plan, trouble, cardTaken, again: () => setRound(round + 1), set: show };
}

function looking(onTaken: () => void): () => Promise<Look<Plan | null>> {
  let looksLeft = 0;
  return async () => {
    const taken = await handedOver();
    if (taken) {
      onTaken();
      looksLeft = LOOKS_AFTER_CARD;
    }
    const plan = taken ?? (await current());
    if (plan?.status === "registering") return { value: plan, next: WAIT_SECONDS };
    looksLeft -= 1;
    return { value: plan, next: looksLeft > 0 ? WAIT_SECONDS : null };
  };
}

/** The card goes to the plan; it is forgotten once that was answered, whatever the answer was. */
async function handedOver(): Promise<Plan | null> {
  const card = keptCard(sessionStorage);
  if (!card) return null;
  try {
    const plan = (await want(api.POST("/subscriptions/confirm", { body: card }))) as Plan;
    dropCard(sessionStorage);
    return plan;
  } catch (error) {
    if (error instanceof Problem && error.status < 500 && ![401, 429].includes(error.status)) dropCard(sessionStorage);
    throw error;
  }
}

/** The plan as it stands; null where there is none. */
export async function current(): Promise<Plan | null> {
  try {
    return (await want(api.GET("/subscriptions/current"))) as Plan;
  } catch (error) {
    if (error instanceof Problem && error.code === "subscription_not_found") return null;
    throw error;
  }
}

/** To the window in which a card is registered. */
export function useCardWindow(): () => Promise<void> {
  const next = nextOf(useLocation().query);
  return async () => {
    const card = await want(api.POST("/subscriptions"));
    location.assign(cardPage(card!, next, sessionStorage));
  };
}
