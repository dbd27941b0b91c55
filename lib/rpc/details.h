/* The details of a failed call: google.rpc.Status with ErrorInfo and BadRequest, as grpc-status-details-bin carries
 * them. Collected on the server while a call runs, read on the client. */
#pragma once

#include <grpc/slice.h>

#include "rpc.h"

typedef struct details_violation details_violation;
typedef struct details_fact details_fact;

/* All zero to begin with. */
typedef struct {
    details_violation *violations;
    details_violation **violations_end;
    size_t violation_count;
    details_fact *facts;
    details_fact **facts_end;
    size_t fact_count;
    size_t bytes; /* of text so far */
} call_details;

/* The texts are borrowed until the details are packed. What would not fit into the trailing metadata of an answer any
 * more is left out. */
void details_add_violation(call_details *details, arena *a, const char *field, const char *reason,
                           const char *description);
void details_add_fact(call_details *details, arena *a, const char *key, const char *value);

/* The packed google.rpc.Status; false when memory is out. The domain tells whose reasons these are. The caller unrefs
 * the slice. */
bool details_pack(const call_details *details, sp_status status, const char *domain, grpc_slice *ret_slice);

/* The reason of the ErrorInfo in a packed google.rpc.Status, malloc'd; NULL when there is none or memory is out. */
char *details_reason(const uint8_t *bytes, size_t size);
