// Any page can open the wizard that grants passes. The address says that it is open; whom it is about travels in the
// history entry, because a thousand identifiers do not fit into an address.

import { useNavigate } from "@tanstack/react-router";

export interface PersonRef {
    readonly id: string;
    readonly name: string;
    readonly number: string;
    readonly photoId: string;
}

declare module "@tanstack/react-router" {
    interface HistoryState {
        grantPeople?: readonly PersonRef[];
    }
}

export function useOpenGrantWizard(): (people: readonly PersonRef[]) => void {
    const navigate = useNavigate();
    return (people) =>
        void navigate({
            to: ".",
            search: (search: object) => ({ ...search, grant: "new" as const }),
            state: { grantPeople: people.map(({ id, name, number, photoId }) => ({ id, name, number, photoId })) },
        });
}
