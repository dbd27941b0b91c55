import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Device, updateDevice } from "#api/gen/smartpass/v1/devices_http";
import { GuardedButton } from "#ui/GuardedButton";
import { Condition } from "./Condition";
import { DeviceFacts, Risks } from "./DeviceFacts";

const EditDrawer = lazy(() => import("./EditDrawer"));

export function OverviewTab({ device }: { device: Device }) {
    const { t } = useTranslation("devices");
    const [editing, setEditing] = useState(false);
    return (
        <div className="panel device-panel">
            <Condition device={device} />
            <DeviceFacts device={device} />
            {device.risks.length > 0 && (
                <>
                    <h2 className="section-title">{t("details.risks")}</h2>
                    <Risks risks={device.risks} />
                </>
            )}
            <p className="approval-action">
                <GuardedButton call={updateDevice} onClick={() => setEditing(true)}>
                    {t("details.edit")}
                </GuardedButton>
            </p>
            <Suspense fallback={null}>
                {editing && <EditDrawer device={device} onClose={() => setEditing(false)} />}
            </Suspense>
        </div>
    );
}
