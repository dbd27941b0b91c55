// The password with which somebody signs in for the first time: chosen by whoever makes the account, or made by the
// server and shown once.

import { Button, Form, Input, Modal, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { CopyText } from "./CopyText";
import { en } from "./firstPassword.en";
import { zh } from "./firstPassword.zh";
import { useReturnFocus } from "./useReturnFocus";
import { useTimes } from "./useTimes";
import { addWords } from "./words";

addWords("firstPassword", { en, zh });

const LEAST_CHARACTERS = 12;
const MOST_CHARACTERS = 128;

export interface FirstPasswordValues {
    ownPassword: boolean;
    /** Only there when `ownPassword`. */
    password?: string;
}

/** Fields of the form in which they stand. */
export function FirstPasswordFields() {
    const { t } = useTranslation("firstPassword");
    const own = Form.useWatch<boolean | undefined>("ownPassword");
    return (
        <>
            <Form.Item label={t("label")} name="ownPassword" extra={t("hint")} initialValue={false}>
                <Radio.Group
                    className="radio-lines"
                    options={[
                        { value: false, label: t("random") },
                        { value: true, label: t("chosen") },
                    ]}
                />
            </Form.Item>
            {own && (
                <Form.Item
                    label={t("password")}
                    name="password"
                    rules={[{ required: true, min: LEAST_CHARACTERS, message: t("tooShort") }]}
                >
                    <Input.Password autoComplete="new-password" maxLength={MOST_CHARACTERS} visibilityToggle={false} />
                </Form.Item>
            )}
        </>
    );
}

export interface OneTimePassword {
    readonly username: string;
    readonly password: string;
    readonly expireTime: string | undefined;
}

/** Goes only when it is dismissed by its button, because nobody sees the password again. */
export function OneTimePasswordDialog({ shown, onClose }: { shown: OneTimePassword; onClose: () => void }) {
    const { t } = useTranslation("firstPassword");
    const times = useTimes();
    useReturnFocus();
    return (
        <Modal
            open
            title={t("title", { name: shown.username })}
            closable={false}
            keyboard={false}
            mask={{ closable: false }}
            width={500}
            footer={
                <Button type="primary" onClick={onClose}>
                    {t("done")}
                </Button>
            }
        >
            <div className="one-time-password">
                <CopyText text={shown.password} label={t("value")} />
                {shown.expireTime && (
                    <p>{t("expires", { time: `${times.dateMinute(shown.expireTime)} (${times.zone})` })}</p>
                )}
                <p className="meta">{t("shownOnce")}</p>
            </div>
        </Modal>
    );
}
