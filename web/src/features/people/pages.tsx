// The three lists of people, each at its own address.

import "./words";
import "./people.css";
import { getRouteApi } from "@tanstack/react-router";
import { BLACKLIST, EMPLOYEES, VISITORS } from "./kinds";
import { PeoplePage } from "./PeoplePage";

const employees = getRouteApi("/shell/employees");
const visitors = getRouteApi("/shell/visitors");
const blacklist = getRouteApi("/shell/blacklist");

export function EmployeesPage() {
    const navigate = employees.useNavigate();
    return (
        <PeoplePage
            kind={EMPLOYEES}
            search={employees.useSearch()}
            go={(change, replace = false) => void navigate({ search: (now) => ({ ...now, ...change }), replace })}
        />
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
