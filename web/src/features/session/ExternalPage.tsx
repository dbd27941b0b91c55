import "./session.css";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { Alert, Spin } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { finishExternalLogin } from "#api/gen/smartpass/v1/session_http";
import { sessionQuery } from "#api/session";
import { takeDeparture } from "./external";
import { LoginRefusal } from "./LoginRefusal";
import { ownPath } from "./search";

/** Where the provider sends the browser back to. */
export function ExternalPage() {
    const { t } = useTranslation("session");
    const { state, code, error: refusal } = useSearch({ from: "/public/sign-in/external" });
    const client = useQueryClient();
    const router = useRouter();
    const begun = useRef(false);
    const { mutate, error } = useMutation({
        mutationFn: async () => {
            const departure = takeDeparture(sessionStorage);
            if (!departure) return undefined;
            const { session } = await finishExternalLogin({ state, code, binding: departure.binding });
            return { session, next: ownPath.read(departure.next) };
        },
        onSuccess: (arrival) => {
            if (!arrival?.session) return void router.navigate({ to: "/login", replace: true });
            // What somebody else was allowed to see stays with them.
            client.clear();
            client.setQueryData(sessionQuery().queryKey, arrival.session);
            void router.navigate({ href: arrival.next ?? "/", replace: true });
        },
    });

    useEffect(() => {
        document.title = "Smart Pass";
        // Once: an answer of the provider is good for one sign-in.
        if (begun.current || refusal !== "" || state === "" || code === "") return;
        begun.current = true;
        mutate();
    }, [mutate, refusal, state, code]);

    const nothing = state === "" || code === "";
    return (
        <div className="login-card">
            <h1>{t("title")}</h1>
            {refusal !== "" && <Alert type="error" role="alert" title={t("external.refused", { reason: refusal })} />}
            {refusal === "" && nothing && <Alert type="warning" role="alert" title={t("external.nothing")} />}
            <LoginRefusal error={error} />
            {!error && refusal === "" && !nothing && (
                <p role="status">
                    <Spin size="small" /> {t("external.finishing")}
                </p>
            )}
            {(error || refusal !== "" || nothing) && <Link to="/login">{t("external.back")}</Link>}
        </div>
    );
}
