import { useTranslation } from "react-i18next";
import { type Display, deleteDisplay, updateDisplay } from "#api/gen/smartpass/v1/displays_http";
import type { Column } from "#ui/DataTable";
import { useBlockReason } from "#ui/GuardedButton";
import { Pill } from "#ui/Pill";
import { RowMenu } from "#ui/RowMenu";
import { useTimes } from "#ui/useTimes";
import { pictureOf, toneOf, unseenOf } from "./displays";

interface Actions {
    onEdit: (display: Display) => void;
    onRemove: (display: Display) => void;
}

export function useDisplayColumns({ onEdit, onRemove }: Actions): readonly Column<Display>[] {
    const { t } = useTranslation("displays");
    const names = useNames();
    const reason = useBlockReason();
    return [
        {
            key: "picture",
            title: t("column.picture"),
            lead: true,
            render: (display) => (
                <img
                    className="display-thumb"
                    src={pictureOf(display)}
                    alt={t("pictureFor", { names: names(display) })}
                    loading="lazy"
                    decoding="async"
                />
            ),
        },
        { key: "people", title: t("column.people"), render: (display) => names(display) },
        { key: "seconds", title: t("column.seconds"), render: ({ seconds }) => t("secondsOf", { count: seconds }) },
        { key: "state", title: t("column.state"), render: (display) => <DisplayStateCell display={display} /> },
        { key: "changed", title: t("column.changed"), render: ({ updateTime }) => <At instant={updateTime} /> },
        {
            key: "actions",
            title: t("edit"),
            quiet: true,
            render: (display) => (
                <RowMenu
                    name={t("pictureFor", { names: names(display) })}
                    actions={[
                        {
                            key: "edit",
                            label: t("edit"),
                            blocked: reason({ call: updateDisplay }),
                            run: () => onEdit(display),
                        },
                        {
                            key: "remove",
                            label: t("remove"),
                            danger: true,
                            blocked: reason({ call: deleteDisplay }),
                            run: () => onRemove(display),
                        },
                    ]}
                />
            ),
        },
    ];
}

const MOST_NAMES = 4;

/** "Ann, Bob and 3 more". */
function useNames(): (display: Display) => string {
    const { t } = useTranslation("displays");
    return (display) => {
        const all = [...(display.strangers ? [t("strangers")] : []), ...display.people.map(({ name }) => name)];
        const unseen = unseenOf(display);
        const shown = all.slice(0, MOST_NAMES).join(", ");
        const more = all.length - Math.min(all.length, MOST_NAMES) + unseen;
        if (all.length === 0) return unseen > 0 ? t("unseen", { count: unseen }) : t("nobody");
        return more > 0 ? t("andMore", { names: shown, count: more }) : shown;
    };
}

function DisplayStateCell({ display: { state, reason } }: { display: Display }) {
    const { t, i18n } = useTranslation("displays");
    const why = i18n.exists(`reason.${reason}`, { ns: "displays" }) ? t(`reason.${reason as "NO_SPACE"}`) : reason;
    return (
        <div className="stack">
            <Pill tone={toneOf[state]}>{t(`state.${state}`)}</Pill>
            {state === "DISPLAY_STATE_REFUSED" && <span className="meta">{why}</span>}
            {state === "DISPLAY_STATE_UNSPECIFIED" && <span className="meta">{t("unspecifiedHint")}</span>}
        </div>
    );
}

function At({ instant }: { instant: string | undefined }) {
    const times = useTimes();
    return instant ? <time dateTime={instant}>{times.dateTime(instant)}</time> : null;
}
