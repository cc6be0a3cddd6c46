/**
 * Parts of this client that are loaded when they are needed. A browser asks for a part once: what did not come, for want
 * of a network or because there is a newer version by now, comes with a reload, which loses nothing here.
 */
import { signal } from "@preact/signals";
import { NoAnswer } from "./api/problem";

/** Whether a part did not come after a reload either: the person decides when there is another one. */
export const stuck = signal(false);

const RELOADED = "veil.reloaded";
const PAUSE_MS = 30_000;

/** Load a part; throws `NoAnswer` where it does not come. */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    reload();
    throw new NoAnswer("a part of the client did not come", { cause: error });
  }
}

/** Load a screen; until the page is loaded anew, the screen before stays. */
export async function screen<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    reload();
    return new Promise(() => undefined);
  }
}

/** Now, or as soon as there is a network; once in a while, since a server may lack a part for longer. */
function reload(): void {
  if (!navigator.onLine) {
    addEventListener("online", () => location.reload(), { once: true });
  } else if (Date.now() - Number(sessionStorage.getItem(RELOADED)) < PAUSE_MS) {
    stuck.value = true;
  } else {
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  }
}
