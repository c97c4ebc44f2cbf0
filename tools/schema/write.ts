/** `npm run schema` writes schema.json from the arguments, the outputs and their documentation comments. */
import { writeFileSync } from "node:fs";
import { schemaFile, schemaText } from "./package";

writeFileSync(schemaFile, schemaText());
