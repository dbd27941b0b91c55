// The provider's settings as a form shows them, and where in the form a refusal belongs.

import { ApiError, type Violation } from "#api/errors";
import type { IdentityMapping, IdentityProvider } from "#api/gen/smartpass/v1/session_http";

export interface MappingFields {
    value: string;
    enterpriseId: string;
    groupId: string;
    /** "": none, for a group administrator. */
    roleId: string;
    administrator: boolean;
}

export interface ProviderFields {
    enabled: boolean;
    name: string;
    issuer: string;
    clientId: string;
    /** "": the present one stays. */
    clientSecret: string;
    scopes: string;
    claim: string;
    mappings: MappingFields[];
}

export const fieldsOf = (provider: IdentityProvider): ProviderFields => ({
    enabled: provider.enabled,
    name: provider.name,
    issuer: provider.issuer,
    clientId: provider.clientId,
    clientSecret: "",
    scopes: provider.scopes,
    claim: provider.claim,
    mappings: provider.mappings.map(mappingFields),
});

const mappingFields = (mapping: IdentityMapping): MappingFields => ({
    value: mapping.value,
    enterpriseId: mapping.enterpriseId,
    groupId: mapping.groupId === "0" ? "" : mapping.groupId,
    roleId: mapping.roleId === "0" ? "" : mapping.roleId,
    administrator: mapping.groupAdministrator,
});

export const providerOf = ({ mappings, ...fields }: ProviderFields) => ({
    ...fields,
    mappings: mappings.map(({ value, enterpriseId, groupId, roleId, administrator }) => ({
        value: value.trim(),
        enterpriseId: enterpriseId || "0",
        groupId: groupId || "0",
        // Whoever administrates a group has no role.
        roleId: administrator ? "0" : roleId || "0",
        groupAdministrator: administrator,
    })),
});

type Name = keyof ProviderFields | readonly ["mappings", number, keyof MappingFields];

export interface FieldProblem extends Pick<Violation, "reason" | "description"> {
    readonly name: Name;
}

const FIELDS: Readonly<Record<string, keyof ProviderFields>> = {
    "provider.name": "name",
    "provider.issuer": "issuer",
    "provider.client_id": "clientId",
    "provider.client_secret": "clientSecret",
    "provider.scopes": "scopes",
    "provider.claim": "claim",
};

const MAPPING_FIELDS: Readonly<Record<string, keyof MappingFields>> = {
    value: "value",
    enterprise_id: "enterpriseId",
    group_id: "groupId",
    role_id: "roleId",
};

export function fieldProblems(error: unknown): readonly FieldProblem[] {
    if (!(error instanceof ApiError)) return [];
    return error.violations.flatMap(({ field, reason, description }) => {
        const name = FIELDS[field] ?? mappingName(field);
        return name ? [{ name, reason, description }] : [];
    });
}

/** "provider.mappings[2].group_id" → ["mappings", 2, "groupId"]. */
function mappingName(field: string): Name | undefined {
    const [, index, inner] = field.match(/^provider\.mappings\[(\d+)\]\.(\w+)$/) ?? [];
    const name = MAPPING_FIELDS[inner ?? ""];
    return name && ["mappings", Number(index), name];
}
