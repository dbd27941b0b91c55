import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LoginRefusal } from "./LoginRefusal";

interface CodeFormProps {
    username: string;
    error: unknown;
    lockedSeconds: number;
    busy: boolean;
    onSend: (code: string) => void;
    onBack: () => void;
}

/** The second step: the code of the app, or one of the recovery codes for whoever lost it. */
export function CodeForm({ username, error, lockedSeconds, busy, onSend, onBack }: CodeFormProps) {
    const { t } = useTranslation("session");
    const [recovery, setRecovery] = useState(false);
    return (
        <Form<{ code: string }>
            key={String(recovery)}
            layout="vertical"
            requiredMark={false}
            onFinish={({ code }) => lockedSeconds === 0 && onSend(code.replace(/\s/g, ""))}
        >
            <p className="meta code-who">{t(recovery ? "code.recoveryWhy" : "code.why", { name: username })}</p>
            <LoginRefusal error={error} lockedSeconds={lockedSeconds} />
            <Form.Item
                label={t(recovery ? "code.recovery" : "code.title")}
                name="code"
                rules={[{ required: true, whitespace: true, message: t("violation.FIELD_REQUIRED") }]}
            >
                <Input
                    className="code-field"
                    autoFocus
                    autoComplete="one-time-code"
                    inputMode={recovery ? "text" : "numeric"}
                    maxLength={recovery ? 20 : 7}
                    spellCheck={false}
                />
            </Form.Item>
            <Button type="primary" htmlType="submit" block size="large" loading={busy} disabled={lockedSeconds > 0}>
                {t("signIn")}
            </Button>
            <div className="code-ways">
                <button type="button" className="text-button" onClick={() => setRecovery(!recovery)}>
                    {t(recovery ? "code.useApp" : "code.useRecovery")}
                </button>
                <button type="button" className="text-button" onClick={onBack}>
                    {t("otherAccount")}
                </button>
            </div>
        </Form>
    );
}
