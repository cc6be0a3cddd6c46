import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { common } from "../words/common";
import { Icon } from "./icons";

/** A modal dialog: from the bottom on a phone, in the middle elsewhere. Escape and a press outside close it. */
export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => returnFocus(before);
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <button type="button" class="icon-button sheet-close" aria-label={common().close} onClick={() => dialog.current?.close()}>
        <Icon name="close" />
      </button>
      <div class="stack">{children}</div>
    </dialog>
  );
}

/** To what had it; where that is gone, to the page. */
function returnFocus(before: Element | null): void {
  const to = before?.isConnected && before !== document.body ? before : document.querySelector("main");
  (to as HTMLElement | null)?.focus({ preventScroll: true });
}
