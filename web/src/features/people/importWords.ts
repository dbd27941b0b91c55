import { addWords } from "#ui/words";
import { en } from "./importMessages.en";
import { zh } from "./importMessages.zh";

addWords("import", { en, zh });
