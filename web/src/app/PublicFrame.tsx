// The frame of pages for whoever is not signed in yet.

import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { LogoIcon } from "#ui/icons";
import { AppearanceSwitches } from "./AppearanceSwitches";

export function PublicFrame() {
    const { t } = useTranslation();
    return (
        <div className="public">
            <header className="public-head">
                <div className="brand">
                    <LogoIcon />
                    {t("product")}
                </div>
                <AppearanceSwitches />
            </header>
            <main className="public-content">
                <Outlet />
            </main>
        </div>
    );
}
