import type { Generation, Image } from "../src/generations/addresses";

const WAITING: Image = { index: 0, status: "queued", url: null, url_expires_at: null, width: null, height: null, likeness: null, error: null };

export const NOON = Date.parse("2026-11-27T12:00:00Z");
export const MINUTE = 60_000;

export const waiting = (index: number): Image => ({ ...WAITING, index });
export const stored = (index: number, url: string, expires: number): Image => ({
  ...WAITING, index, status: "stored", url, url_expires_at: new Date(expires).toISOString(), width: 832, height: 1040,
});
export const refunded = (index: number): Image => ({ ...WAITING, index, status: "refunded", error: { code: "unlike", detail: "" } });

export const generation = (images: Image[], rest: Partial<Generation> = {}): Generation => ({
  id: "01J", style: "classic", role: null, model: "a/b", upload_id: "01J", status: "processing",
  created_at: "2026-11-27T12:00:00Z", finished_at: null, ai_generated: true, images,
  credits: { reserved: 4, captured: 0, refunded: 0 }, selected: null, ...rest,
});
