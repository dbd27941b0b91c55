import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Change, differenceOf, type FieldChange } from "./difference";

/** A table of fields: what changed stands out, the rest can be shown. */
export function Changes({ before, after }: { before: string; after: string }) {
    const { t } = useTranslation("audit");
    const [all, setAll] = useState(false);
    const fields = differenceOf(before, after);
    const same = fields.filter(({ change }) => change === "same").length;
    const shown = all ? fields : fields.filter(({ change }) => change !== "same");
    return (
        <section aria-labelledby="audit-changes">
            <h2 id="audit-changes" className="section-title">
                {t("changes")}
            </h2>
            {shown.length === 0 ? <p className="meta">{t("noChange")}</p> : <Fields fields={shown} />}
            {same > 0 && (
                <button type="button" className="text-button" onClick={() => setAll(!all)}>
                    {all ? t("hideSame") : t("showSame", { count: same })}
                </button>
            )}
        </section>
    );
}

function Fields({ fields }: { fields: readonly FieldChange[] }) {
    const { t } = useTranslation("audit");
    return (
        <div className="table-scroll">
            <table className="table table-compact difference">
                <thead>
                    <tr>
                        <th scope="col">{t("field")}</th>
                        <th scope="col">{t("before")}</th>
                        <th scope="col">{t("after")}</th>
                    </tr>
                </thead>
                <tbody>
                    {fields.map(({ path, change, before, after }) => (
                        <tr key={path} className={`is-${change}`}>
                            <th scope="row">
                                <code>{path || "–"}</code>
                                <span className="meta">{t(`change.${change}`)}</span>
                            </th>
                            <td>{wasThere(change) && <Before text={before} change={change} />}</td>
                            <td>{isThere(change) && <After text={after} change={change} />}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

const wasThere = (change: Change) => change !== "added";
const isThere = (change: Change) => change !== "removed";

const Before = ({ text, change }: { text: string; change: Change }) =>
    change === "same" ? <span>{text}</span> : <del>{text}</del>;

const After = ({ text, change }: { text: string; change: Change }) =>
    change === "same" ? <span>{text}</span> : <ins>{text}</ins>;
