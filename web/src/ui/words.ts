// Words that come with a feature's own chunk, so that the shell does not carry those of pages that nobody opened. They
// are typed as all others: app/i18n.ts knows their keys.

import i18next from "i18next";

export function addWords(namespace: string, en: object, zh: object): void {
    i18next.addResourceBundle("en", namespace, en);
    i18next.addResourceBundle("zh", namespace, zh);
}
