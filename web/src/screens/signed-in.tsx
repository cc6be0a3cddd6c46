import { part } from "../parts";
import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { NoAnswer } from "../api/problem";
import { config } from "../config";
import { remember } from "../session/session";
import { signInWords } from "../words/sign-in";
import { ButtonLink } from "../ui/button";
import { Waiting } from "../ui/load";
import { Page } from "../ui/page";

/** Where the issuer sends the browser back to. */
export default function SignedIn() {
  const { route } = useLocation();
  const [failed, setFailed] = useState<"refused" | "lost" | null>(null);
  useEffect(() => {
    const here = new URL(location.href);
    history.replaceState(history.state, "", "/signed-in"); // the code is for us alone
    finish(here).then(
      (path) => route(path, true),
      (error: unknown) => setFailed(error instanceof NoAnswer ? "lost" : "refused"),
    );
  }, []);
  const words = signInWords();
  return (
    <Page title={words.signingIn} back="/">
      {failed ? (
        <div class="failed" role="alert">
          <h1 class="title">{words.failed}</h1>
          <p class="soft">{failed === "lost" ? words.lost : words.refused}</p>
          <ButtonLink href="/">{words.home}</ButtonLink>
        </div>
      ) : (
        <>
          <h1 class="visually-hidden">{words.signingIn}</h1>
          <Waiting lines={2} />
        </>
      )}
    </Page>
  );
}

async function finish(here: URL): Promise<string> {
  const oidc = await part(() => import("../session/oidc"));
  const done = await oidc.completed(await config(), here);
  if (!done) return "/"; // opened again from the history
  remember(done.tokens);
  return done.path;
}
