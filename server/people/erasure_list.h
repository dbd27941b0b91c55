/* The list of erasures: who was erased, in files beside the database, so that a database restored from an older backup
 * does not bring anybody back. It holds ids and times, nothing else.
 *
 * A folder with one file for each server of the installation ("0.list"), which is only ever appended to: a line for
 * each person, closed by a MAC under a key that is derived from the master key, so that nobody without it can have
 * people erased. A line that a crash cut short is no line; it is written again, because its receipt was not marked. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "seal.h"
#include "status.h"

SP_STATUS(ERASURES_FOREIGN, SP_FAILED_PRECONDITION,
          "The list of erasures was written with another master key, or altered; bring the right ones back.");
SP_STATUS(ERASURES_UNREADABLE, SP_FAILED_PRECONDITION, "The list of erasures cannot be read.");
SP_STATUS(ERASURES_UNWRITABLE, SP_UNAVAILABLE, "The list of erasures cannot be written.");

typedef struct erasure_list erasure_list;

typedef struct {
    int64_t enterprise_id;
    int64_t person_id;
    int64_t erased_ms;
} erasure_entry;

/* Makes the folder (mode 0700) when it is missing. node names our own file. NULL when memory is out or there can be no
 * such folder; errno tells. */
erasure_list *erasure_list_new(const char *folder, int node, const uint8_t master[SEAL_KEY_SIZE]);
void erasure_list_free(erasure_list *list); /* accepts NULL */

/* Appends to our file; all of them are on the disk when it returns. [any thread] */
sp_status erasure_list_add(erasure_list *list, const erasure_entry *entries, size_t count) SP_MUST_USE;

/* Everybody on the list, of all servers, sorted by enterprise and person, each once, with the earliest time.
 * *ret_entries is the caller's to free, NULL when there is nobody. detail gets 512 bytes and says more after a
 * failure. */
sp_status erasure_list_read(const erasure_list *list, erasure_entry **ret_entries, size_t *ret_count,
                            char *detail) SP_MUST_USE;

/* By enterprise and person. */
int erasure_entry_compare(const void *a, const void *b);
