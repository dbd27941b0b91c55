// The way to the alarms, in the header: how many are open.

import "./words";
import "./alarms.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { listAlarms } from "#api/gen/smartpass/v1/monitor_http";
import { query } from "#api/query";
import { BellIcon } from "#ui/icons";
import { POLL_MS, useFreshAlarms } from "./useFreshAlarms";

export default function AlarmBadge() {
    const { t } = useTranslation("alarms");
    useFreshAlarms();
    const { data } = useQuery({ ...query(listAlarms, { pageSize: 1 }), refetchInterval: POLL_MS, retry: false });
    const count = data?.openCount ?? 0;
    const label = count > 0 ? t("badge", { count }) : t("title");
    return (
        <Link to="/alarms" className="icon-button alarm-badge" aria-label={label} title={label}>
            <BellIcon size={18} />
            {count > 0 && (
                <span className="alarm-count" aria-hidden="true">
                    {count > 99 ? "99+" : count}
                </span>
            )}
        </Link>
    );
}
