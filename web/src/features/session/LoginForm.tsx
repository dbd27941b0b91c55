import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { login } from "#api/gen/smartpass/v1/session_http";
import type { Session } from "#api/session";
import { useErrorWords } from "#ui/useErrorWords";
import { countdown } from "./rules";

interface LoginFields {
    username: string;
    password: string;
}

interface LoginFormProps {
    onSignedIn: (session: Session, password: string) => void;
}

export function LoginForm({ onSignedIn }: LoginFormProps) {
    const { t } = useTranslation("session");
    const { mutate, error, isPending } = useMutation({
        mutationFn: (fields: LoginFields) => login(fields),
        onSuccess: ({ session }, { password }) => session && onSignedIn(session, password),
    });
    const locked = useLock(error);

    return (
        <Form<LoginFields> layout="vertical" requiredMark={false} onFinish={(fields) => !locked && mutate(fields)}>
            <LoginRefusal error={error} lockedSeconds={locked} />
            <Form.Item
                label={t("username")}
                name="username"
                rules={[{ required: true, message: t("violation.FIELD_REQUIRED") }]}
            >
                <Input autoComplete="username" autoFocus maxLength={64} />
            </Form.Item>
            <Form.Item
                label={t("password")}
                name="password"
                rules={[{ required: true, message: t("violation.FIELD_REQUIRED") }]}
            >
                <Input.Password autoComplete="current-password" maxLength={128} visibilityToggle={false} />
            </Form.Item>
            <Button type="primary" htmlType="submit" block size="large" loading={isPending} disabled={locked > 0}>
                {t("signIn")}
            </Button>
        </Form>
    );
}

const isLock = (error: unknown): error is ApiError => error instanceof ApiError && error.reason === "LOGIN_LOCKED";

/** Seconds until the server listens again; 0: it does. */
function useLock(error: unknown): number {
    const [left, setLeft] = useState(0);
    useEffect(() => {
        if (!isLock(error)) return setLeft(0);
        const until = Date.now() + Number(error.metadata.retry_after_seconds ?? 1) * 1000;
        const show = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
        show();
        const timer = window.setInterval(show, 250);
        return () => window.clearInterval(timer);
    }, [error]);
    return left;
}

function LoginRefusal({ error, lockedSeconds }: { error: unknown; lockedSeconds: number }) {
    const { t } = useTranslation("session");
    const words = useErrorWords();
    if (!error) return null;
    if (isLock(error))
        return lockedSeconds > 0 ? (
            <LoginAlert type="warning" words={t("error.LOGIN_LOCKED", { time: countdown(lockedSeconds) })} />
        ) : (
            <LoginAlert type="info" words={t("error.LOCK_OVER")} />
        );
    const known = error instanceof ApiError ? error.reason : "";
    if (known === "BAD_CREDENTIALS" || known === "FIRST_LOGIN_LOOPBACK_ONLY")
        return <LoginAlert type="error" words={t(`error.${known}`)} />;
    return <LoginAlert type="error" words={words(error)} />;
}

const LoginAlert = ({ type, words }: { type: "error" | "warning" | "info"; words: string }) => (
    <Alert className="form-alert" type={type} title={words} role="alert" />
);
