// Setting up a second factor: the password, the secret in an app, a code of it, and the recovery codes.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Form, Input, Modal, QRCode } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import {
    finishSecondFactor,
    getProfile,
    type StartSecondFactorResponse,
    startSecondFactor,
} from "#api/gen/smartpass/v1/account_http";
import { refresh } from "#api/query";
import { CopyButton, CopyText } from "#ui/CopyText";
import { ReasonButton } from "#ui/GuardedButton";
import { saveFile } from "#ui/saveFile";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { useReturnFocus } from "#ui/useReturnFocus";
import { PasswordStep } from "./PasswordStep";

interface SetUpDialogProps {
    username: string;
    onClose: () => void;
}

export function SetUpDialog({ username, onClose }: SetUpDialogProps) {
    const { t } = useTranslation("account");
    const client = useQueryClient();
    useReturnFocus();
    const start = useMutation({ mutationFn: (password: string) => startSecondFactor({ password }) });
    const finish = useMutation({
        mutationFn: (code: string) => finishSecondFactor({ code: code.replace(/\s/g, "") }),
        onSuccess: () => refresh(client, getProfile),
    });
    const codes = finish.data?.recoveryCodes;
    return (
        <Modal
            open
            title={t("factor.setUpTitle")}
            footer={null}
            onCancel={onClose}
            width={520}
            // The codes are shown this once: they do not go with a click beside the window.
            maskClosable={!codes}
            keyboard={!codes}
            closable={!codes}
            destroyOnHidden
        >
            {!start.data && (
                <PasswordStep
                    username={username}
                    why={t("factor.passwordWhy")}
                    action={t("factor.next")}
                    busy={start.isPending}
                    error={start.error}
                    onSend={start.mutate}
                />
            )}
            {start.data && !codes && (
                <CodeStep secret={start.data} busy={finish.isPending} error={finish.error} onSend={finish.mutate} />
            )}
            {codes && (
                <RecoveryCodes
                    username={username}
                    codes={codes}
                    onDone={() => {
                        toast("ok", t("factor.isOn"));
                        onClose();
                    }}
                />
            )}
        </Modal>
    );
}

interface CodeStepProps {
    secret: StartSecondFactorResponse;
    busy: boolean;
    error: unknown;
    onSend: (code: string) => void;
}

function CodeStep({ secret: { secret, uri }, busy, error, onSend }: CodeStepProps) {
    const { t } = useTranslation("account");
    return (
        <Form<{ code: string }> layout="vertical" requiredMark={false} onFinish={({ code }) => onSend(code)}>
            <ol className="factor-steps">
                <li>
                    <p>{t("factor.scan")}</p>
                    <span className="sr-only">{t("factor.picture")}</span>
                    <div className="factor-picture" aria-hidden="true">
                        <QRCode value={uri} type="svg" size={180} color="#000000" bgColor="#ffffff" bordered={false} />
                    </div>
                    <details>
                        <summary>{t("factor.type")}</summary>
                        <CopyText text={grouped(secret)} label={t("factor.secret")} />
                    </details>
                </li>
                <li>
                    <Form.Item
                        label={t("factor.code")}
                        name="code"
                        rules={[{ required: true, whitespace: true, message: t("required") }]}
                        {...(Boolean(error) && {
                            validateStatus: "error" as const,
                            help: <CodeFault error={error} />,
                        })}
                    >
                        <Input
                            className="factor-code"
                            autoFocus
                            inputMode="numeric"
                            autoComplete="one-time-code"
                            maxLength={7}
                        />
                    </Form.Item>
                </li>
            </ol>
            <Button type="primary" htmlType="submit" loading={busy}>
                {t("factor.finish")}
            </Button>
        </Form>
    );
}

/** Four by four: easier to type from a screen to a telephone. */
const grouped = (secret: string) => secret.replace(/(.{4})(?=.)/g, "$1 ");

function CodeFault({ error }: { error: unknown }) {
    const { t } = useTranslation("account");
    const words = useErrorWords();
    const wrong =
        error instanceof ApiError &&
        (/CODE|FACTOR/.test(error.reason) || error.violations.some(({ field }) => field === "code"));
    return <span role="alert">{wrong ? t("factor.codeWrong") : words(error)}</span>;
}

interface RecoveryCodesProps {
    username: string;
    codes: readonly string[];
    onDone: () => void;
}

function RecoveryCodes({ username, codes, onDone }: RecoveryCodesProps) {
    const { t } = useTranslation("account");
    const [kept, setKept] = useState(false);
    const text = `${t("factor.fileHead", { name: username })}\n\n${codes.join("\n")}\n`;
    return (
        <div className="recovery">
            <Alert type="success" showIcon title={t("factor.isOn")} description={t("factor.codesWhy")} />
            <ul className="recovery-codes" aria-label={t("factor.codes")}>
                {codes.map((code) => (
                    <li key={code}>
                        <code>{code}</code>
                    </li>
                ))}
            </ul>
            <div className="page-actions">
                <CopyButton text={codes.join("\n")} label={t("factor.codes")} />
                <Button onClick={() => saveFile(text, `smart-pass-${username}.txt`, "text/plain")}>
                    {t("factor.download")}
                </Button>
            </div>
            <Checkbox checked={kept} onChange={(event) => setKept(event.target.checked)}>
                {t("factor.kept")}
            </Checkbox>
            <ReasonButton type="primary" reason={kept ? undefined : t("factor.keepFirst")} onClick={onDone}>
                {t("factor.done")}
            </ReasonButton>
        </div>
    );
}
