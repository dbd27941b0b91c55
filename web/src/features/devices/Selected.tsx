// What can be done with the chosen terminals, and with all of a group.

import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { controlPower, moveDoors, resetDevices } from "#api/gen/smartpass/v1/commands_http";
import { batchDeleteDevices, batchMoveDevices, type Device } from "#api/gen/smartpass/v1/devices_http";
import { createRollout } from "#api/gen/smartpass/v1/packages_http";
import { updateSettings } from "#api/gen/smartpass/v1/settings_http";
import { BulkBar } from "#ui/BulkBar";
import { GuardedButton, useBlockReason } from "#ui/GuardedButton";
import { DownIcon } from "#ui/icons";
import { Menu, type MenuAction } from "#ui/Menu";
import type { DeviceActions } from "./DeviceMenu";
import { OWN_FORMS } from "./settingParts";
import { MOST_TARGETS, type Target, targetOf } from "./target";

interface SelectedProps extends DeviceActions {
    devices: readonly Device[];
    onClear: () => void;
}

export function Selected({ devices, onClear, ...on }: SelectedProps) {
    const { t } = useTranslation("devices");
    const navigate = useNavigate();
    const target = targetOf(...devices);
    const tooMany = devices.length > MOST_TARGETS ? t("tooMany", { count: MOST_TARGETS }) : undefined;
    const settings = useSettingsActions(target, tooMany, on);
    const power = usePowerActions(target, devices, tooMany, on);
    return (
        <BulkBar count={devices.length} onClear={onClear}>
            <Menu aria-label={t("menu.settings")} actions={settings}>
                {t("menu.settings")} <DownIcon size={12} />
            </Menu>
            <GuardedButton
                call={moveDoors}
                blocked={tooMany}
                onClick={() => on.onOrder("COMMAND_KIND_OPEN_DOOR", target, devices)}
            >
                {t("menu.open")}
            </GuardedButton>
            <Menu aria-label={t("menu.power")} actions={power}>
                {t("menu.power")} <DownIcon size={12} />
            </Menu>
            <GuardedButton
                call={createRollout}
                blocked={tooMany}
                onClick={() =>
                    void navigate({
                        to: "/rollouts",
                        search: { add: "new", devices: devices.map(({ id }) => id).join(",") },
                    })
                }
            >
                {t("menu.upgrade")}
            </GuardedButton>
            <GuardedButton call={batchMoveDevices} blocked={tooMany} onClick={() => on.onMove(devices)}>
                {t("menu.move")}
            </GuardedButton>
            <GuardedButton danger call={batchDeleteDevices} blocked={tooMany} onClick={() => on.onDelete(devices)}>
                {t("menu.delete")}
            </GuardedButton>
        </BulkBar>
    );
}

interface GroupMenuProps extends DeviceActions {
    /** undefined: no group is chosen. */
    group: { readonly id: string; readonly name: string } | undefined;
}

/** For all terminals of the group and of what lies below it. */
export function GroupMenu({ group, ...on }: GroupMenuProps) {
    const { t } = useTranslation("devices");
    const target = { kind: "group", id: group?.id ?? "", name: group?.name ?? "" } as const satisfies Target;
    const navigate = useNavigate();
    const none = group ? undefined : t("group.none");
    const settings = useSettingsActions(target, none, on);
    const power = usePowerActions(target, [], none, on);
    return (
        <Menu
            aria-label={group ? t("group.label", { name: group.name }) : t("group.button")}
            actions={[
                ...settings,
                {
                    key: "upgrade",
                    label: t("menu.upgrade"),
                    blocked: useBlockReason()({ call: createRollout, blocked: none }),
                    run: () => void navigate({ to: "/rollouts", search: { add: "new", group: target.id } }),
                },
                ...power,
            ]}
        >
            {t("group.button")} <DownIcon size={12} />
        </Menu>
    );
}

function useSettingsActions(target: Target, blocked: string | undefined, on: DeviceActions): readonly MenuAction[] {
    const { t } = useTranslation("devices");
    const reason = useBlockReason()({ call: updateSettings, blocked });
    return [
        { key: "all", label: t("menu.allSettings"), blocked: reason, run: () => on.onSettings(target, undefined) },
        ...OWN_FORMS.map((part) => ({
            key: part,
            label: t(`menu.${part}`),
            blocked: reason,
            run: () => on.onSettings(target, part),
        })),
    ];
}

function usePowerActions(
    target: Target,
    devices: readonly Device[],
    blocked: string | undefined,
    on: DeviceActions,
): readonly MenuAction[] {
    const { t } = useTranslation("devices");
    const blockReason = useBlockReason();
    return [
        {
            key: "restart",
            label: t("menu.restart"),
            blocked: blockReason({ call: controlPower, blocked }),
            run: () => on.onOrder("COMMAND_KIND_RESTART", target, devices),
        },
        {
            key: "shutDown",
            label: t("menu.shutDown"),
            danger: true,
            blocked: blockReason({ call: controlPower, blocked }),
            run: () => on.onOrder("COMMAND_KIND_SHUT_DOWN", target, devices),
        },
        {
            key: "reset",
            label: t("menu.reset"),
            danger: true,
            blocked: blockReason({ call: resetDevices, blocked }),
            run: () => on.onOrder("COMMAND_KIND_RESET", target, devices),
        },
    ];
}
