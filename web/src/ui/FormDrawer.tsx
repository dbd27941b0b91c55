// A drawer around a form: closing it asks first when something was entered.

import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "./ConfirmDialog";
import { LoadedDrawer, type LoadedDrawerProps } from "./LoadedDrawer";

interface FormDrawerProps extends Omit<LoadedDrawerProps, "children"> {
    /** The form, which calls `onChanged` when something was entered. */
    children: (onChanged: () => void) => ReactNode;
}

/** Mounted anew for each object (by its `key`): what was entered for one is not asked about at the next. */
export function FormDrawer({ ready, onClose, children, ...drawer }: FormDrawerProps) {
    const { t } = useTranslation("ui");
    const [changed, setChanged] = useState(false);
    const [asking, setAsking] = useState(false);
    return (
        <>
            <LoadedDrawer {...drawer} ready={ready} onClose={() => (changed ? setAsking(true) : onClose())}>
                {ready && children(() => setChanged(true))}
            </LoadedDrawer>
            <ConfirmDialog
                open={asking}
                title={t("discardTitle")}
                action={t("discard")}
                busy={false}
                onConfirm={onClose}
                onCancel={() => setAsking(false)}
            >
                {t("discardHint")}
            </ConfirmDialog>
        </>
    );
}
