import { signal } from "@preact/signals";
import { stuck } from "../parts";
import { common } from "../words/common";
import { Icon } from "./icons";

export const online = signal(typeof navigator === "undefined" || navigator.onLine);
addEventListener("online", () => (online.value = true));
addEventListener("offline", () => (online.value = false));

/** What concerns every screen: no network, a part that does not come. */
export function Banners() {
  const words = common();
  return (
    <div role="status">
      {!online.value && (
        <div class="banner"><Icon name="offline" />{words.offline}</div>
      )}
      {online.value && stuck.value && (
        <div class="banner">
          {words.stuck}
          <button type="button" class="button fit" onClick={() => location.reload()}>{words.reload}</button>
        </div>
      )}
    </div>
  );
}
