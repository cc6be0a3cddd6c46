import { useLocation } from "preact-iso";
import type { Generation, Image } from "../../generations/addresses";
import { beside, storedOf } from "../../generations/progress";
import { useSaving } from "../../generations/use-saving";
import { viewerWords } from "../../words/viewer";
import { Button, useAction } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Icon } from "../../ui/icons";
import { useChoice } from "./use-choice";

interface ControlsProps {
  generation: Generation;
  image: Image;
  /** Whether the photo itself is here to compare with. */
  original: boolean;
}

/** What is said of the image, and what can be done with it. */
export function Controls({ generation, image, original }: ControlsProps) {
  const words = viewerWords();
  const saving = useSaving(generation, [image], true);
  const saved = useAction();
  const choice = useChoice(generation, image);
  const { chosen } = choice;
  return (
    <footer class="viewer-foot">
      <p class="viewer-said">
        <span class="chip">{words.ai}</span>
        {image.likeness?.status === "verified" && <span class="chip good">{words.like}</span>}
      </p>
      <div class="viewer-main">
        <Button kind={chosen ? "line" : "primary"} pressed={chosen} onPress={choice.press}>
          <span class={chosen ? "filled accent" : ""}><Icon name="heart" size={20} /></span>
          {chosen ? words.chosen : words.choose}
        </Button>
        <Button kind={chosen ? "primary" : "quiet"} onPress={() => saved.run(saving.save)}>
          <Icon name="download" size={20} />{words.save}
        </Button>
      </div>
      <span role="status" class="visually-hidden">{choice.said}</span>
      {choice.trouble && <Failed trouble={choice.trouble} again={choice.press} />}
      {saved.trouble && <Failed trouble={saved.trouble} again={() => saved.run(saving.save)} />}
      <Comparisons generation={generation} image={image} original={original} share={saving.ways.sheetShares ? () => saved.run(saving.share) : null} />
      {saving.ways.hold && <p class="small soft viewer-hold">{words.hold}</p>}
    </footer>
  );
}

function Comparisons({ generation, image, original, share }: { generation: Generation; image: Image; original: boolean; share: (() => unknown) | null }) {
  const words = viewerWords();
  const { route } = useLocation();
  const compare = (other: number | "original") => route(`/generations/${generation.id}/${image.index}?with=${other}`);
  const another = beside(generation, image.index, 1);
  return (
    <div class="viewer-tools">
      {storedOf(generation).length > 1 && (
        <Button kind="plain" fit onPress={() => compare(another)}><Icon name="compare" size={20} />{words.compare}</Button>
      )}
      {original && <Button kind="plain" fit onPress={() => compare("original")}><Icon name="original" size={20} />{words.compareOriginal}</Button>}
      {share && <Button kind="plain" fit onPress={share}><Icon name="share" size={20} />{words.share}</Button>}
    </div>
  );
}
