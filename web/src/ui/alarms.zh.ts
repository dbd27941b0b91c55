import type { Translation } from "#lib/translation";
import type { en } from "./alarms.en";

export const zh: Translation<typeof en> = {
    kind: {
        ALARM_KIND_UNSPECIFIED: "未知",
        ALARM_KIND_RECORD_REJECTED: "记录被搁置",
        ALARM_KIND_CERTIFICATE_REFUSED: "出示了无效证书",
        ALARM_KIND_RECORD_GAP: "记录缺失",
        ALARM_KIND_DEVICE_OFFLINE: "设备离线",
        ALARM_KIND_CLOCK_SKEW: "时钟错误",
        ALARM_KIND_BACKLOG: "记录积压",
        ALARM_KIND_CERTIFICATE_EXPIRY: "证书即将到期",
    },
    column: {
        kind: "告警",
        device: "设备",
        detail: "详情",
        raised: "开始",
        ended: "结束",
        acknowledged: "确认",
    },
    actions: "操作",
    goesOn: "持续中",
    nobody: "尚未",
    noDevice: "未知设备",
    acknowledge: "确认",
    acknowledgeOne: "确认 {{device}} 的{{kind}}",
    already: "已确认。",
    acknowledged_other: "已确认 {{count}} 条告警。",
};
