import { addWords } from "#ui/words";
import { en } from "./displayMessages.en";
import { zh } from "./displayMessages.zh";

addWords("displays", { en, zh });
