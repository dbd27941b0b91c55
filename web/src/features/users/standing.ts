// What stands between the caller and a user. The server decides again; this only explains beforehand.

import type { User } from "#api/gen/smartpass/v1/users_http";
import type { Session } from "#api/session";

export type Obstacle = "own" | "administrator" | "external";

export const isAdministrator = (session: Session) => session.superAdmin || session.groupAdministrator;

/** An administrator is changed by administrators alone. */
export const changeObstacle = (session: Session, user: User): Obstacle | undefined =>
    user.groupAdministrator && !isAdministrator(session) ? "administrator" : undefined;

/** Nobody disables or deletes himself. */
export const endObstacle = (session: Session, user: User): Obstacle | undefined =>
    user.id === session.userId ? "own" : changeObstacle(session, user);

export const resetObstacle = (session: Session, user: User): Obstacle | undefined =>
    user.external ? "external" : endObstacle(session, user);

/** Whether the caller has everything that the role gives; nobody gives more than he has. */
export const holdsAll = (session: Session, permissions: readonly string[]) =>
    isAdministrator(session) || permissions.every((permission) => session.permissions.includes(permission));
