import { type GrantState, grantStateNames } from "#api/gen/smartpass/v1/pass_http";
import { id, oneOf, ownPaging, type Paging, type Params, text } from "#lib/search";

export interface GrantsSearch extends Paging {
    q: string;
    state: GrantState | "";
    person: string;
    device: string;
}

export const grantsSearch: Params<GrantsSearch> = {
    ...ownPaging,
    q: text(32),
    state: oneOf(grantStateNames),
    person: id,
    device: id,
};
