import type { Translation } from "#lib/translation";
import type { en } from "./firstPassword.en";

export const zh: Translation<typeof en> = {
    label: "初始密码",
    random: "随机一次性密码，仅显示一次",
    chosen: "自行设定",
    password: "密码",
    hint: "首次登录时必须修改。",
    tooShort: "密码至少需要 12 个字符。",
    title: "{{name}} 的初始密码",
    shownOnce: "仅显示这一次，之后无法再查看。首次登录时必须修改。",
    value: "一次性密码",
    expires: "有效期至 {{time}}",
    done: "已转交",
};
