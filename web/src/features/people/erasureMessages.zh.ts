import type { Translation } from "#lib/translation";
import type { en } from "./erasureMessages.en";

export const zh: Translation<typeof en> = {
    delete: {
        action: "删除",
        titleOne: "删除 {{name}}？",
        titleMany_other: "删除 {{count}} 人？",
        noDevices_other: "没有设备存有所选人员。",
        devicesOne_other: "{{count}} 台设备存有此人，将先从设备移除；离线设备在恢复连接后移除。",
        devicesMany_other: "所选 {{all}} 人中有 {{count}} 人在设备上，将先从设备移除；离线设备在恢复连接后移除。",
        final: "资料、照片和抓拍将被永久清除，无法恢复。通行记录保留编号和姓名。",
        started_other: "正在删除 {{count}} 人，可在任务中心查看进度。",
    },
    receipt: {
        name: "姓名",
        number: "编号",
        one: "凭据",
        title: "已清除 {{name}}",
        kind: "类型",
        time: "清除时间",
        operator: "操作人",
        pictures: "已清除图片",
        hint: "已清除的内容任何人都无法再读取，备份中也无法读取。",
        complete: "全部完成",
        pending_other: "等待 {{count}} 台设备",
        terminals: "设备",
        noTerminals: "没有设备存有此人。",
        confirmed: "已确认",
        waiting: "尚未确认",
        deviceDeleted: "设备已删除",
        close: "关闭",
    },
    erasures: {
        title: "删除凭据",
        subtitle: "谁被清除、由谁操作，以及哪些设备已确认。",
        search: "姓名或编号",
        pendingOnly: "等待设备确认",
        nothing: "还没有删除过人员",
        nothingHint: "每次删除人员都会在此留下凭据。",
        noMatch: "没有符合筛选条件的凭据",
    },
};
