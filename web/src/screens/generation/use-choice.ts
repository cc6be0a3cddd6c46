import { useEffect, useState } from "preact/hooks";
import type { Trouble } from "../../api/problem";
import type { Generation, Image } from "../../generations/addresses";
import { chooseImage, unchoose } from "../../generations/store";
import { viewerWords } from "../../words/viewer";
import { useAction } from "../../ui/button";

export interface Choice {
  chosen: boolean;
  /** What was done last, for those who listen. */
  said: string;
  trouble: Trouble | null;
  /** Choose the image, or take the choice back. */
  press: () => Promise<void>;
}

export function useChoice(generation: Generation, image: Image): Choice {
  const { trouble, run, clear } = useAction();
  const [said, setSaid] = useState("");
  useEffect(() => {
    clear();
    setSaid("");
  }, [image.index]); // what was said is of the one before
  const chosen = generation.selected === image.index;
  const press = () =>
    run(async () => {
      const words = viewerWords();
      await (chosen ? unchoose(generation.id) : chooseImage(generation.id, image.index));
      setSaid(chosen ? words.unchoseIt : words.choseIt);
    });
  return { chosen, said, trouble, press };
}
