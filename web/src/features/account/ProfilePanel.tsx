import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Segmented, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { getProfile, type Profile, profileMaxBytes, updateProfile } from "#api/gen/smartpass/v1/account_http";
import { NO_PREFERENCES, type Preferences, plain } from "#api/preferences";
import { query, refresh } from "#api/query";
import { type Session, sessionQuery } from "#api/session";
import { Facts } from "#ui/Facts";
import { ReasonButton } from "#ui/GuardedButton";
import { Failure } from "#ui/Notice";
import { OtherRefusal, useFieldRefusals } from "#ui/refusals";
import { fittingText } from "#ui/textRules";
import { toast } from "#ui/toasts";
import { useChangePreferences, useFlushPreferences, usePreferences } from "#ui/usePreferences";
import { useProfile } from "./useProfile";

export function ProfilePanel() {
    const { data, error, refetch } = useProfile();
    if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
    if (!data) return <Skeleton active title={false} />;
    return (
        <div className="account-columns">
            <Who profile={data} />
            <Likes />
        </div>
    );
}

function Who({ profile }: { profile: Profile }) {
    const { t } = useTranslation("account");
    const facts = [
        [t("profile.username"), profile.username],
        [t("profile.enterprise"), profile.enterpriseName],
        [t("profile.group"), profile.groupName],
        [t("profile.role"), profile.roleName],
        [t("profile.signsIn"), t(profile.external ? "profile.external" : "profile.byPassword")],
    ] as const;
    return (
        <section className="panel" aria-labelledby="who">
            <div className="panel-head">
                <h2 id="who">{t("profile.who")}</h2>
            </div>
            <div className="panel-body">
                <NameForm profile={profile} />
                <Facts facts={facts} />
                <p className="meta">{t("profile.givenBy")}</p>
            </div>
        </section>
    );
}

/** Where the form says what the server refused. */
const REFUSALS = { fields: { "profile.display_name": "displayName" }, words: "account" } as const;

function NameForm({ profile }: { profile: Profile }) {
    const { t } = useTranslation("account");
    const [form] = Form.useForm<{ displayName: string }>();
    const showRefusals = useFieldRefusals(form, REFUSALS);
    const save = useSaveName(profile);
    return (
        <Form
            form={form}
            layout="vertical"
            initialValues={{ displayName: profile.displayName }}
            onFinish={({ displayName }) => save.mutate(displayName.trim(), { onError: showRefusals })}
        >
            <OtherRefusal error={save.error} {...REFUSALS} />
            <div className="name-row">
                <Form.Item
                    label={t("profile.displayName")}
                    name="displayName"
                    extra={t("profile.displayNameHint")}
                    rules={[fittingText(profileMaxBytes.displayName, t("tooLong"))]}
                >
                    <Input autoComplete="name" />
                </Form.Item>
                <Button htmlType="submit" type="primary" loading={save.isPending}>
                    {t("profile.save")}
                </Button>
            </div>
        </Form>
    );
}

function useSaveName(profile: Profile) {
    const { t } = useTranslation("account");
    const client = useQueryClient();
    const flush = useFlushPreferences();
    return useMutation({
        mutationFn: async (displayName: string) => {
            // The whole profile is written: what the lists still wanted to remember goes first.
            await flush();
            const { preferences } = (await client.fetchQuery({ ...query(getProfile, {}), staleTime: 0 })) ?? profile;
            return updateProfile({ profile: { ...profile, displayName, preferences: plain(preferences) } });
        },
        onSuccess: ({ displayName }) => {
            toast("ok", t("profile.saved"));
            client.setQueryData(sessionQuery().queryKey, (session: Session | undefined) =>
                session ? { ...session, displayName } : session,
            );
            refresh(client, getProfile);
        },
    });
}

/** Each choice is the account's at once. */
function Likes() {
    const { t } = useTranslation("account");
    const likes = usePreferences();
    const change = useChangePreferences();
    const choose = (choice: Partial<Preferences>) => change((kept) => ({ ...kept, ...choice }));
    return (
        <section className="panel" aria-labelledby="likes">
            <div className="panel-head">
                <h2 id="likes">{t("likes.title")}</h2>
            </div>
            <div className="panel-body likes">
                <p className="meta">{t("likes.hint")}</p>
                <Choice
                    label={t("likes.language")}
                    value={likes.language}
                    options={[
                        ["", t("likes.browser")],
                        [
                            "en",
                            <span key="en" lang="en">
                                English
                            </span>,
                        ],
                        [
                            "zh",
                            <span key="zh" lang="zh-CN">
                                中文
                            </span>,
                        ],
                    ]}
                    onChange={(language) => choose({ language })}
                />
                <Choice
                    label={t("likes.theme")}
                    value={likes.theme}
                    options={[
                        ["", t("likes.system")],
                        ["light", t("likes.light")],
                        ["dark", t("likes.dark")],
                    ]}
                    onChange={(theme) => choose({ theme })}
                />
                <Choice
                    label={t("likes.unit")}
                    value={likes.temperatureUnit}
                    options={[
                        ["", t("likes.enterprise")],
                        ["C", "°C"],
                        ["F", "°F"],
                    ]}
                    onChange={(temperatureUnit) => choose({ temperatureUnit })}
                />
                <div>
                    <ReasonButton
                        reason={likes.lists.length === 0 ? t("likes.nothingToReset") : undefined}
                        onClick={() => choose({ lists: NO_PREFERENCES.lists })}
                    >
                        {t("likes.resetLists")}
                    </ReasonButton>
                    <p className="meta">{t("likes.resetListsHint")}</p>
                </div>
            </div>
        </section>
    );
}

interface ChoiceProps {
    label: string;
    value: string;
    options: readonly (readonly [string, ReactNode])[];
    onChange: (value: string) => void;
}

const Choice = ({ label, value, options, onChange }: ChoiceProps) => (
    <div className="like">
        <span>{label}</span>
        <Segmented
            aria-label={label}
            value={value}
            options={options.map(([key, words]) => ({ value: key, label: words }))}
            onChange={onChange}
        />
    </div>
);
