import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { useErrorWords } from "#ui/useErrorWords";
import { countdown } from "./rules";
import { isLock } from "./useLock";

/** Why nobody was signed in, and how long it takes until one may try again. */
export function LoginRefusal({ error, lockedSeconds = 0 }: { error: unknown; lockedSeconds?: number }) {
    const { t, i18n } = useTranslation("session");
    const words = useErrorWords();
    if (!error) return null;
    if (isLock(error))
        return lockedSeconds > 0 ? (
            <LoginAlert type="warning" words={t("error.LOGIN_LOCKED", { time: countdown(lockedSeconds) })} />
        ) : (
            <LoginAlert type="info" words={t("error.LOCK_OVER")} />
        );
    const key = `error.${error instanceof ApiError ? error.reason : ""}`;
    const known = i18n.exists(key, { ns: "session" });
    return <LoginAlert type="error" words={known ? t(key as "error.BAD_CREDENTIALS") : words(error)} />;
}

const LoginAlert = ({ type, words }: { type: "error" | "warning" | "info"; words: string }) => (
    <Alert className="form-alert" type={type} title={words} role="alert" />
);
