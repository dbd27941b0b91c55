import { type DeviceState, deviceStateNames } from "#api/gen/smartpass/v1/devices_http";
import { id, oneOf, type Paging, type Params, paging, text } from "#lib/search";

export interface DevicesSearch extends Paging {
    q: string;
    group: string;
    state: DeviceState | "";
    /** The device whose settings are open. */
    device: string;
}

export const devicesSearch: Params<DevicesSearch> = {
    ...paging,
    q: text(32),
    group: id,
    state: oneOf(deviceStateNames),
    device: id,
};
