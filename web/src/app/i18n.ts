// All words of the console. A key that only one language has does not compile.

import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { en as alarmEn } from "#ui/alarms.en";
import type { en as firstPasswordEn } from "#ui/firstPassword.en";
import { en as uiEn } from "#ui/messages.en";
import { zh as uiZh } from "#ui/messages.zh";
import type { en as accountEn } from "../features/account/messages.en";
import type { en as alarmsEn } from "../features/alarms/messages.en";
import type { en as auditEn } from "../features/audit/messages.en";
import { en as consoleEn } from "../features/console/messages.en";
import { zh as consoleZh } from "../features/console/messages.zh";
import type { en as commandsEn } from "../features/devices/commandMessages.en";
import type { en as displaysEn } from "../features/devices/displayMessages.en";
import type { en as devicesEn } from "../features/devices/messages.en";
import type { en as settingsEn } from "../features/devices/settingsMessages.en";
import type { en as enterprisesEn } from "../features/enterprises/messages.en";
import { en as grantsEn } from "../features/grants/messages.en";
import { zh as grantsZh } from "../features/grants/messages.zh";
import type { en as groupsEn } from "../features/groups/messages.en";
import type { en as identityEn } from "../features/identity/messages.en";
import type { en as operationsEn } from "../features/operations/messages.en";
import type { en as packagesEn } from "../features/packages/messages.en";
import { en as passesEn } from "../features/passes/messages.en";
import { zh as passesZh } from "../features/passes/messages.zh";
import type { en as erasuresEn } from "../features/people/erasureMessages.en";
import type { en as exportEn } from "../features/people/exportMessages.en";
import type { en as importEn } from "../features/people/importMessages.en";
import type { en as peopleEn } from "../features/people/messages.en";
import type { en as rolesEn } from "../features/roles/messages.en";
import { en as sessionEn } from "../features/session/messages.en";
import { zh as sessionZh } from "../features/session/messages.zh";
import type { en as usersEn } from "../features/users/messages.en";
import { appearance } from "./appearance";
import { en as appEn } from "./messages.en";
import { zh as appZh } from "./messages.zh";

const en = {
    app: appEn,
    ui: uiEn,
    session: sessionEn,
    console: consoleEn,
    grants: grantsEn,
    passes: passesEn,
};

const zh: { [N in keyof typeof en]: unknown } = {
    app: appZh,
    ui: uiZh,
    session: sessionZh,
    console: consoleZh,
    grants: grantsZh,
    passes: passesZh,
};

/** Words that come with their page, see ui/words. */
type LateWords = {
    alarm: typeof alarmEn;
    alarms: typeof alarmsEn;
    commands: typeof commandsEn;
    devices: typeof devicesEn;
    displays: typeof displaysEn;
    packages: typeof packagesEn;
    settings: typeof settingsEn;
    enterprises: typeof enterprisesEn;
    firstPassword: typeof firstPasswordEn;
    groups: typeof groupsEn;
    roles: typeof rolesEn;
    account: typeof accountEn;
    audit: typeof auditEn;
    identity: typeof identityEn;
    operations: typeof operationsEn;
    erasures: typeof erasuresEn;
    export: typeof exportEn;
    import: typeof importEn;
    people: typeof peopleEn;
    users: typeof usersEn;
};

declare module "i18next" {
    interface CustomTypeOptions {
        defaultNS: "app";
        resources: typeof en & LateWords;
    }
}

export async function startWords(): Promise<void> {
    await i18next.use(initReactI18next).init({
        resources: { en, zh } as Record<"en" | "zh", typeof en & LateWords>,
        lng: appearance().language,
        fallbackLng: "en",
        defaultNS: "app",
        // React escapes what it renders.
        interpolation: { escapeValue: false },
    });
}

export const changeLanguage = (language: string) => void i18next.changeLanguage(language);
