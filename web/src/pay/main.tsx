import "../styles/index.css";
import { render } from "preact";
import { Pay } from "./pay";

render(<Pay />, document.getElementById("app")!);
