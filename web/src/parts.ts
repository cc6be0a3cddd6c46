/**
 * Parts of this client that are loaded when they are needed. A browser asks for a part once: what did not come for want
 * of a network comes with a reload, which loses nothing here.
 */
import { NoAnswer } from "./api/problem";

/** Load a part; throws `NoAnswer` where it does not come. */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!navigator.onLine) reloadOnceOnline();
    throw new NoAnswer("a part of the client did not come", { cause: error });
  }
}

/** Load a screen; without a network the one before stays until there is one. */
export async function screen<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (navigator.onLine) throw error; // it is gone from the server: there is a newer version, and a banner says so
    reloadOnceOnline();
    return new Promise(() => undefined);
  }
}

const reloadOnceOnline = () => addEventListener("online", () => location.reload(), { once: true });
