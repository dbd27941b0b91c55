import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failure, Notice } from "#ui/Notice";

export function MissingPage() {
    const { t } = useTranslation();
    return (
        <main className="fallback">
            <Notice title={t("notFound")} action={<Link to="/">{t("toConsole")}</Link>}>
                {t("notFoundHint")}
            </Notice>
        </main>
    );
}

export function BrokenPage({ error, reset }: ErrorComponentProps) {
    const router = useRouter();
    const again = () => {
        reset();
        void router.invalidate();
    };
    return (
        <main className="fallback">
            <Failure error={error} onRetry={again} />
        </main>
    );
}
