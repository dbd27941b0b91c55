import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failure } from "#ui/Notice";

export function MissingPage() {
    const { t } = useTranslation();
    return (
        <main className="fallback">
            <div className="notice">
                <h1>{t("notFound")}</h1>
                <p>{t("notFoundHint")}</p>
                <Link to="/">{t("toConsole")}</Link>
            </div>
        </main>
    );
}

export function BrokenPage({ error, reset }: ErrorComponentProps) {
    const { t } = useTranslation();
    const router = useRouter();
    const again = () => {
        reset();
        void router.invalidate();
    };
    return (
        <main className="fallback">
            <h1 className="sr-only">{t("product")}</h1>
            <Failure error={error} onRetry={again} />
        </main>
    );
}
