/** The page of the API: Redoc, over the document that the API itself answers. */
import "./docs.css";
import address from "virtual:redoc";

interface Redoc {
  init(document: string, options: object, place: Element, done: (error?: Error) => void): void;
}
declare const Redoc: Redoc;

const LOOK = {
  hideDownloadButton: false,
  hideHostname: true,
  expandResponses: "200,201,202,204",
  sortRequiredPropsFirst: true,
  nativeScrollbars: true,
  theme: {
    colors: { primary: { main: "#8b4350" } },
    typography: { fontFamily: "system-ui, sans-serif", headings: { fontFamily: "system-ui, sans-serif" } },
  },
};

const place = document.querySelector("#docs")!;
const script = document.createElement("script");
script.src = address;
script.onerror = () => say();
script.onload = () => Redoc.init("/api/openapi.json", LOOK, place, (error) => error && say());
document.head.append(script);

function say(): void {
  place.textContent = "The API does not answer just now. Reload the page in a moment.";
}
