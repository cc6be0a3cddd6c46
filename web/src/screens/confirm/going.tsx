import { upload } from "../../upload/upload";
import { confirmWords } from "../../words/confirm";

/** After the tap: what is waited for. The note above it says how the photo is doing. */
export function Going({ starting }: { starting: boolean }) {
  const words = confirmWords();
  void upload.value;
  return (
    <div role="status">
      {starting && <p class="upload-note shimmer">{words.starting}</p>}
    </div>
  );
}
