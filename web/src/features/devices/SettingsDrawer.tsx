// Settings over the list: of what was chosen in it.

import "./settingsWords";
import { Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { useReturnFocus } from "#ui/useReturnFocus";
import { SettingsForm } from "./SettingsForm";
import { type PartName, partNames } from "./settingParts";
import type { Target } from "./target";

interface SettingsDrawerProps {
    target: Target;
    /** Only this part; undefined: all of them. */
    part: PartName | undefined;
    onClose: () => void;
}

export default function SettingsDrawer({ target, part, onClose }: SettingsDrawerProps) {
    const { t } = useTranslation("settings");
    const { t: ui } = useTranslation("ui");
    const [changed, setChanged] = useState(false);
    const [asking, setAsking] = useState(false);
    const title = useTitle(target);
    useReturnFocus();
    return (
        <>
            <Drawer
                open
                title={part ? t("ofPart", { title, part: t(`part.${part}`) }) : title}
                size={560}
                onClose={() => (changed ? setAsking(true) : onClose())}
                className="drawer"
            >
                <SettingsForm
                    target={target}
                    parts={part ? [part] : partNames}
                    onChanged={() => setChanged(true)}
                    onSaved={() => setChanged(false)}
                />
            </Drawer>
            <ConfirmDialog
                open={asking}
                title={ui("discardTitle")}
                action={ui("discard")}
                busy={false}
                onConfirm={onClose}
                onCancel={() => setAsking(false)}
            >
                {ui("discardHint")}
            </ConfirmDialog>
        </>
    );
}

function useTitle(target: Target): string {
    const { t } = useTranslation("settings");
    if (target.kind === "group") return t("title.group", { name: target.name });
    const [only, ...others] = target.devices;
    return others.length === 0
        ? t("title.one", { name: only?.name ?? "" })
        : t("title.many", { count: target.devices.length });
}
