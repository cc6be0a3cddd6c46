import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { isTrouble, type Trouble } from "../api/problem";

interface ButtonProps {
  children: ComponentChildren;
  kind?: "primary" | "quiet" | "line" | "plain";
  fit?: boolean;
  disabled?: boolean;
  /** Of a button that switches something: whether it is on. */
  pressed?: boolean;
  /** May take its time: the button waits, and can't be pressed twice. */
  onPress: () => unknown;
}

export function Button({ children, kind = "primary", fit, disabled, pressed, onPress }: ButtonProps) {
  const [busy, setBusy] = useState(false);
  const press = () => {
    if (busy || disabled) return;
    const going = onPress();
    if (!(going instanceof Promise)) return;
    setBusy(true);
    void going.finally(() => setBusy(false));
  };
  return (
    <button type="button" class={`button ${kind}${fit ? " fit" : ""}`} disabled={disabled} aria-pressed={pressed} aria-busy={busy} aria-disabled={busy} onClick={press}>
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ children, kind = "primary", fit, href }: { children: ComponentChildren; kind?: ButtonProps["kind"]; fit?: boolean; href: string }) {
  return <a class={`button ${kind}${fit ? " fit" : ""}`} href={href}>{children}</a>;
}

/** An action that may fail: its trouble, and how to start it. What is no trouble of the API's is a defect, and thrown. */
export function useAction(): { trouble: Trouble | null; run: (action: () => Promise<unknown>) => Promise<void>; clear: () => void } {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  return {
    trouble,
    clear: () => setTrouble(null),
    run: async (action) => {
      setTrouble(null);
      try {
        await action();
      } catch (error) {
        if (!isTrouble(error)) throw error;
        setTrouble(error);
      }
    },
  };
}
