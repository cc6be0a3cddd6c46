import { stillUsable } from "../../generations/ages";
import type { Generation } from "../../generations/addresses";
import { ended, storedOf } from "../../generations/progress";
import { useSaving } from "../../generations/use-saving";
import { generationWords } from "../../words/generation";
import { Button, ButtonLink, useAction } from "../../ui/button";
import { Failed } from "../../ui/failed";

/** The one thing to do now: wait elsewhere, save, or make them again. */
export function Dock({ generation }: { generation: Generation }) {
  const words = generationWords();
  if (!ended(generation)) {
    return (
      <div class="stack dock-making">
        <p class="small soft">{words.safe}</p>
        <ButtonLink kind="quiet" href="/album">{words.later}</ButtonLink>
      </div>
    );
  }
  if (generation.status === "failed") return <div><ButtonLink href={againWith(generation)}>{words.again}</ButtonLink></div>;
  return <Save generation={generation} />;
}

/** Where more is made: with the same photo as long as the API takes it. */
export const againWith = (generation: Generation): string =>
  stillUsable(generation.upload_id, Date.now()) ? `/style?upload=${generation.upload_id}` : "/photo";

function Save({ generation }: { generation: Generation }) {
  const words = generationWords();
  const stored = storedOf(generation);
  const chosen = stored.filter((image) => image.index === generation.selected);
  const saving = useSaving(generation, chosen.length ? chosen : stored);
  const { trouble, run } = useAction();
  const one = chosen.length > 0 || stored.length === 1;
  return (
    <div class="stack">
      {trouble && <Failed trouble={trouble} again={() => run(saving.save)} />}
      <Button kind={one ? "primary" : "quiet"} onPress={() => run(saving.save)}>{one ? words.saveOne : words.saveAll(stored.length)}</Button>
    </div>
  );
}
