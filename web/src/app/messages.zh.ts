import type { Translation } from "#lib/translation";
import type { en } from "./messages.en";

export const zh: Translation<typeof en> = {
    product: "Smart Pass",
    skip: "跳到正文",
    menu: "菜单",
    openMenu: "打开菜单",
    nav: {
        console: "控制台",
        devices: "设备",
        people: "人员",
        employees: "员工",
        access: "通行",
        passes: "通行记录",
        grants: "通行授权",
    },
    offlineDevices_other: "{{count}} 台设备离线",
    live: {
        stopped: "未连接",
        connecting: "连接中…",
        live: "实时",
        reconnecting: "重新连接…",
    },
    otherLanguage: "English",
    dark: "深色",
    light: "浅色",
    toDark: "使用深色界面",
    toLight: "使用浅色界面",
    account: "{{name}} 的账户",
    changePassword: "修改密码",
    apiDocumentation: "API 文档",
    passwordChanged: "密码已修改，该账户的其他会话均已结束。",
    signOut: "退出登录",
    notFound: "这里什么也没有",
    notFoundHint: "此地址不是控制台的页面。",
    toConsole: "返回控制台",
};
