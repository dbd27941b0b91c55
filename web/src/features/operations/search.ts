import { type OperationState, operationStateNames } from "#api/gen/smartpass/v1/operations_http";
import { id, oneOf, ownPaging, type Paging, type Params } from "#lib/search";

export interface OperationsSearch extends Paging {
    state: OperationState | "";
    /** The operation whose details are open. */
    show: string;
}

export const operationsSearch: Params<OperationsSearch> = { ...ownPaging, state: oneOf(operationStateNames), show: id };
