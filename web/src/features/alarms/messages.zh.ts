import type { Translation } from "#lib/translation";
import type { en } from "./messages.en";

export const zh: Translation<typeof en> = {
    title: "告警",
    subtitle_other: "{{count}} 条未处理",
    filter: "状态",
    open: "未处理",
    closed: "已结束",
    all: "全部",
    kind: "类型",
    device: "设备",
    nothing: "还没有告警",
    nothingHint: "设备失联、时钟错误、记录积压或缺失、证书到期都会显示在这里。",
    noMatch: "没有符合筛选条件的告警",
    noOpen: "没有未处理的告警",
    badge_other: "告警：{{count}} 条未处理",
    tooMany: "一次最多 {{count}} 条。",
};
