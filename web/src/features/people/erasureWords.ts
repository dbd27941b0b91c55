import { addWords } from "#ui/words";
import { en } from "./erasureMessages.en";
import { zh } from "./erasureMessages.zh";

addWords("erasures", { en, zh });
