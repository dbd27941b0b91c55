// The way to the provider of OpenID Connect, where the installation has one.

import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { getSignInOptions, startExternalLogin } from "#api/gen/smartpass/v1/session_http";
import { query } from "#api/query";
import { CALLBACK_PATH, keepDeparture } from "./external";
import { LoginRefusal } from "./LoginRefusal";

export function ExternalButton({ next }: { next: string }) {
    const { t } = useTranslation("session");
    const { data } = useQuery({ ...query(getSignInOptions, {}), retry: false });
    const { mutate, error, isPending, isSuccess } = useMutation({
        mutationFn: () => startExternalLogin({ redirectUri: window.location.origin + CALLBACK_PATH }),
        onSuccess: ({ authorizationUri, binding }) => {
            keepDeparture(sessionStorage, { binding, next });
            window.location.assign(authorizationUri);
        },
    });
    if (!data?.externalName) return null;
    return (
        <div className="external">
            <span className="external-or meta">{t("external.or")}</span>
            <LoginRefusal error={error} />
            <Button block size="large" loading={isPending || isSuccess} onClick={() => mutate()}>
                {t("external.with", { name: data.externalName })}
            </Button>
        </div>
    );
}
