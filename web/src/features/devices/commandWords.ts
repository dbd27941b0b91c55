import { addWords } from "#ui/words";
import { en } from "./commandMessages.en";
import { zh } from "./commandMessages.zh";

addWords("commands", { en, zh });
