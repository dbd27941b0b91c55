import { addWords } from "#ui/words";
import { en } from "./messages.en";
import { zh } from "./messages.zh";

addWords("packages", { en, zh });
