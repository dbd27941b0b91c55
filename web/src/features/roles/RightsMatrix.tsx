// Modules down, operations across. A box that the caller cannot give stays in its place, reachable, and says why.

import { Checkbox, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import type { Permission } from "#api/gen/smartpass/v1/users_http";
import { type MatrixRow, matrixOf, rowState, rowToggled, toggled } from "./matrix";
import { useRightWords } from "./useRightWords";

interface RightsMatrixProps {
    permissions: readonly Permission[];
    /** As antd's Form.Item hands it down. */
    value?: readonly string[];
    onChange?: (permissions: readonly string[]) => void;
}

export function RightsMatrix({ permissions, value = [], onChange }: RightsMatrixProps) {
    const { t } = useTranslation("roles");
    const words = useRightWords();
    const { operations, rows } = matrixOf(permissions);
    const chosen: ReadonlySet<string> = new Set(value);
    const change = (next: ReadonlySet<string>) => onChange?.([...next]);
    return (
        <>
            <div className="matrix-scroll">
                <table className="matrix">
                    <caption>
                        {t("form.matrix")}
                        <span className="meta">
                            {t("form.count", { count: value.length, all: permissions.length })}
                        </span>
                    </caption>
                    <thead>
                        <tr>
                            <th scope="col">{t("moduleColumn")}</th>
                            {operations.map((operation) => (
                                <th key={operation} scope="col" className="matrix-cell">
                                    {words.operation(operation)}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {rows.map((row) => (
                            <Row key={row.module} row={row} operations={operations} chosen={chosen} onChange={change} />
                        ))}
                    </tbody>
                </table>
            </div>
            <ul className="meta plain-notes">
                <li>{t("form.matrixHint")}</li>
                {permissions.some(({ held }) => !held) && <li>{t("form.notHeldNote")}</li>}
                <li>{t("form.never")}</li>
            </ul>
        </>
    );
}

interface RowProps {
    row: MatrixRow;
    operations: readonly string[];
    chosen: ReadonlySet<string>;
    onChange: (chosen: ReadonlySet<string>) => void;
}

function Row({ row, operations, chosen, onChange }: RowProps) {
    const { t } = useTranslation("roles");
    const words = useRightWords();
    const module = words.module(row.module);
    const state = rowState(row, chosen);
    const nothingHeld = !row.cells.some((cell) => cell?.held);
    return (
        <tr>
            <th scope="row">
                <Checkbox
                    aria-label={t("wholeModule", { module })}
                    checked={state === "all"}
                    indeterminate={state === "some"}
                    disabled={nothingHeld}
                    onChange={() => onChange(rowToggled(row, chosen))}
                >
                    {module}
                </Checkbox>
            </th>
            {row.cells.map((permission, index) => (
                <td key={operations[index]} className="matrix-cell">
                    {permission && (
                        <Box
                            label={t("cell", { module, operation: words.operation(permission.operation) })}
                            permission={permission}
                            checked={chosen.has(permission.name)}
                            onToggle={() => onChange(toggled(row, permission, chosen))}
                        />
                    )}
                </td>
            ))}
        </tr>
    );
}

interface BoxProps {
    label: string;
    permission: Permission;
    checked: boolean;
    onToggle: () => void;
}

function Box({ label, permission, checked, onToggle }: BoxProps) {
    const { t } = useTranslation("roles");
    if (permission.held) return <Checkbox aria-label={label} checked={checked} onChange={onToggle} />;
    return (
        <Tooltip title={t("form.notHeld")} trigger={["hover", "focus"]}>
            <Checkbox
                className="is-not-held"
                aria-label={`${label}. ${t("form.notHeld")}`}
                aria-disabled="true"
                checked={checked}
            />
        </Tooltip>
    );
}
