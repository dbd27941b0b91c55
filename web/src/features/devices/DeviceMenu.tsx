// What can be done with one terminal of the list.

import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { controlPower, moveDoors, resetDevices } from "#api/gen/smartpass/v1/commands_http";
import {
    approveDevice,
    batchDeleteDevices,
    batchMoveDevices,
    type Device,
    revokeDevice,
} from "#api/gen/smartpass/v1/devices_http";
import { listGrants, listPasses } from "#api/gen/smartpass/v1/pass_http";
import { updateSettings } from "#api/gen/smartpass/v1/settings_http";
import { useBlockReason } from "#ui/GuardedButton";
import type { MenuAction } from "#ui/Menu";
import { RowMenu } from "#ui/RowMenu";
import { blockOf, type Order } from "./commands";
import type { PartName } from "./settingParts";
import { type Target, targetOf } from "./target";

export interface DeviceActions {
    onSettings: (target: Target, part: PartName | undefined) => void;
    onOrder: (order: Order, target: Target, devices: readonly Device[]) => void;
    onApprove: (device: Device) => void;
    onMove: (devices: readonly Device[]) => void;
    onRevoke: (device: Device) => void;
    onDelete: (devices: readonly Device[]) => void;
}

export function DeviceMenu({ device, ...on }: DeviceActions & { device: Device }) {
    const { t } = useTranslation("devices");
    const { t: commands } = useTranslation("commands");
    const blockReason = useBlockReason();
    const navigate = useNavigate();
    const { id, name, state, waiting } = device;
    const block = blockOf(device);
    const away = block && commands(block);
    const order = (
        key: string,
        label: string,
        what: Order,
        call: Parameters<typeof blockReason>[0]["call"],
    ): MenuAction => ({
        key,
        label,
        blocked: blockReason({ call, blocked: away }),
        run: () => on.onOrder(what, targetOf(device), [device]),
    });
    const approval: readonly MenuAction[] = [
        {
            key: "approve",
            label: t("menu.approve"),
            blocked: blockReason({ call: approveDevice }),
            run: () => on.onApprove(device),
        },
    ];
    return (
        <RowMenu
            name={name}
            actions={[
                ...(waiting ? approval : []),
                {
                    key: "details",
                    label: t("menu.details"),
                    run: () => void navigate({ to: "/devices/$id", params: { id } }),
                },
                {
                    key: "settings",
                    label: t("menu.settings"),
                    blocked: blockReason({ call: updateSettings }),
                    run: () => on.onSettings(targetOf(device), undefined),
                },
                order("open", t("menu.open"), "COMMAND_KIND_OPEN_DOOR", moveDoors),
                order("restart", t("menu.restart"), "COMMAND_KIND_RESTART", controlPower),
                {
                    key: "grants",
                    label: t("menu.grants"),
                    blocked: blockReason({ call: listGrants }),
                    run: () => void navigate({ to: "/grants", search: { device: id } }),
                },
                {
                    key: "passes",
                    label: t("menu.passes"),
                    blocked: blockReason({ call: listPasses }),
                    run: () => void navigate({ to: "/passes", search: { device: id } }),
                },
                {
                    key: "move",
                    label: t("menu.move"),
                    blocked: blockReason({ call: batchMoveDevices }),
                    run: () => on.onMove([device]),
                },
                { ...order("shutDown", t("menu.shutDown"), "COMMAND_KIND_SHUT_DOWN", controlPower), danger: true },
                { ...order("reset", t("menu.reset"), "COMMAND_KIND_RESET", resetDevices), danger: true },
                {
                    key: "revoke",
                    label: t("menu.revoke"),
                    danger: true,
                    blocked: blockReason({ call: revokeDevice }),
                    run: () => on.onRevoke(device),
                },
                {
                    key: "delete",
                    label: t("menu.delete"),
                    danger: true,
                    blocked: blockReason({
                        call: batchDeleteDevices,
                        blocked: state === "DEVICE_STATE_OFFLINE" ? undefined : t("deleting.blocked"),
                    }),
                    run: () => on.onDelete([device]),
                },
            ]}
        />
    );
}
