import type { Translation } from "#lib/translation";
import type { en } from "./exportMessages.en";

export const zh: Translation<typeof en> = {
    titleOf: {
        employees: "导出员工",
        visitors: "导出访客",
        blacklist: "导出黑名单",
    },
    whom: "范围",
    all: "您可查看的所有人员",
    filtered: "筛选出的人员",
    format: "格式",
    formats: {
        EXPORT_FORMAT_XLSX: "Excel (.xlsx)",
        EXPORT_FORMAT_CSV: "文本 (.csv)",
    },
    hint: "不包含照片。",
    start: "开始导出",
    download: "下载 {{name}}",
    progress: "{{done}} / {{total}} 人",
    progressUnknown: "已处理 {{done}} 人",
    done_other: "包含 {{count}} 人的文件已生成。",
    failed: "导出失败：{{reason}}",
    cancelled: "已取消导出。",
    later: "关闭后仍会继续，可在任务中心下载文件。",
    cancel: "取消导出",
    close: "关闭",
};
