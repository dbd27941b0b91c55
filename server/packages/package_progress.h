/* What terminals are offered and what becomes of it, as whoever holds a terminal's stream sees it (role system). Each
 * function is one transaction. [any thread] */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "packages.h"

typedef struct {
    int64_t rollout_id; /* 0: nothing is offered */
    int64_t package_id;
    char version[32];
    int64_t size; /* bytes of the file */
    uint8_t sha256[32];
    bool force;
} package_offer;

sp_status package_offer_find(server_packages *packages, int64_t enterprise_id, int64_t device_id,
                             package_offer *ret_offer) SP_MUST_USE;

/* The offered package's file, for reading; the caller closes it. */
sp_status package_offer_open(server_packages *packages, const package_offer *offer, int *ret_fd) SP_MUST_USE;

/* Which terminal of which rollout. */
typedef struct {
    int64_t enterprise_id, rollout_id, device_id;
} package_target;

/* So much has been fetched. ret_wanted is false when it is not offered any more. */
sp_status package_fetching(server_packages *packages, const package_target *target, int64_t received,
                           bool *ret_wanted) SP_MUST_USE;

sp_status package_trying(server_packages *packages, const package_target *target) SP_MUST_USE;

/* reason NULL: the new version works. What follows for the rollout follows in the same transaction. */
sp_status package_ended(server_packages *packages, const package_target *target, const char *reason) SP_MUST_USE;
