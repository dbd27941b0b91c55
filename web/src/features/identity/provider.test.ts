import { expect, it } from "vitest";
import { ApiError } from "#api/errors";
import { fieldProblems, fieldsOf, providerOf } from "./provider";

const provider = {
    enabled: true,
    name: "Contoso",
    issuer: "https://id.example",
    clientId: "smartpass",
    clientSecret: "",
    hasClientSecret: true,
    scopes: "",
    claim: "groups",
    mappings: [
        { value: "admins", enterpriseId: "1", groupId: "2", roleId: "0", groupAdministrator: true },
        { value: "*", enterpriseId: "1", groupId: "3", roleId: "9", groupAdministrator: false },
    ],
};

it("brings the settings through the form and back", () => {
    const { hasClientSecret: _, ...sent } = provider;
    expect(providerOf(fieldsOf(provider))).toEqual(sent);
});

it("sends no role with an administrator", () => {
    const fields = fieldsOf(provider);
    const [first] = fields.mappings;
    if (first) first.roleId = "9";
    expect(providerOf(fields).mappings[0]?.roleId).toBe("0");
});

it("finds the field of a mapping that was refused", () => {
    const error = new ApiError("INVALID_ARGUMENT", "", "", {}, [
        { field: "provider.mappings[1].group_id", reason: "GROUP_UNKNOWN", description: "There is no such group." },
        { field: "provider.issuer", reason: "PROVIDER_UNREACHABLE", description: "…" },
        { field: "provider.mappings[x].group_id", reason: "", description: "" },
        { field: "elsewhere", reason: "", description: "" },
    ]);
    expect(fieldProblems(error).map(({ name }) => name)).toEqual([["mappings", 1, "groupId"], "issuer"]);
});
