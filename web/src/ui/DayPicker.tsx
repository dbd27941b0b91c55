// The calendar behind a field of a day.

import { DatePicker } from "antd";
import dayjs from "dayjs";
import "dayjs/locale/en-gb";
import "dayjs/locale/zh-cn";
import type { DayFieldProps } from "./DayField";

const FORMAT = "YYYY-MM-DD";

export default function DayPicker({ id, value = "", onChange }: DayFieldProps) {
    return (
        <DatePicker
            className="day-field"
            {...(id && { id })}
            format={FORMAT}
            placeholder={FORMAT}
            value={value ? dayjs(value) : null}
            onChange={(day) => onChange?.(day?.format(FORMAT) ?? "")}
        />
    );
}
