import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { login } from "#api/gen/smartpass/v1/session_http";
import type { Session } from "#api/session";
import { CodeForm } from "./CodeForm";
import { LoginRefusal } from "./LoginRefusal";
import { useLock } from "./useLock";

export interface Credentials {
    username: string;
    password: string;
    /** Of the second factor; absent in the first step. */
    code?: string;
}

interface LoginFormProps {
    onSignedIn: (session: Session, password: string) => void;
}

const hasReason = (error: unknown, reason: string) => error instanceof ApiError && error.reason === reason;

/** Name and password, and the code of a second factor for whoever has one. */
export function LoginForm({ onSignedIn }: LoginFormProps) {
    const [known, setKnown] = useState<Credentials>();
    const signIn = useMutation({
        mutationFn: (credentials: Credentials) => login(credentials),
        onSuccess: ({ session }, { password }) => session && onSignedIn(session, password),
        onError: (error, credentials) => {
            if (hasReason(error, "SECOND_FACTOR_REQUIRED")) setKnown(credentials);
            // The password has changed, or the account was locked, since the first step.
            if (hasReason(error, "BAD_CREDENTIALS")) setKnown(undefined);
        },
    });
    const error = hasReason(signIn.error, "SECOND_FACTOR_REQUIRED") ? null : signIn.error;
    const step = { error, lockedSeconds: useLock(error), busy: signIn.isPending };

    if (!known) return <PasswordStep {...step} onSend={signIn.mutate} />;
    return (
        <CodeForm
            {...step}
            username={known.username}
            onSend={(code) => signIn.mutate({ ...known, code })}
            onBack={() => {
                signIn.reset();
                setKnown(undefined);
            }}
        />
    );
}

interface PasswordStepProps {
    error: unknown;
    lockedSeconds: number;
    busy: boolean;
    onSend: (credentials: Credentials) => void;
}

function PasswordStep({ error, lockedSeconds, busy, onSend }: PasswordStepProps) {
    const { t } = useTranslation("session");
    const required = { required: true, message: t("violation.FIELD_REQUIRED") };
    return (
        <Form<Credentials>
            layout="vertical"
            requiredMark={false}
            onFinish={(fields) => lockedSeconds === 0 && onSend(fields)}
        >
            <LoginRefusal error={error} lockedSeconds={lockedSeconds} />
            <Form.Item label={t("username")} name="username" rules={[required]}>
                <Input autoComplete="username" autoFocus maxLength={64} />
            </Form.Item>
            <Form.Item label={t("password")} name="password" rules={[required]}>
                <Input.Password autoComplete="current-password" maxLength={128} visibilityToggle={false} />
            </Form.Item>
            <Button type="primary" htmlType="submit" block size="large" loading={busy} disabled={lockedSeconds > 0}>
                {t("signIn")}
            </Button>
        </Form>
    );
}
