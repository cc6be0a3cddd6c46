import "./styles/index.css"; // first: it orders the layers of all others
import { render } from "preact";
import { App } from "./app";

render(<App />, document.getElementById("app")!);
