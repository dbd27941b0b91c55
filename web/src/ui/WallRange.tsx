// Chooses a time range on the enterprise's wall clock. What the picker holds has no zone: the page that uses it turns
// wall times into instants.

import { DatePicker } from "antd";
import dayjs from "dayjs";
import "dayjs/locale/en-gb";
import "dayjs/locale/zh-cn";

export interface WallRangeValue {
    /** "2026-11-20T22:06"; "": open. */
    readonly from: string;
    readonly to: string;
}

interface WallRangeProps extends WallRangeValue {
    onChange: (range: WallRangeValue) => void;
    labels: readonly [string, string];
    id?: string;
    presets?: readonly { label: string; range: WallRangeValue }[];
    invalid?: boolean;
}

const FORMAT = "YYYY-MM-DDTHH:mm";
const held = (wall: string) => (wall ? dayjs(wall) : null);

export function WallRange({ from, to, onChange, labels, id, presets = [], invalid = false }: WallRangeProps) {
    return (
        <DatePicker.RangePicker
            className="wall-range"
            {...(id && { id })}
            showTime={{ format: "HH:mm" }}
            format="YYYY-MM-DD HH:mm"
            placeholder={[...labels]}
            aria-label={labels.join(" – ")}
            allowEmpty
            needConfirm
            status={invalid ? "error" : ""}
            value={[held(from), held(to)]}
            presets={presets.map(({ label, range }) => ({ label, value: [held(range.from), held(range.to)] }))}
            onChange={(range) =>
                onChange({ from: range?.[0]?.format(FORMAT) ?? "", to: range?.[1]?.format(FORMAT) ?? "" })
            }
        />
    );
}
