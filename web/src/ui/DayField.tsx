// One day, as the API writes it: "2026-11-20", or "" for none. It has no zone: a birthday is the same day everywhere.

import { DatePicker } from "antd";
import dayjs from "dayjs";
import "dayjs/locale/en-gb";
import "dayjs/locale/zh-cn";

interface DayFieldProps {
    /** As antd's Form.Item hands it down. */
    id?: string;
    value?: string;
    onChange?: (day: string) => void;
    /** The latest day that can be chosen. */
    latest?: string;
}

const FORMAT = "YYYY-MM-DD";

export function DayField({ id, value = "", onChange, latest }: DayFieldProps) {
    return (
        <DatePicker
            className="day-field"
            {...(id && { id })}
            format={FORMAT}
            placeholder={FORMAT}
            value={value ? dayjs(value) : null}
            {...(latest && { maxDate: dayjs(latest) })}
            onChange={(day) => onChange?.(day?.format(FORMAT) ?? "")}
        />
    );
}
