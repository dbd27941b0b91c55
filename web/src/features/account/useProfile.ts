import { useQuery } from "@tanstack/react-query";
import { getProfile } from "#api/gen/smartpass/v1/account_http";
import { query } from "#api/query";

/** Anew each time: another browser of the same account may have changed it. */
export const useProfile = () => useQuery({ ...query(getProfile, {}), staleTime: 0 });
