import type { ComponentChildren } from "preact";
import { common } from "../words/common";
import { Button, useAction } from "./button";
import { Failed } from "./failed";
import { Sheet } from "./sheet";

interface ConfirmProps {
  /** The question. */
  title: string;
  /** What the press does, as a verb. */
  action: string;
  /** Resolves once it is done; what it throws is shown, and it may be tried again. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  /** What happens then. */
  children: ComponentChildren;
}

/** Asks once more before something that can't be taken back. */
export function Confirm({ title, action, onConfirm, onClose, children }: ConfirmProps) {
  const { trouble, run } = useAction();
  const go = () => run(onConfirm);
  return (
    <Sheet title={title} onClose={onClose}>
      <h2 class="title">{title}</h2>
      {children}
      {trouble && <Failed trouble={trouble} again={go} />}
      {!trouble && <Button onPress={go}>{action}</Button>}
      <Button kind="plain" onPress={onClose}>{common().cancel}</Button>
    </Sheet>
  );
}
