import { addWords } from "#ui/words";
import { en } from "./settingsMessages.en";
import { zh } from "./settingsMessages.zh";

addWords("settings", { en, zh });
