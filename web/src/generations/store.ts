/** The generations that this tab has seen, so that a screen that opens shows at once what another one knew. */
import { effect, signal } from "@preact/signals";
import { api, want, wantWhole } from "../api/client";
import { Problem } from "../api/problem";
import { session } from "../session/session";
import { Addresses, type Generation } from "./addresses";
import { withFirst, withNext, without, type Pages } from "./album";
import { forgetOriginal } from "./originals";
import type { Seen } from "./watch";

export const addresses = new Addresses();
const known = signal<ReadonlyMap<string, Generation>>(new Map());
const pages = signal<Pages | undefined>();

/** A generation as it was last seen; a component that asks is drawn again when it changes. */
export const generationOf = (id: string): Generation | undefined => known.value.get(id);

/** The loaded part of the album; undefined before. */
export const album = (): Pages | undefined => pages.value;

/** Keep what the API said, with addresses that its pictures have already. */
export function learn(...generations: Generation[]): void {
  const now = Date.now();
  known.value = new Map([...known.value, ...generations.map((one) => [one.id, addresses.settle(one, now)] as const)]);
}

function unlearn(id: string): void {
  known.value = new Map([...known.value].filter(([one]) => one !== id));
  if (pages.value) pages.value = without(pages.value, id);
}

effect(() => {
  if (session.value === "in") return;
  known.value = new Map();
  pages.value = undefined;
  addresses.clear();
});

const of = (id: string) => ({ path: { generation_id: id } });

/** Ask for a generation; `etag` is that of what is there already. */
export async function askFor(id: string, etag: string | null): Promise<Seen> {
  const header = etag === null ? {} : { header: { "if-none-match": etag } };
  const { data, response } = await wantWhole(api.GET("/generations/{generation_id}", { params: { ...of(id), ...header } }));
  const wait = Number(response.headers.get("retry-after"));
  return { generation: response.status === 304 ? undefined : data, etag: response.headers.get("etag"), retryAfter: wait > 0 ? wait : null };
}

/** Ask for the addresses anew, since a picture did not load by the one that it had. */
export async function renewOf(id: string): Promise<void> {
  learn(await want(api.GET("/generations/{generation_id}", { params: of(id) })));
}

/** The generation with addresses that save a file in place of showing it. */
export const downloadsOf = (id: string): Promise<Generation> =>
  want(api.GET("/generations/{generation_id}", { params: { ...of(id), query: { download: "1" } } }));

export async function chooseImage(id: string, image: number): Promise<void> {
  learn(await want(api.PUT("/generations/{generation_id}/selection", { params: of(id), body: { image } })));
}

export async function unchoose(id: string): Promise<void> {
  await want(api.DELETE("/generations/{generation_id}/selection", { params: of(id) }));
  const generation = known.peek().get(id);
  if (generation) learn({ ...generation, selected: null });
}

/** Delete it and its images, for good. One that is gone already is as good as deleted. */
export async function deleteGeneration(id: string): Promise<void> {
  try {
    await want(api.DELETE("/generations/{generation_id}", { params: of(id) }));
  } catch (error) {
    if (!(error instanceof Problem && error.code === "generation_not_found")) throw error;
  }
  const photo = known.peek().get(id)?.upload_id;
  await Promise.all([forgetOriginal(id), photo && forgetOriginal(photo)]);
  unlearn(id);
}

const PAGE = 12;

/** Load the album's first page anew. */
export async function loadAlbum(): Promise<void> {
  const page = await want(api.GET("/generations", { params: { query: { limit: PAGE } } }));
  learn(...page.items);
  pages.value = withFirst(pages.peek(), page);
}

/** Load the album's next page; from the start again, where the place in it is good no more. */
export async function loadMore(): Promise<void> {
  const cursor = pages.peek()?.cursor;
  if (!cursor) return;
  try {
    const page = await want(api.GET("/generations", { params: { query: { limit: PAGE, cursor } } }));
    learn(...page.items);
    const before = pages.peek();
    if (before?.cursor === cursor) pages.value = withNext(before, page);
  } catch (error) {
    if (!(error instanceof Problem && error.code === "invalid_cursor")) throw error;
    pages.value = undefined;
    await loadAlbum();
  }
}
