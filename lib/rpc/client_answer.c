/* How a call ended, as its caller sees it. */
#include <grpc/slice.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "details.h"

static char *copy_slice(grpc_slice slice)
{
    return strndup((const char *)GRPC_SLICE_START_PTR(slice), GRPC_SLICE_LENGTH(slice));
}

static void take_details(rpc_answer *answer, grpc_slice value)
{
    size_t size = GRPC_SLICE_LENGTH(value);
    uint8_t *copy = malloc(size + 1);

    if (copy == NULL || answer->details != NULL) {
        free(copy);
        return;
    }
    memcpy(copy, GRPC_SLICE_START_PTR(value), size);
    answer->details = copy;
    answer->details_size = size;
    answer->reason = details_reason(copy, size);
}

static void take_trailing(rpc_answer *answer, const grpc_metadata_array *trailing)
{
    answer->trailing = calloc(trailing->count + 1, sizeof *answer->trailing);
    for (size_t i = 0; i < trailing->count; i++) {
        const grpc_metadata *entry = &trailing->metadata[i];

        if (grpc_slice_str_cmp(entry->key, "grpc-status-details-bin") == 0) {
            take_details(answer, entry->value);
            continue;
        }
        if (answer->trailing == NULL)
            continue;

        rpc_metadatum copy = {copy_slice(entry->key), copy_slice(entry->value)};

        if (copy.key == NULL || copy.value == NULL) {
            free((char *)copy.key);
            free((char *)copy.value);
            continue;
        }
        answer->trailing[answer->trailing_count++] = copy;
    }
}

/* Texts that memory was out for are empty. */
static void point_status(rpc_answer *answer, sp_code code)
{
    answer->status.code = code;
    answer->status.reason = answer->reason != NULL ? answer->reason : "";
    answer->status.message = answer->message != NULL ? answer->message : "";
}

void answer_from_core(rpc_answer *answer, grpc_status_code code, grpc_slice text, const grpc_metadata_array *trailing)
{
    bool known = code >= 0 && code <= GRPC_STATUS_UNAUTHENTICATED;

    *answer = (rpc_answer){.message = copy_slice(text)};
    take_trailing(answer, trailing);
    if (answer->reason == NULL)
        answer->reason = strdup("");
    point_status(answer, known ? (sp_code)code : SP_UNKNOWN);
}

void answer_from_status(rpc_answer *answer, sp_status status)
{
    *answer = (rpc_answer){.message = strdup(status.message), .reason = strdup(status.reason)};
    point_status(answer, status.code);
}

sp_status answer_hand_over(rpc_answer *answer, rpc_answer *out)
{
    if (out != NULL) {
        *out = *answer;
        return out->status;
    }

    sp_code code = answer->status.code;

    rpc_answer_done(answer);
    return code == SP_OK ? SP_DONE : (sp_status){code, sp_code_name(code), "The call failed."};
}

void rpc_answer_done(rpc_answer *answer)
{
    for (size_t i = 0; i < answer->trailing_count; i++) {
        free((char *)answer->trailing[i].key);
        free((char *)answer->trailing[i].value);
    }
    free(answer->trailing);
    free(answer->message);
    free(answer->reason);
    free(answer->details);
    *answer = (rpc_answer){.status = SP_DONE};
}
