import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import "./choices.css";

export interface Choice<T extends string> {
  value: T;
  title: ComponentChildren;
  note?: ComponentChildren;
  /** At the other end of the card, such as a price. */
  end?: ComponentChildren;
  lang?: string;
}

interface ChoicesProps<T extends string> {
  /** What is chosen, for those who listen. */
  legend: string;
  choices: readonly Choice<T>[];
  value: T;
  onChange: (value: T) => void;
  /** Cards below each other, or one bar of a few short words. */
  look?: "cards" | "bar";
}

/** One of a few, as radio buttons. */
export function Choices<T extends string>({ legend, choices, value, onChange, look = "cards" }: ChoicesProps<T>) {
  const name = useId();
  return (
    <fieldset class={`choices ${look}`}>
      <legend class="visually-hidden">{legend}</legend>
      {choices.map((each) => (
        <label key={each.value} class={look === "cards" ? "choice card" : "segment"} lang={each.lang}>
          <input
            type="radio"
            class={look === "bar" ? "visually-hidden" : undefined}
            name={name}
            value={each.value}
            checked={each.value === value}
            onChange={() => onChange(each.value)}
          />
          <span class="choice-words">
            <span class="choice-title">{each.title}</span>
            {each.note && <span class="small soft">{each.note}</span>}
          </span>
          {each.end && <span class="choice-end number">{each.end}</span>}
        </label>
      ))}
    </fieldset>
  );
}
