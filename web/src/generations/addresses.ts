import type { components } from "../api/schema";

export type Generation = components["schemas"]["Generation"];
export type Image = components["schemas"]["GeneratedImage"];

/** An image's address as long as it is good for this: less, and a slow picture would be refused on its way. */
const MARGIN_MS = 60_000;
/** Soonest that it makes sense to ask for another address. */
const LEAST_MS = 30_000;

interface Address {
  url: string;
  expires: string;
}

const place = (id: string, index: number) => `${id}/${index}`;
const ends = (expires: string) => Date.parse(expires) - MARGIN_MS;

/**
 * The addresses of images. The API signs another one each minute, and a picture with another address is loaded anew;
 * so the first one is kept for as long as it is good.
 */
export class Addresses {
  readonly #kept = new Map<string, Address>();
  readonly #lost = new Set<string>();

  /** The generation with the addresses that its pictures have already, where those are still good. */
  settle(generation: Generation, now: number): Generation {
    return { ...generation, images: generation.images.map((image) => this.#settled(generation.id, image, now)) };
  }

  #settled(id: string, image: Image, now: number): Image {
    if (image.url === null || image.url_expires_at === null) return image;
    const key = place(id, image.index);
    const kept = this.#kept.get(key);
    if (kept && ends(kept.expires) > now) return { ...image, url: kept.url, url_expires_at: kept.expires };
    this.#kept.set(key, { url: image.url, expires: image.url_expires_at });
    return image;
  }

  /** A picture did not load: its address is thrown away. Whether asking for another makes sense: once, until it loads. */
  lost(id: string, index: number): boolean {
    const key = place(id, index);
    this.#kept.delete(key);
    if (this.#lost.has(key)) return false;
    this.#lost.add(key);
    return true;
  }

  /** A picture has loaded. */
  arrived(id: string, index: number): void {
    this.#lost.delete(place(id, index));
  }

  clear(): void {
    this.#kept.clear();
    this.#lost.clear();
  }
}

/** Milliseconds until the first of the addresses is to be renewed; null without any. */
export function untilRenewal(generation: Generation, now: number): number | null {
  const all = generation.images.flatMap((image) => (image.url_expires_at === null ? [] : [ends(image.url_expires_at)]));
  return all.length ? Math.max(LEAST_MS, Math.min(...all) - now) : null;
}
