// The first two steps: whom, and where.

import { useQuery } from "@tanstack/react-query";
import { Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Device, listDevices } from "#api/gen/smartpass/v1/devices_http";
import { listEmployees } from "#api/gen/smartpass/v1/people_http";
import { listVisitors } from "#api/gen/smartpass/v1/visitors_http";
import { pageQuery } from "#api/query";
import { may, useSession } from "#api/session";
import { defaultsOf, pageRequest, paging } from "#lib/search";
import type { Selection } from "#ui/DataTable";
import type { PersonRef } from "#ui/grantWizard";
import { Notice } from "#ui/Notice";
import { PagedTable } from "#ui/PagedTable";
import { PersonPhoto } from "#ui/Photo";
import { Pill } from "#ui/Pill";
import { SearchBox } from "#ui/SearchBox";
import type { DeviceRef } from "./progress";

interface PickProps<Ref> {
    selection: Selection<Ref>;
    onSelect: (selection: Selection<Ref>) => void;
}

/** A dialog's own list: unlike a page's it does not belong into the address. */
function usePicking() {
    const [query, setQuery] = useState("");
    const [page, setPage] = useState({ ...defaultsOf(paging), size: 10 });
    const search = (next: string) => {
        setQuery(next);
        setPage((now) => ({ ...now, page: 1 }));
    };
    return { query, search, page, setPage, request: { ...pageRequest(page), query } };
}

const KINDS = ["employees", "visitors"] as const;
const LISTS = { employees: listEmployees, visitors: listVisitors };

export function PeopleStep({ selection, onSelect }: PickProps<PersonRef>) {
    const { t } = useTranslation("grants");
    const session = useSession();
    const kinds = KINDS.filter((kind) => may(session, LISTS[kind]));
    const [kind, setKind] = useState(kinds[0] ?? "employees");
    const picking = usePicking();
    const employees = useQuery({ ...pageQuery(listEmployees, picking.request), enabled: kind === "employees" });
    const visitors = useQuery({ ...pageQuery(listVisitors, picking.request), enabled: kind === "visitors" });
    const list = kind === "employees" ? employees : visitors;
    const rows: readonly PersonRef[] | undefined =
        kind === "employees" ? employees.data?.employees : visitors.data?.visitors;
    return (
        <>
            {kinds.length > 1 && (
                <Radio.Group
                    className="wizard-kinds"
                    aria-label={t("column.kind")}
                    value={kind}
                    onChange={(event) => {
                        setKind(event.target.value);
                        picking.search(picking.query);
                    }}
                    options={kinds.map((value) => ({ value, label: t(`wizard.kinds.${value}`) }))}
                />
            )}
            <SearchBox label={t("wizard.searchPeople")} value={picking.query} onChange={picking.search} />
            <PagedTable<PersonRef>
                label={t("wizard.people")}
                columns={[
                    {
                        key: "person",
                        title: t("column.person"),
                        lead: true,
                        render: (person) => <PersonCell person={person} />,
                    },
                ]}
                rows={rows}
                rowKey={(person) => person.id}
                rowName={(person) => person.name}
                list={list}
                paging={picking.page}
                onPaging={picking.setPage}
                selection={selection}
                onSelect={onSelect}
                empty={<Notice title={t("wizard.noPeople")} />}
            />
        </>
    );
}

function PersonCell({ person }: { person: PersonRef }) {
    const { t } = useTranslation("grants");
    return (
        <div className="person">
            <PersonPhoto photoId={person.photoId} />
            <div>
                <span className="row-name">{person.name}</span>
                <span className="meta">{person.number}</span>
            </div>
            {person.photoId === "0" && <Pill tone="warn">{t("wizard.noPhoto")}</Pill>}
        </div>
    );
}

const isOnline = (device: Device) => device.state === "DEVICE_STATE_ONLINE";

export function DevicesStep({ selection, onSelect }: PickProps<DeviceRef>) {
    const { t } = useTranslation("grants");
    const picking = usePicking();
    const list = useQuery(pageQuery(listDevices, picking.request));
    const rows = list.data?.devices.map((device) => ({
        id: device.id,
        name: device.name,
        online: isOnline(device),
    }));
    return (
        <>
            <SearchBox label={t("wizard.searchDevices")} value={picking.query} onChange={picking.search} />
            <PagedTable<DeviceRef>
                label={t("wizard.devices")}
                columns={[
                    {
                        key: "device",
                        title: t("column.device"),
                        lead: true,
                        render: (device) => <span className="row-name">{device.name}</span>,
                    },
                    {
                        key: "state",
                        title: t("column.state"),
                        render: ({ online }) => (
                            <Pill tone={online ? "ok" : "warn"}>{t(online ? "wizard.online" : "wizard.queued")}</Pill>
                        ),
                    },
                ]}
                rows={rows}
                rowKey={(device) => device.id}
                rowName={(device) => device.name}
                list={list}
                paging={picking.page}
                onPaging={picking.setPage}
                selection={selection}
                onSelect={onSelect}
                empty={<Notice title={t("wizard.noDevices")} />}
            />
        </>
    );
}
