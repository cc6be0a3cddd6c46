import { api, want } from "../api/client";
import { Problem } from "../api/problem";
import { keepOriginal } from "../generations/originals";
import { backOff } from "../upload/back-off";
import { wantedOf, type Wanted } from "./draft";
import { secondsBefore } from "./repeat";
import { change, draft, forgetDraft, kept } from "./store";

/**
 * Start the draft's generation, once however often it is asked for. Answers its id; null when the draft is not whole.
 * What is only late or lost is asked for again under the same key. `made` ends the draft.
 */
export async function make(signal: AbortSignal): Promise<string | null> {
  const wanted = wantedOf(draft.peek()!, () => crypto.randomUUID());
  if (!wanted) return null;
  change({ wanted });
  await kept(); // before it is sent: a page that closes now finds the same key
  try {
    return (await ask(wanted, signal)).id;
  } catch (error) {
    // Under this key the API would only answer the one that failed, or the other request.
    if (error instanceof Problem && DEAD_KEYS.includes(error.code)) change({ wanted: null });
    throw error;
  }
}

const DEAD_KEYS = ["provider_unavailable", "idempotency_key_reused"];

async function ask({ key, body }: Wanted, signal: AbortSignal) {
  for (let tries = 1; ; tries++) {
    try {
      return await want(api.POST("/generations", { params: { header: { "idempotency-key": key } }, body, signal }));
    } catch (error) {
      const seconds = secondsBefore(error, tries);
      if (seconds === null || signal.aborted) throw error;
      await backOff(seconds, signal);
    }
  }
}

/** Keep a small picture of the photo, and forget the draft. */
export async function made(id: string): Promise<void> {
  const { preview, upload } = draft.peek()!;
  if (preview) await keepOriginal(id, preview);
  if (preview && upload) await keepOriginal(upload.id, preview); // for another style of the same photo
  await forgetDraft();
}
