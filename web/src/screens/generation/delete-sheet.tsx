import { useRef, useState } from "preact/hooks";
import { Problem } from "../../api/problem";
import type { Generation } from "../../generations/addresses";
import { ended } from "../../generations/progress";
import { deleteGeneration } from "../../generations/store";
import { albumWords } from "../../words/album";
import { Button, useAction } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Sheet } from "../../ui/sheet";

interface DeleteSheetProps {
  generation: Generation;
  onClose: () => void;
  onDeleted: () => void;
}

/** Asks before anything is deleted; of one that is being made, it says when that can be done. */
export function DeleteSheet({ generation, onClose, onDeleted }: DeleteSheetProps) {
  const words = albumWords();
  const inside = useRef<HTMLDivElement>(null);
  const [making, setMaking] = useState(!ended(generation));
  const { trouble, run } = useAction();
  const [title, text] = said(generation, making);
  const close = () => inside.current?.closest("dialog")?.close(); // gives the focus back to where it was
  const remove = async () => {
    try {
      await deleteGeneration(generation.id);
    } catch (error) {
      if (!(error instanceof Problem && error.code === "still_processing")) throw error;
      return setMaking(true);
    }
    close();
    onDeleted();
  };
  return (
    <Sheet title={title} onClose={onClose}>
      <div class="stack" ref={inside}>
        <h2 class="title">{title}</h2>
        <p class="soft">{text}</p>
        {trouble && <Failed trouble={trouble} again={() => run(remove)} />}
        {making ? (
          <Button onPress={close}>{words.understood}</Button>
        ) : (
          <>
            <Button onPress={() => run(remove)}>{words.removeIt}</Button>
            <Button kind="quiet" onPress={close}>{words.keep}</Button>
          </>
        )}
      </div>
    </Sheet>
  );
}

function said(generation: Generation, making: boolean): [string, string] {
  const words = albumWords();
  if (making) return [words.stillMaking, words.stillMakingText];
  if (generation.status === "failed") return [words.removeFailedTitle, words.removeFailedText];
  return [words.removeTitle, words.removeText];
}
