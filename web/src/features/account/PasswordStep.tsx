import { Alert, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { useErrorWords } from "#ui/useErrorWords";

interface PasswordStepProps {
    username: string;
    why: string;
    action: string;
    danger?: boolean;
    busy: boolean;
    error: unknown;
    onSend: (password: string) => void;
}

/** What guards an account is only changed by whoever knows its password, not by whoever finds its screen open. */
export function PasswordStep({ username, why, action, danger = false, busy, error, onSend }: PasswordStepProps) {
    const { t } = useTranslation("account");
    const fault = useFault(error);
    const words = useErrorWords();
    return (
        <Form<{ password: string }>
            layout="vertical"
            requiredMark={false}
            onFinish={({ password }) => onSend(password)}
        >
            {Boolean(error) && !fault && (
                <Alert className="form-alert" type="error" role="alert" title={words(error)} />
            )}
            <p className="step-why">{why}</p>
            <input
                className="sr-only"
                type="text"
                name="username"
                autoComplete="username"
                value={username}
                readOnly
                tabIndex={-1}
                aria-hidden="true"
            />
            <Form.Item
                label={t("password")}
                name="password"
                rules={[{ required: true, message: t("required") }]}
                {...(fault && { validateStatus: "error" as const, help: <span role="alert">{fault}</span> })}
            >
                <Input.Password autoFocus autoComplete="current-password" maxLength={128} visibilityToggle={false} />
            </Form.Item>
            <Button type="primary" danger={danger} htmlType="submit" loading={busy}>
                {action}
            </Button>
        </Form>
    );
}

/** What is wrong with the password; undefined when something else is. */
function useFault(error: unknown): string | undefined {
    const { t } = useTranslation("account");
    if (!(error instanceof ApiError)) return undefined;
    if (error.reason === "PASSWORD_WRONG" || error.violations.some(({ reason }) => reason === "PASSWORD_WRONG"))
        return t("passwordWrong");
    return error.violations.find(({ field }) => field === "password")?.description;
}
