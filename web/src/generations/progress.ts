import type { Generation, Image } from "./addresses";

export const ended = (generation: Generation): boolean => generation.status !== "processing";
export const storedOf = (generation: Generation): Image[] => generation.images.filter((image) => image.status === "stored");
export const refundedOf = (generation: Generation): Image[] => generation.images.filter((image) => image.status === "refunded");

/** The one that stands for all: what was chosen, else the first that there is. */
export function face(generation: Generation): Image | undefined {
  const stored = storedOf(generation);
  return stored.find((image) => image.index === generation.selected) ?? stored[0];
}

/** The chosen one first, the others in their order. */
export function chosenFirst(generation: Generation): Image[] {
  const chosen = generation.images.filter((image) => image.index === generation.selected);
  return [...chosen, ...generation.images.filter((image) => image.index !== generation.selected)];
}

/** The stored image beside this one, in a circle; itself where it is alone. */
export function beside(generation: Generation, index: number, step: 1 | -1): number {
  const stored = storedOf(generation);
  const at = stored.findIndex((image) => image.index === index);
  return stored[(at + step + stored.length) % stored.length]?.index ?? index;
}

/** What goes on at the model, as far as anybody can tell: by the seconds since it was asked. */
export const STAGES = ["looking", "dressing", "lighting", "finishing"] as const;
export type Stage = (typeof STAGES)[number];
const STAGE_STARTS = [0, 6, 14, 24]; // an image usually takes 12 to 40 s

export function stageAt(seconds: number): Stage {
  const at = STAGE_STARTS.findLastIndex((start) => start <= seconds);
  return STAGES[Math.max(0, at)] ?? "looking";
}

/** How long it takes, compared with what is usual. */
export type Pace = "usual" | "slow" | "long";
export const paceAt = (seconds: number): Pace => (seconds < 45 ? "usual" : seconds < 300 ? "slow" : "long");

/** Seconds since a time; a clock that goes wrong can't make it negative. */
export const secondsSince = (time: string, now: number): number => Math.max(0, (now - Date.parse(time)) / 1000);
