import { signal } from "@preact/signals";
import { common } from "../words/common";
import { Icon } from "./icons";

export const online = signal(typeof navigator === "undefined" || navigator.onLine);
addEventListener("online", () => (online.value = true));
addEventListener("offline", () => (online.value = false));

/** A part of this version is gone from the server: a newer one is there. */
const outdated = signal(false);
addEventListener("vite:preloadError", () => (outdated.value = navigator.onLine));

/** What concerns every screen: no network, a newer version. */
export function Banners() {
  const words = common();
  return (
    <div role="status">
      {!online.value && (
        <div class="banner"><Icon name="offline" />{words.offline}</div>
      )}
      {online.value && outdated.value && (
        <div class="banner">
          {words.newVersion}
          <button type="button" class="button fit" onClick={() => location.reload()}>{words.reload}</button>
        </div>
      )}
    </div>
  );
}
