import { type GrantState, grantStateNames } from "#api/gen/smartpass/v1/pass_http";
import { id, oneOf, type Paging, type Params, paging, text } from "#lib/search";

export interface GrantsSearch extends Paging {
    q: string;
    state: GrantState | "";
    person: string;
    device: string;
}

export const grantsSearch: Params<GrantsSearch> = {
    ...paging,
    q: text(32),
    state: oneOf(grantStateNames),
    person: id,
    device: id,
};
