// Every address of the console. Routes are constants of their own: only then does a wrong path or a misspelt search
// parameter fail to compile.

import type { QueryClient } from "@tanstack/react-query";
import {
    createRootRouteWithContext,
    createRoute,
    createRouter,
    lazyRouteComponent,
    Outlet,
    redirect,
    type SearchSchemaInput,
} from "@tanstack/react-router";
import { isSessionLost } from "#api/errors";
import { sessionQuery } from "#api/session";
import { formatQuery, oneOf, type Params, parseQuery, readSearch, withoutDefaults } from "#lib/search";
import { accountSearch } from "../features/account/search";
import { alarmsSearch } from "../features/alarms/search";
import { auditSearch } from "../features/audit/search";
import { deviceSearch, devicesSearch } from "../features/devices/search";
import { enterprisesSearch } from "../features/enterprises/search";
import { grantsSearch } from "../features/grants/search";
import { groupsSearch } from "../features/groups/search";
import { operationsSearch } from "../features/operations/search";
import { packagesSearch, rolloutsSearch } from "../features/packages/search";
import { passesSearch } from "../features/passes/search";
import { employeesSearch, erasuresSearch, peopleSearch } from "../features/people/search";
import { rolesSearch } from "../features/roles/search";
import { externalSearch, loginSearch } from "../features/session/search";
import { usersSearch } from "../features/users/search";
import { BrokenPage, MissingPage } from "./Fallbacks";
import { PublicFrame } from "./PublicFrame";
import { homeOf } from "./pages";
import { Shell } from "./Shell";

interface RouterContext {
    readonly queryClient: QueryClient;
}

/** Reads a route's search parameters by their descriptions and keeps defaults out of the address. */
function searchOf<S extends object>(params: Params<S>) {
    return {
        validateSearch: (raw: Partial<S> & SearchSchemaInput): S => readSearch(params, raw as Record<string, unknown>),
        search: {
            middlewares: [
                <X,>({ search, next }: { search: X; next: (search: X) => X }): X =>
                    withoutDefaults(params, next(search)),
            ],
        },
    };
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
    component: Outlet,
    notFoundComponent: MissingPage,
});

const publicRoute = createRoute({
    getParentRoute: () => rootRoute,
    id: "public",
    component: PublicFrame,
});

const loginRoute = createRoute({
    getParentRoute: () => publicRoute,
    path: "/login",
    ...searchOf(loginSearch),
    component: lazyRouteComponent(() => import("../features/session/LoginPage"), "LoginPage"),
});

const externalRoute = createRoute({
    getParentRoute: () => publicRoute,
    path: "/sign-in/external",
    ...searchOf(externalSearch),
    component: lazyRouteComponent(() => import("../features/session/ExternalPage"), "ExternalPage"),
});

const shellSearch = { grant: oneOf(["new"]) };

const shellRoute = createRoute({
    getParentRoute: () => rootRoute,
    id: "shell",
    ...searchOf(shellSearch),
    beforeLoad: async ({ context, location }) => {
        const signIn = redirect({ to: "/login", search: { next: location.href } });
        const session = await context.queryClient.ensureQueryData(sessionQuery()).catch((error: unknown) => {
            if (isSessionLost(error)) throw signIn;
            throw error;
        });
        if (session.mustChangePassword) throw signIn;
    },
    component: Shell,
    errorComponent: BrokenPage,
    notFoundComponent: MissingPage,
});

const consoleRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/",
    // The console is not for everybody, and the address without a page is everybody's first.
    beforeLoad: async ({ context }) => {
        const home = homeOf(await context.queryClient.ensureQueryData(sessionQuery()));
        if (home !== "/") throw redirect({ to: home, replace: true });
    },
    component: lazyRouteComponent(() => import("../features/console/ConsolePage"), "ConsolePage"),
});

const devicesRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/devices",
    ...searchOf(devicesSearch),
    component: lazyRouteComponent(() => import("../features/devices/DevicesPage"), "DevicesPage"),
});

const deviceRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/devices/$id",
    ...searchOf(deviceSearch),
    component: lazyRouteComponent(() => import("../features/devices/DevicePage"), "DevicePage"),
});

const alarmsRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/alarms",
    ...searchOf(alarmsSearch),
    component: lazyRouteComponent(() => import("../features/alarms/AlarmsPage"), "AlarmsPage"),
});

const packagesRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/packages",
    ...searchOf(packagesSearch),
    component: lazyRouteComponent(() => import("../features/packages/PackagesPage"), "PackagesPage"),
});

const rolloutsRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/rollouts",
    ...searchOf(rolloutsSearch),
    component: lazyRouteComponent(() => import("../features/packages/RolloutsPage"), "RolloutsPage"),
});

const employeesRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/employees",
    ...searchOf(employeesSearch),
    component: lazyRouteComponent(() => import("../features/people/pages"), "EmployeesPage"),
});

const visitorsRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/visitors",
    ...searchOf(peopleSearch),
    component: lazyRouteComponent(() => import("../features/people/pages"), "VisitorsPage"),
});

const blacklistRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/blacklist",
    ...searchOf(peopleSearch),
    component: lazyRouteComponent(() => import("../features/people/pages"), "BlacklistPage"),
});

const erasuresRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/erasures",
    ...searchOf(erasuresSearch),
    component: lazyRouteComponent(() => import("../features/people/ErasuresPage"), "ErasuresPage"),
});

const passesRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/passes",
    ...searchOf(passesSearch),
    component: lazyRouteComponent(() => import("../features/passes/PassesPage"), "PassesPage"),
});

const grantsRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/grants",
    ...searchOf(grantsSearch),
    component: lazyRouteComponent(() => import("../features/grants/GrantsPage"), "GrantsPage"),
});

const groupsRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/groups",
    ...searchOf(groupsSearch),
    component: lazyRouteComponent(() => import("../features/groups/GroupsPage"), "GroupsPage"),
});

const usersRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/users",
    ...searchOf(usersSearch),
    component: lazyRouteComponent(() => import("../features/users/UsersPage"), "UsersPage"),
});

const rolesRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/roles",
    ...searchOf(rolesSearch),
    component: lazyRouteComponent(() => import("../features/roles/RolesPage"), "RolesPage"),
});

const enterprisesRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/enterprises",
    ...searchOf(enterprisesSearch),
    component: lazyRouteComponent(() => import("../features/enterprises/EnterprisesPage"), "EnterprisesPage"),
});

const operationsRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/operations",
    ...searchOf(operationsSearch),
    component: lazyRouteComponent(() => import("../features/operations/OperationsPage"), "OperationsPage"),
});

const auditRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/audit",
    ...searchOf(auditSearch),
    component: lazyRouteComponent(() => import("../features/audit/AuditPage"), "AuditPage"),
});

const accountRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/account",
    ...searchOf(accountSearch),
    component: lazyRouteComponent(() => import("../features/account/AccountPage"), "AccountPage"),
});

const identityRoute = createRoute({
    getParentRoute: () => shellRoute,
    path: "/identity",
    component: lazyRouteComponent(() => import("../features/identity/IdentityPage"), "IdentityPage"),
});

const routeTree = rootRoute.addChildren([
    publicRoute.addChildren([loginRoute, externalRoute]),
    shellRoute.addChildren([
        consoleRoute,
        devicesRoute,
        deviceRoute,
        alarmsRoute,
        packagesRoute,
        rolloutsRoute,
        employeesRoute,
        visitorsRoute,
        blacklistRoute,
        erasuresRoute,
        passesRoute,
        grantsRoute,
        groupsRoute,
        usersRoute,
        rolesRoute,
        enterprisesRoute,
        operationsRoute,
        auditRoute,
        accountRoute,
        identityRoute,
    ]),
]);

export function createAppRouter(queryClient: QueryClient) {
    return createRouter({
        routeTree,
        context: { queryClient },
        parseSearch: parseQuery,
        stringifySearch: formatQuery,
        defaultPreload: "intent",
        defaultErrorComponent: BrokenPage,
        defaultNotFoundComponent: MissingPage,
        scrollRestoration: true,
    });
}

declare module "@tanstack/react-router" {
    interface Register {
        router: ReturnType<typeof createAppRouter>;
    }
}
