// What is being done with terminals in a dialog.

import { useState } from "react";
import type { Device } from "#api/gen/smartpass/v1/devices_http";
import type { Order } from "./commands";
import type { DeviceActions } from "./DeviceMenu";
import type { PartName } from "./settingParts";
import type { Target } from "./target";

export type Task =
    | { readonly kind: "settings"; readonly target: Target; readonly part: PartName | undefined }
    | { readonly kind: "order"; readonly order: Order; readonly target: Target; readonly devices: readonly Device[] }
    | { readonly kind: "move" | "delete"; readonly devices: readonly Device[] }
    | { readonly kind: "revoke"; readonly device: Device };

export function useTasks(onApprove: (device: Device) => void) {
    const [task, setTask] = useState<Task>();
    const on: DeviceActions = {
        onSettings: (target, part) => setTask({ kind: "settings", target, part }),
        onOrder: (order, target, devices) => setTask({ kind: "order", order, target, devices }),
        onApprove,
        onMove: (devices) => setTask({ kind: "move", devices }),
        onRevoke: (device) => setTask({ kind: "revoke", device }),
        onDelete: (devices) => setTask({ kind: "delete", devices }),
    };
    return { task, on, close: () => setTask(undefined) };
}
