import { STEPS, type StepPath } from "../draft/draft";
import { stepWords } from "../words/steps";

/** How far one is on the way from a photo to "make". */
export function Steps({ at }: { at: StepPath }) {
  const words = stepWords();
  const now = STEPS.indexOf(at) + 1;
  return (
    <div class="steps" role="img" aria-label={words.now(now, STEPS.length, words.names[at])}>
      {STEPS.map((step, index) => <span key={step} class={index < now ? "step done" : "step"} />)}
    </div>
  );
}
