import { describe, expect, it } from "vitest";
import type { User } from "#api/gen/smartpass/v1/users_http";
import type { Session } from "#api/session";
import { changeObstacle, endObstacle, holdsAll, resetObstacle } from "./standing";

const session = (change: Partial<Session> = {}) =>
    ({ userId: "1", superAdmin: false, groupAdministrator: false, permissions: ["users.edit"], ...change }) as Session;
const user = (change: Partial<User> = {}) =>
    ({ id: "2", groupAdministrator: false, external: false, ...change }) as User;

describe("what stands in the way", () => {
    it("is nothing between a normal user with the right and another normal user", () => {
        expect(endObstacle(session(), user())).toBeUndefined();
        expect(resetObstacle(session(), user())).toBeUndefined();
    });

    it("is oneself, for what ends an account, but not for one's own form", () => {
        expect(endObstacle(session(), user({ id: "1" }))).toBe("own");
        expect(changeObstacle(session(), user({ id: "1" }))).toBeUndefined();
    });

    it("is an administrator's standing, for whoever is none", () => {
        const administrator = user({ groupAdministrator: true });
        expect(changeObstacle(session(), administrator)).toBe("administrator");
        expect(changeObstacle(session({ groupAdministrator: true }), administrator)).toBeUndefined();
        expect(changeObstacle(session({ superAdmin: true }), administrator)).toBeUndefined();
    });

    it("is the provider, for a password that it has", () => {
        expect(resetObstacle(session({ groupAdministrator: true }), user({ external: true }))).toBe("external");
    });
});

describe("giving", () => {
    it("ends where one's own rights end", () => {
        expect(holdsAll(session(), ["users.edit"])).toBe(true);
        expect(holdsAll(session(), ["users.edit", "roles.edit"])).toBe(false);
        expect(holdsAll(session({ groupAdministrator: true }), ["roles.edit"])).toBe(true);
    });
});
