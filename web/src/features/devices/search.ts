import { type DeviceState, deviceStateNames } from "#api/gen/smartpass/v1/devices_http";
import { id, oneOf, ownPaging, type Paging, type Params, text } from "#lib/search";

export interface DevicesSearch extends Paging {
    q: string;
    group: string;
    state: DeviceState | "";
    /** The device whose settings are open. */
    device: string;
}

export const devicesSearch: Params<DevicesSearch> = {
    ...ownPaging,
    q: text(32),
    group: id,
    state: oneOf(deviceStateNames),
    device: id,
};
