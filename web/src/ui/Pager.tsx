import { Pagination } from "antd";
import { useTranslation } from "react-i18next";
import { lastPage, TOTAL_CAP } from "#lib/paging";
import { PAGE_SIZES, type Paging } from "#lib/search";

interface PagerProps extends Paging {
    total: number;
    onChange: (paging: Paging) => void;
}

/** Pages of a list, with a jump to any of them. Totals beyond the server's cap read "10 000+". */
export function Pager({ page, size, total, onChange }: PagerProps) {
    const { t, i18n } = useTranslation("ui");
    if (total === 0) return null;
    const number = new Intl.NumberFormat(i18n.language);
    const shown = total > TOTAL_CAP ? t("moreThan", { total: number.format(TOTAL_CAP) }) : number.format(total);

    return (
        <Pagination
            className="pager"
            current={page}
            pageSize={size}
            total={Math.min(total, lastPage(total, size) * size)}
            pageSizeOptions={[...PAGE_SIZES]}
            showSizeChanger={{ "aria-label": t("perPage"), showSearch: false }}
            showQuickJumper={total > size}
            showLessItems
            responsive
            showTotal={(_, [from, to]) =>
                t("rows", { from: number.format(from), to: number.format(Math.min(to, total)), total: shown })
            }
            onChange={(nextPage, nextSize) => onChange({ page: nextSize === size ? nextPage : 1, size: nextSize })}
        />
    );
}
