import { useLocation } from "preact-iso";
import { nextStep, type Role } from "../../draft/draft";
import { change } from "../../draft/store";
import { Button } from "../../ui/button";
import { stepWords } from "../../words/steps";
import { Step, useDraftWithPhoto } from "../flow";
import { RoleDrawing } from "./drawings";
import "./role.css";

const ROLES: Role[] = ["bride", "groom"];

/** What the person wears. It is asked, and guessed from nothing. */
export default function RoleScreen() {
  const words = stepWords();
  const { route } = useLocation();
  const draft = useDraftWithPhoto();
  const choose = (role: Role | null) => {
    if (!draft) return;
    change({ role });
    route(nextStep({ ...draft, role }));
  };
  return (
    <Step at="/role" back="/style" title={words.roleTitle} lead={words.roleLead}>
      <div class="roles">
        {ROLES.map((role) => {
          const [name, text] = words.roles[role];
          return (
            <button key={role} type="button" class={draft?.role === role ? "role-card chosen" : "role-card"} aria-pressed={draft?.role === role} onClick={() => choose(role)}>
              <RoleDrawing of={role} />
              <span class="role-name">{name}</span>
              <span class="small soft">{text}</span>
            </button>
          );
        })}
      </div>
      <Button kind="plain" onPress={() => choose(null)}>{words.anyRole}</Button>
    </Step>
  );
}
