/* What is decided about operations. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "smartpass/v1/operations.pb-c.h"
#include "status.h"

enum { OPERATION_ATTEMPTS_MAX = 5 };

/* Who looks at operations of his enterprise. */
typedef struct {
    int64_t user_id;
    bool sees_all; /* an administrator of the whole enterprise */
} operation_viewer;

/* Everybody sees what he started himself, and an administrator of the enterprise what anybody did. Who sees an
 * operation may cancel and dismiss it. */
bool operation_visible(const operation_viewer *viewer, int64_t operator_user_id);

typedef struct {
    bool back;   /* to the queue; else it ends */
    bool counts; /* back, and this was one of its attempts */
    Smartpass__V1__OperationState state;
    sp_status error; /* when it failed */
} operation_ending;

/* What becomes of an operation whose kind returned so at this attempt (the first is 1). */
operation_ending operation_end(sp_status outcome, bool resumable, int attempt);
