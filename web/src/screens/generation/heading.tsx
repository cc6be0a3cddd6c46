import type { Generation } from "../../generations/addresses";
import { ended, paceAt, refundedOf, secondsSince, storedOf } from "../../generations/progress";
import { generationWords } from "../../words/generation";
import { Icon } from "../../ui/icons";
import { reasonsOf } from "./after";

/** What goes on, in words: for the eyes above the pictures, and for those who listen whenever it changes. */
export function Heading({ generation, now, shaky }: { generation: Generation; now: number; shaky: boolean }) {
  const [title, text] = said(generation, now);
  return (
    <header class="generation-head">
      <h1 class="title">{title}</h1>
      <p class="lead">{text}</p>
      <p class={ended(generation) ? "visually-hidden" : "small soft generation-progress"} role="status">{progress(generation)}</p>
      {shaky && !ended(generation) && <p class="small soft row" role="status"><Icon name="offline" size={18} />{generationWords().shaky}</p>}
    </header>
  );
}

function said(generation: Generation, now: number): [string, string] {
  const words = generationWords();
  if (!ended(generation)) return [words.making, words.pace[paceAt(secondsSince(generation.created_at, now))]];
  if (generation.status === "failed") return [words.failed, [...reasonsOf(generation), words.failedText(generation.credits.refunded)].join(" ")];
  if (generation.selected !== null) return [words.chosen, words.chosenText];
  return [storedOf(generation).length === 1 ? words.chooseOne : words.choose, words.chooseText];
}

function progress(generation: Generation): string {
  const words = generationWords();
  const counted = words.progress(storedOf(generation).length, refundedOf(generation).length, generation.images.length);
  return ended(generation) ? `${words.ready} ${counted}` : counted;
}
