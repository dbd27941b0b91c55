import type { UseQueryResult } from "@tanstack/react-query";
import type { Paging } from "#lib/search";
import { DataTable, type DataTableProps } from "./DataTable";
import { Pager } from "./Pager";

interface PagedTableProps<Row> extends Omit<DataTableProps<Row>, "busy" | "error" | "onRetry"> {
    list: UseQueryResult<{ readonly totalSize: number }>;
    paging: Paging;
    onPaging: (paging: Paging) => void;
}

/** One page of a list as the server gave it, and the way to the others. */
export function PagedTable<Row>({ list, paging, onPaging, ...table }: PagedTableProps<Row>) {
    return (
        <>
            <DataTable
                {...table}
                busy={list.isPlaceholderData}
                error={list.error}
                onRetry={() => void list.refetch()}
            />
            <Pager page={paging.page} size={paging.size} total={list.data?.totalSize ?? 0} onChange={onPaging} />
        </>
    );
}
