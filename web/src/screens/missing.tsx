import { common } from "../words/common";
import { ButtonLink } from "../ui/button";
import { Page } from "../ui/page";

export function Missing() {
  const words = common();
  return (
    <Page title={words.missing} back="/">
      <div class="failed">
        <h1 class="title">{words.missing}</h1>
        <p class="soft">{words.missingText}</p>
        <ButtonLink href="/">{words.home}</ButtonLink>
      </div>
    </Page>
  );
}
