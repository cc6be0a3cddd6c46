import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons";
import "./row.css";

interface RowProps {
  title: ComponentChildren;
  note?: ComponentChildren;
  /** At the row's other end: a value, a switch. */
  end?: ComponentChildren;
  icon?: IconName;
  /** Where the row leads; a document that is none of this client's opens beside it. */
  href?: string | undefined;
  outside?: boolean;
  onPress?: () => unknown;
}

/** One line of a list (`.rows`): words, a value, and where it leads. */
export function Row({ title, note, end, icon, href, outside, onPress }: RowProps) {
  const inside = (
    <>
      {icon && <Icon name={icon} />}
      <span class="row-words">
        <span>{title}</span>
        {note && <span class="small soft">{note}</span>}
      </span>
      {end !== undefined && <span class="row-end">{end}</span>}
      {(href || onPress) && <span class="row-way"><Icon name="forward" size={18} /></span>}
    </>
  );
  if (href) return <a class="list-row" href={href} {...(outside ? { target: "_blank", rel: "noopener" } : {})}>{inside}</a>;
  if (onPress) return <button type="button" class="list-row" onClick={onPress}>{inside}</button>;
  return <div class="list-row">{inside}</div>;
}
