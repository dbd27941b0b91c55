import { expect, it } from "vitest";
import { countdown, passwordRules } from "./rules";

it("counts characters, not bytes or halves of a surrogate pair", () => {
    expect(passwordRules("密码密码密码密码密码密码", "", "").length).toBe(true);
    expect(passwordRules("😀😀😀😀😀😀", "", "").length).toBe(false);
});

it("wants both entries the same, and neither empty", () => {
    expect(passwordRules("", "", "")).toEqual({ length: false, different: false, same: false });
    expect(passwordRules("correct horse", "correct horse", "123456")).toEqual({
        length: true,
        different: true,
        same: true,
    });
});

it("writes the time that is left", () => {
    expect(countdown(65)).toBe("1:05");
    expect(countdown(900)).toBe("15:00");
});
