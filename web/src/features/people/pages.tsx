// The three lists of people, each at its own address.

import "./words";
import "./people.css";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { BulkImport } from "./BulkImport";
import { BLACKLIST, EMPLOYEES, VISITORS } from "./kinds";
import { PeoplePage } from "./PeoplePage";

const employees = getRouteApi("/shell/employees");
const visitors = getRouteApi("/shell/visitors");
const blacklist = getRouteApi("/shell/blacklist");

const ImportWizard = lazy(() => import("./ImportWizard"));

export function EmployeesPage() {
    const search = employees.useSearch();
    const navigate = employees.useNavigate();
    const openImport = (what: typeof search.import, run = "") =>
        void navigate({ search: (now) => ({ ...now, import: what, run }), replace: run !== "" });
    return (
        <>
            <PeoplePage
                kind={EMPLOYEES}
                search={search}
                go={(change, replace = false) => void navigate({ search: (now) => ({ ...now, ...change }), replace })}
                actions={<BulkImport onOpen={openImport} />}
            />
            {search.import !== "" && (
                <Suspense fallback={null}>
                    <ImportWizard
                        key={search.import}
                        what={search.import}
                        run={search.run}
                        onRun={(run) => openImport(search.import, run)}
                        onNext={(next) => openImport(next)}
                        onClose={() => openImport("")}
                    />
                </Suspense>
            )}
        </>
    );
}

export function VisitorsPage() {
    const navigate = visitors.useNavigate();
    return (
        <PeoplePage
            kind={VISITORS}
            search={visitors.useSearch()}
            go={(change, replace = false) => void navigate({ search: (now) => ({ ...now, ...change }), replace })}
        />
    );
}

export function BlacklistPage() {
    const navigate = blacklist.useNavigate();
    return (
        <PeoplePage
            kind={BLACKLIST}
            search={blacklist.useSearch()}
            go={(change, replace = false) => void navigate({ search: (now) => ({ ...now, ...change }), replace })}
        />
    );
}
