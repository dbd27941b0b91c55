import { addWords } from "#ui/words";
import { en } from "./exportMessages.en";
import { zh } from "./exportMessages.zh";

addWords("export", { en, zh });
