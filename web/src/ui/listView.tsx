// How the reader wants to see a list: its columns, their order, and the rows of a page. Kept with the account.

import { Button, Checkbox, Popover } from "antd";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ListColumns } from "#api/gen/smartpass/v1/account_http";
import type { Preferences } from "#api/preferences";
import { choices, moved, shownColumns } from "#lib/columns";
import { DEFAULT_PAGE_SIZE, PAGE_SIZES, type Paging } from "#lib/search";
import type { Column } from "./DataTable";
import { ColumnsIcon, DownIcon, UpIcon } from "./icons";
import { useChangePreferences, usePreferences } from "./usePreferences";

export interface ListView<Row> {
    columns: readonly Column<Row>[];
    /** With the rows of a page that the address, the reader or else the console wants. */
    paging: Paging;
    /** Goes there, and remembers the rows of a page. */
    onPaging: (paging: Paging) => void;
    /** The button that chooses columns; belongs at the end of the list's toolbar. */
    chooser: ReactNode;
}

/** `name` is the list's in the account, and never changes. `paging` is the address's, with size 0 for the reader's own. */
export function useListView<Row>(
    name: string,
    columns: readonly Column<Row>[],
    paging: Paging,
    go: (paging: Paging) => void,
): ListView<Row> {
    const kept = listOf(usePreferences(), name);
    const changePreferences = useChangePreferences();
    const keep = (change: Partial<ListColumns>) => changePreferences((all) => withList(all, name, change));
    const ownSize = PAGE_SIZES.find((size) => size === kept.pageSize) ?? DEFAULT_PAGE_SIZE;
    return {
        columns: shownColumns(columns, kept.columns),
        paging: { page: paging.page, size: paging.size || ownSize },
        onPaging: (next) => {
            if (next.size !== ownSize) keep({ pageSize: next.size });
            go(next);
        },
        chooser: (
            <ColumnChooser
                columns={columns}
                chosen={kept.columns}
                onChoose={(chosen) => keep({ columns: [...chosen] })}
            />
        ),
    };
}

function listOf({ lists }: Preferences, name: string): ListColumns {
    return lists.find(({ list }) => list === name) ?? { list: name, columns: [], pageSize: 0 };
}

function withList(preferences: Preferences, name: string, change: Partial<ListColumns>): Preferences {
    const others = preferences.lists.filter(({ list }) => list !== name);
    return { ...preferences, lists: [...others, { ...listOf(preferences, name), ...change }] };
}

interface ColumnChooserProps<Row> {
    columns: readonly Column<Row>[];
    chosen: readonly string[];
    /** None: the console's own choice. */
    onChoose: (chosen: readonly string[]) => void;
}

function ColumnChooser<Row>({ columns, chosen, onChoose }: ColumnChooserProps<Row>) {
    const { t } = useTranslation("ui");
    const [open, setOpen] = useState(false);
    const opener = useRef<HTMLButtonElement>(null);
    const close = () => {
        setOpen(false);
        opener.current?.focus();
    };
    return (
        <Popover
            open={open}
            onOpenChange={setOpen}
            trigger="click"
            placement="bottomRight"
            destroyOnHidden
            content={<Choices columns={columns} chosen={chosen} onChoose={onChoose} onClose={close} />}
        >
            <Button
                ref={opener}
                className="column-chooser"
                icon={<ColumnsIcon />}
                aria-label={t("columns")}
                aria-expanded={open}
                aria-haspopup="dialog"
                title={t("columns")}
            />
        </Popover>
    );
}

function Choices<Row>({ columns, chosen, onChoose, onClose }: ColumnChooserProps<Row> & { onClose: () => void }) {
    const { t } = useTranslation("ui");
    const offered = choices(columns, chosen);
    const shown = offered.flatMap(({ column, shown: on }) => (on ? [column.key] : []));
    return (
        <div
            className="column-choices"
            role="dialog"
            aria-label={t("columns")}
            onKeyDown={(event) => event.key === "Escape" && onClose()}
        >
            <ul className="column-list">
                {offered.map(({ column: { key, title }, shown: on }) => (
                    <li key={key} className="column-item">
                        <Checkbox
                            checked={on}
                            disabled={on && shown.length === 1}
                            autoFocus={key === offered[0]?.column.key}
                            onChange={() => onChoose(on ? shown.filter((one) => one !== key) : [...shown, key])}
                        >
                            {title}
                        </Checkbox>
                        <Mover
                            label={t("columnUp", { name: title })}
                            possible={on && shown[0] !== key}
                            icon={<UpIcon size={12} />}
                            onMove={() => onChoose(moved(shown, key, -1))}
                        />
                        <Mover
                            label={t("columnDown", { name: title })}
                            possible={on && shown.at(-1) !== key}
                            icon={<DownIcon size={12} />}
                            onMove={() => onChoose(moved(shown, key, 1))}
                        />
                    </li>
                ))}
            </ul>
            <Button size="small" type="text" onClick={() => onChoose([])}>
                {t("columnsReset")}
            </Button>
        </div>
    );
}

interface MoverProps {
    label: string;
    possible: boolean;
    icon: ReactNode;
    onMove: () => void;
}

const Mover = ({ label, possible, icon, onMove }: MoverProps) => (
    <button
        type="button"
        className="icon-button column-mover"
        aria-label={label}
        aria-disabled={!possible}
        onClick={() => possible && onMove()}
    >
        {icon}
    </button>
);
