import type { Translation } from "#lib/translation";
import type { en } from "./messages.en";

export const zh: Translation<typeof en> = {
    title: "登录",
    username: "用户名",
    password: "密码",
    signIn: "登录",
    error: {
        BAD_CREDENTIALS: "用户名或密码错误。",
        FIRST_LOGIN_LOOPBACK_ONLY:
            "初始密码只能在服务器本机的浏览器中使用。从其他电脑登录时，请使用安装时打印的一次性密码。",
        LOGIN_LOCKED: "失败次数过多，请在 {{time}} 后重试。",
        LOCK_OVER: "现在可以重试。",
    },
    changeTitle: "设置新密码",
    changeTitleOwn: "修改密码",
    changeWhy: "该账户仍在使用初始密码。设置自己的密码之前，不能进行其他操作。",
    oldPassword: "当前密码",
    newPassword: "新密码",
    repeatPassword: "再次输入新密码",
    change: "修改密码",
    rule: {
        length: "至少 12 个字符",
        common: "不是常见密码",
        different: "与当前密码不同",
        same: "两次输入一致",
    },
    ruleMet: "已满足",
    ruleOpen: "尚未满足",
    violation: {
        PASSWORD_TOO_SHORT: "密码至少需要 12 个字符。",
        PASSWORD_TOO_COMMON: "该密码过于常见，容易被猜到，请换一个。",
        PASSWORD_UNCHANGED: "这是当前密码，请换一个。",
        PASSWORD_WRONG: "当前密码错误。",
        REPEAT_DIFFERS: "两次输入不一致。",
        FIELD_REQUIRED: "请填写此项。",
    },
    otherAccount: "使用其他账户",
};
