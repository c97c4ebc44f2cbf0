import { describePage } from "./support/page";

describePage("docs/questions.md", {});
