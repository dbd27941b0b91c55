import "./session.css";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { getSession, logout } from "#api/gen/smartpass/v1/session_http";
import { type Session, sessionQuery } from "#api/session";
import { ExternalButton } from "./ExternalButton";
import { LoginForm } from "./LoginForm";
import { PasswordForm } from "./PasswordForm";

/** Signing in, and the change of password that the first sign-in forces. */
export function LoginPage() {
    const { t } = useTranslation("session");
    // Known only between the two steps, so that nobody has to type the initial password twice.
    const [oldPassword, setOldPassword] = useState("");
    const client = useQueryClient();
    const router = useRouter();
    const { next } = useSearch({ from: "/public/login" });
    const { data: session } = useQuery({ ...sessionQuery(), retry: false });
    const keep = (kept: Session) => client.setQueryData(sessionQuery().queryKey, kept);

    useEffect(() => {
        document.title = "Smart Pass";
    }, []);

    // Whoever is signed in, now or since long, goes on to where they wanted to go.
    useEffect(() => {
        if (session && !session.mustChangePassword) void router.navigate({ href: next || "/", replace: true });
    }, [session, next, router]);

    if (session?.mustChangePassword)
        return (
            <div className="login-card">
                <h1>{t("changeTitle")}</h1>
                <p className="meta">{t("changeWhy")}</p>
                <PasswordForm username={session.username} oldPassword={oldPassword} onChanged={keep} />
                <OtherAccount />
            </div>
        );
    return (
        <div className="login-card">
            <h1>{t("title")}</h1>
            <LoginForm
                onSignedIn={(signedIn, password) => {
                    // What somebody else was allowed to see stays with them.
                    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== getSession.method.name });
                    setOldPassword(password);
                    keep(signedIn);
                }}
            />
            <ExternalButton next={next} />
        </div>
    );
}

function OtherAccount() {
    const { t } = useTranslation("session");
    const client = useQueryClient();
    const leave = () => {
        void logout({}).finally(() => client.resetQueries(sessionQuery()));
    };
    return (
        <button type="button" className="text-button" onClick={leave}>
            {t("otherAccount")}
        </button>
    );
}
