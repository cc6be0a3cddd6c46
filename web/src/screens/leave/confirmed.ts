/** That the person has confirmed, over the way to the issuer and back. It never deletes anything by itself: whoever
 * signed in may be somebody else, so the button is pressed once more.
 */
import { read, write, type Keep } from "../../money/kept";

const CONFIRMED = "veil.leaving";
const GOOD_FOR_MS = 5 * 60_000; // as long as a sign-in counts as fresh

export const rememberConfirmed = (keep: Keep, now: number): void => void write(keep, CONFIRMED, now);
export const forgetConfirmed = (keep: Keep): void => keep.removeItem(CONFIRMED);

export function confirmedNow(keep: Keep, now: number): boolean {
  const at = read<number>(keep, CONFIRMED);
  return at !== null && now - at < GOOD_FOR_MS;
}
