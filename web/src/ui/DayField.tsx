// One day, as the API writes it: "2026-11-20", or "" for none. It has no zone: a birthday is the same day everywhere.

import { Input } from "antd";
import { lazy, Suspense } from "react";

export interface DayFieldProps {
    /** As antd's Form.Item hands it down. */
    id?: string;
    value?: string;
    onChange?: (day: string) => void;
}

// The calendar is large, and many a form is saved without any day: it follows the form.
const DayPicker = lazy(() => import("./DayPicker"));

export function DayField(props: DayFieldProps) {
    const { id, value = "" } = props;
    return (
        <Suspense fallback={<Input {...(id && { id })} value={value} readOnly />}>
            <DayPicker {...props} />
        </Suspense>
    );
}
