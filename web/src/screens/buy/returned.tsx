import { isClosed, type Refusal } from "../../money/returned";
import { Icon } from "../../ui/icons";
import { buyWords } from "../../words/buy";

/** How it ended in the window: nothing was charged. */
export function Returned({ refused }: { refused: Refusal }) {
  const words = buyWords();
  const closed = isClosed(refused);
  return (
    <div class="notice" role="status">
      <Icon name="info" />
      <div>
        <p class="heading">{closed ? words.closed : words.refused}</p>
        <p class="small soft">{closed ? words.closedText : words.refusedText}</p>
        {!closed && refused.message && <p class="small soft" lang="ko">{words.said(refused.message)}</p>}
      </div>
    </div>
  );
}
