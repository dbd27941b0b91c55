import { useTranslation } from "react-i18next";
import { uploadImport } from "#api/gen/smartpass/v1/transfer_http";
import { useBlockReason } from "#ui/GuardedButton";
import { Menu } from "#ui/Menu";

/** The two ways to add many at once: first what is known of them, then their photos. */
export function BulkImport({ onOpen }: { onOpen: (what: "information" | "photos") => void }) {
    const { t } = useTranslation("people");
    const blocked = useBlockReason()({ call: uploadImport });
    return (
        <Menu
            type="default"
            aria-label={t("import.open")}
            actions={[
                { key: "information", label: t("import.information"), blocked, run: () => onOpen("information") },
                { key: "photos", label: t("import.photos"), blocked, run: () => onOpen("photos") },
            ]}
        >
            {t("import.open")}
        </Menu>
    );
}
