import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { common } from "../words/common";
import { Icon } from "./icons";

/** A modal dialog: from the bottom on a phone, in the middle elsewhere. Escape and a press outside close it. */
export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
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
