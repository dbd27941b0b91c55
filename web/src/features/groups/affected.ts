// What the rest of the console keeps of groups: all of it is read anew when the tree has changed.

import { getBlacklistEntry, listBlacklistEntries } from "#api/gen/smartpass/v1/blacklist_http";
import { getDevice, listDevices } from "#api/gen/smartpass/v1/devices_http";
import { getGroupContent, listGroups, listSections } from "#api/gen/smartpass/v1/org_http";
import { getEmployee, listEmployees } from "#api/gen/smartpass/v1/people_http";
import { getUser, listUsers } from "#api/gen/smartpass/v1/users_http";
import { getVisitor, listVisitors } from "#api/gen/smartpass/v1/visitors_http";

export const affectedByGroups = [
    listGroups,
    listSections,
    getGroupContent,
    listUsers,
    getUser,
    listDevices,
    getDevice,
    listEmployees,
    getEmployee,
    listVisitors,
    getVisitor,
    listBlacklistEntries,
    getBlacklistEntry,
];
