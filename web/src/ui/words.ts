// Words that come with the page that says them, so that nobody else loads them. A page imports its own `words` file, which
// calls this, before it says anything.

import i18next from "i18next";

export function addWords(name: string, words: Readonly<Record<"en" | "zh", object>>): void {
    for (const [language, bundle] of Object.entries(words)) i18next.addResourceBundle(language, name, bundle);
}
