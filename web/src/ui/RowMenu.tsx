import { useTranslation } from "react-i18next";
import { MoreIcon } from "./icons";
import { Menu, type MenuAction } from "./Menu";

/** What can be done with one row. */
export function RowMenu({ name, actions }: { name: string; actions: readonly MenuAction[] }) {
    const { t } = useTranslation("ui");
    return <Menu type="text" aria-label={t("more", { name })} icon={<MoreIcon />} actions={actions} />;
}
