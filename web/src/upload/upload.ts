/** Sends the draft's photo in the background, from when somebody is signed in and has agreed, and follows its check. */
import { computed, effect, signal } from "@preact/signals";
import { api, want, wantWhole } from "../api/client";
import { follow } from "../api/follow";
import { NoAnswer, Problem, type Trouble } from "../api/problem";
import type { Photo } from "../draft/draft";
import { change, draft } from "../draft/store";
import { part } from "../parts";
import { session } from "../session/session";
import { backOff } from "./back-off";
import { IDLE, next, wayOn, type Event, type Upload } from "./machine";

export const upload = signal<Upload>(IDLE);

const tell = (event: Event) => (upload.value = next(upload.peek(), event));

/** Which photo is to be sent; an upload that arrived needs no photo any more. */
const wanted = computed(() => {
  const { photo, upload: sent } = draft.value ?? {};
  return session.value === "in" ? (photo?.id ?? (sent?.arrived ? sent.id : null)) : null;
});
const round = signal(0);

let watching = false;

/** Begin to look after the draft's photo; every screen on the way says so, and the first one counts. */
export function keepUploading(): void {
  if (watching) return;
  watching = true;
  effect(() => {
    const photo = wanted.value;
    const stop = new AbortController();
    void round.value;
    if (photo === null) tell({ is: "stopped" });
    else void go(stop.signal);
    return () => stop.abort();
  });
}

/** Once more, after the person has agreed or wants another try. */
export const uploadAgain = (): void => void (round.value += 1);

async function go(signal: AbortSignal): Promise<void> {
  tell({ is: draft.peek()?.upload?.arrived ? "arrived" : "begun" });
  for (let tries = 1; !signal.aborted; tries++) {
    try {
      if (!draft.peek()?.upload?.arrived && !(await deliver(signal))) return void tell({ is: "asked" });
      return await check(draft.peek()!.upload!.id, signal);
    } catch (error) {
      if (signal.aborted || !(await mended(error, tries, signal))) return;
    }
  }
}

/** Whether there is another try. What nobody foresaw is shown as any trouble, and thrown for whoever reads the console. */
async function mended(error: unknown, tries: number, signal: AbortSignal): Promise<boolean> {
  const way = wayOn(error, tries) ?? { do: "fail", trouble: new NoAnswer("unforeseen", { cause: error }) as Trouble };
  switch (way.do) {
    case "wait":
      tell({ is: "interrupted" });
      await backOff(way.seconds, signal);
      return true;
    case "place":
      place = undefined;
      change({ upload: null });
      if (draft.peek()?.photo) return true;
      tell({ is: "failed", trouble: error as Problem });
      return false;
    case "arrived":
      arrived(draft.peek()!.upload!.id);
      return true;
    case "consent":
      tell({ is: "asked" });
      return false;
    case "stop":
      tell({ is: "stopped" });
      return false;
    case "fail":
      tell({ is: "failed", trouble: way.trouble });
      if (wayOn(error, tries) === null) throw error;
      return false;
  }
}

// Of this page alone: a place is good for five minutes, and after a reload there is another.
let place: { photo: string; asked: Awaited<ReturnType<typeof ask>> } | undefined;

async function deliver(signal: AbortSignal): Promise<boolean> {
  const photo = draft.peek()!.photo!;
  const may = await agreed();
  signal.throwIfAborted();
  if (!may) return false;
  if (place?.photo !== photo.id) place = { photo: photo.id, asked: await ask(photo) };
  signal.throwIfAborted();
  const { asked } = place;
  change({ upload: { id: asked.upload_id, arrived: false, at: Date.now() } });
  const { send } = await part(() => import("./send"));
  await send(asked, photo.file, (percent) => signal.aborted || tell({ is: "progressed", percent }), signal);
  arrived(asked.upload_id);
  return true;
}

/** Whether the person has agreed to what is required. The API says so, too, but a refusal is no way to ask. */
async function agreed(): Promise<boolean> {
  const { consents } = await want(api.GET("/consents"));
  return consents.every((one) => !one.required || (one.granted && one.version === one.latest_version));
}

function arrived(id: string): void {
  place = undefined;
  change({ upload: { id, arrived: true, at: Date.now() } });
  tell({ is: "arrived" });
}

async function ask({ file, type }: Photo) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const sha256 = btoa(String.fromCharCode(...digest));
  return want(api.POST("/uploads", { body: { content_type: type, size: file.size, sha256 } }));
}

const check = (id: string, signal: AbortSignal): Promise<void> =>
  follow(
    async () => {
      const { data, response } = await wantWhole(api.GET("/uploads/{upload_id}", { params: { path: { upload_id: id } } }));
      const settled = data!.status === "ready" || data!.status === "rejected";
      return { value: data!, next: settled ? null : Number(response.headers.get("retry-after")) || 1 };
    },
    (seen) => tell({ is: "seen", upload: seen }),
    signal,
  );
