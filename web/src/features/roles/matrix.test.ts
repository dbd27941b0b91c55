import { describe, expect, it } from "vitest";
import { holdsRole, type MatrixRow, matrixOf, rowState, rowToggled, toggled } from "./matrix";

const permission = (name: string, held = true) => {
    const [module = "", operation = ""] = name.split(".");
    return { name, module, operation, methods: [], held };
};

const permissions = [
    permission("audit.export"),
    permission("audit.view"),
    permission("devices.delete", false),
    permission("devices.edit"),
    permission("devices.view"),
    permission("roles.edit"),
];
const matrix = matrixOf(permissions);
const row = (module: string) => matrix.rows.find((one) => one.module === module) as MatrixRow;
const cell = (name: string) => permissions.find((one) => one.name === name) as (typeof permissions)[number];

describe("the matrix", () => {
    it("has a row for each module, in the server's order", () => {
        expect(matrix.rows.map(({ module }) => module)).toEqual(["audit", "devices", "roles"]);
    });

    it("has a column for each operation, what is common to most modules first", () => {
        expect(matrix.operations).toEqual(["view", "edit", "delete", "export"]);
    });

    it("leaves a gap where a module has no such operation", () => {
        expect(row("audit").cells.map((one) => one?.name)).toEqual([
            "audit.view",
            undefined,
            undefined,
            "audit.export",
        ]);
    });

    it("takes an operation that this console has never heard of", () => {
        const wider = matrixOf([...permissions, permission("people.import")]);
        expect(wider.operations).toContain("import");
    });
});

describe("ticking a box", () => {
    it("brings seeing along", () => {
        expect([...toggled(row("devices"), cell("devices.edit"), new Set())].sort()).toEqual([
            "devices.edit",
            "devices.view",
        ]);
    });

    it("of a module that cannot be seen brings nothing along", () => {
        expect([...toggled(row("roles"), cell("roles.edit"), new Set())]).toEqual(["roles.edit"]);
    });

    it("again clears that box alone", () => {
        const chosen = new Set(["devices.edit", "devices.view"]);
        expect([...toggled(row("devices"), cell("devices.edit"), chosen)]).toEqual(["devices.view"]);
    });

    it("off for seeing clears the module, but never what the caller does not hold", () => {
        const chosen = new Set(["devices.delete", "devices.edit", "devices.view", "roles.edit"]);
        expect([...toggled(row("devices"), cell("devices.view"), chosen)]).toEqual(["devices.delete", "roles.edit"]);
    });

    it("that the caller does not hold changes nothing", () => {
        const chosen = new Set(["devices.view"]);
        expect(toggled(row("devices"), cell("devices.delete"), chosen)).toBe(chosen);
    });
});

describe("a whole row", () => {
    it("counts the boxes that can be changed", () => {
        expect(rowState(row("devices"), new Set())).toBe("none");
        expect(rowState(row("devices"), new Set(["devices.view"]))).toBe("some");
        expect(rowState(row("devices"), new Set(["devices.view", "devices.edit"]))).toBe("all");
    });

    it("is ticked, and cleared when it was ticked", () => {
        const all = rowToggled(row("devices"), new Set(["devices.view"]));
        expect([...all].sort()).toEqual(["devices.edit", "devices.view"]);
        expect([...rowToggled(row("devices"), all)]).toEqual([]);
    });
});

describe("a role", () => {
    it("is beyond whoever lacks one of its rights", () => {
        expect(holdsRole(permissions, { permissions: ["devices.edit"] })).toBe(true);
        expect(holdsRole(permissions, { permissions: ["devices.edit", "devices.delete"] })).toBe(false);
    });
});
