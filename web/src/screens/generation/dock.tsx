import type { ComponentChildren } from "preact";
import { stillUsable } from "../../generations/ages";
import type { Generation, Image } from "../../generations/addresses";
import { ended, storedOf } from "../../generations/progress";
import { useSaving } from "../../generations/use-saving";
import { generationWords } from "../../words/generation";
import { Button, ButtonLink, useAction } from "../../ui/button";
import { Failed } from "../../ui/failed";

/** The one thing to do now: wait elsewhere, save, or make them again. Who is to choose has the pictures to press. */
export function dockOf(generation: Generation): ComponentChildren {
  if (!ended(generation)) return <Leave />;
  if (generation.status === "failed") return <ButtonLink href={againWith(generation)}>{generationWords().again}</ButtonLink>;
  const stored = storedOf(generation);
  const one = stored.length === 1 ? stored[0] : stored.find((image) => image.index === generation.selected);
  return one ? <Save generation={generation} image={one} /> : null;
}

function Leave() {
  const words = generationWords();
  return (
    <div class="stack dock-making">
      <p class="small soft">{words.safe}</p>
      <ButtonLink kind="quiet" href="/album">{words.later}</ButtonLink>
    </div>
  );
}

/** Where more is made: with the same photo as long as the API takes it. */
export const againWith = (generation: Generation): string =>
  stillUsable(generation.upload_id, Date.now()) ? `/style?upload=${generation.upload_id}` : "/photo";

function Save({ generation, image }: { generation: Generation; image: Image }) {
  const saving = useSaving(generation, [image]);
  const { trouble, run } = useAction();
  return (
    <div class="stack">
      {trouble && <Failed trouble={trouble} again={() => run(saving.save)} />}
      <Button onPress={() => run(saving.save)}>{generationWords().saveOne}</Button>
    </div>
  );
}
