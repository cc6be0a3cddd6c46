import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { isTrouble, Problem, SignedOut, type Trouble } from "../../api/problem";
import { made, make } from "../../draft/making";
import { change, draft } from "../../draft/store";
import { session, signInWanted } from "../../session/session";
import { upload, uploadAgain } from "../../upload/upload";

const HERE = "/confirm";
const GOING = "/confirm?go=1"; // in the address, so that a reload and the way to the issuer and back go on

// And beside it, in this tab: a link that somebody else wrote spends nothing.
const TAPPED = "veil.make";
const tapped = () => sessionStorage.getItem(TAPPED) !== null;

interface Making {
  going: boolean;
  /** The photo is good, and the images are asked for. */
  starting: boolean;
  trouble: Trouble | null;
  /** What the API said when there were too few credits. */
  lacking: { available: number } | null;
  start: () => void;
  stop: () => void;
}

/** From the tap on "make": sign in, agree, wait for the photo's check, start, and go where the images are made. */
export function useMaking(): Making {
  const { route, query } = useLocation();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [lacking, setLacking] = useState<Making["lacking"]>(null);
  const [broken, setBroken] = useState<unknown>(null);
  const asked = query["go"] === "1";
  const going = asked && tapped();
  const out = session.value === "out";
  const now = upload.value;

  useEffect(() => {
    if (!asked) sessionStorage.removeItem(TAPPED); // of a visit that ended elsewhere
  }, []);
  useEffect(() => {
    if (asked && !going) return route(HERE, true);
    if (!going) return;
    if (out) return void (route(HERE, true), (signInWanted.value = GOING));
    if (now.at === "consent") return route(consent(), true);
    if (now.at === "rejected") return leave("/photo/check");
    if (now.at === "failed") return failed(now.trouble);
    if (now.at !== "ready") return;
    const stop = new AbortController();
    make(stop.signal).then(
      (id) => {
        if (id === null || stop.signal.aborted) return;
        leave(`/generations/${id}`);
        void made(id);
      },
      (error: unknown) => stop.signal.aborted || refused(error),
    );
    return () => stop.abort();
  }, [asked, going, out, now.at]);

  /** Whoever comes back to it later has to tap again. */
  const leave = (path: string) => {
    sessionStorage.removeItem(TAPPED);
    route(path, true);
  };
  const failed = (why: Trouble) => (leave(HERE), setTrouble(why));
  const refused = (error: unknown) => {
    if (!isTrouble(error)) return setBroken(error);
    if (error instanceof SignedOut) return; // the session says so, too
    if (!(error instanceof Problem)) return failed(error);
    if (error.code === "consent_required") return route(consent(), true);
    if (error.code === "insufficient_credits") return (leave(HERE), setLacking({ available: error.body.available ?? 0 }));
    if (error.code === "upload_rejected") return (uploadAgain(), undefined); // its reason comes with the upload
    if (error.code === "upload_not_found" && draft.peek()?.photo) return (change({ upload: null }), uploadAgain());
    failed(error);
  };
  if (broken !== null) throw broken;

  const start = () => {
    setTrouble(null);
    sessionStorage.setItem(TAPPED, "1");
    if (session.peek() === "out") return void (signInWanted.value = GOING);
    if (upload.peek().at === "failed") uploadAgain();
    route(GOING, true);
    scrollTo({ top: 0 }); // where it says what is waited for
  };
  return { going, starting: going && now.at === "ready", trouble: going ? null : trouble, lacking, start, stop: () => leave(HERE) };
}

const consent = () => `/consent?next=${encodeURIComponent(GOING)}`;
