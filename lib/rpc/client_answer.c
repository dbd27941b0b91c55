/* How a call ended, as its caller sees it. */
#include <grpc/slice.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "details.h"

#define DETAILS_KEY "grpc-status-details-bin"

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

/* All that there is memory for. */
static rpc_metadatum *copy_metadata(const grpc_metadata_array *from, size_t *ret_count)
{
    rpc_metadatum *list = calloc(from->count + 1, sizeof *list);
    size_t count = 0;

    for (size_t i = 0; list != NULL && i < from->count; i++) {
        const grpc_metadata *entry = &from->metadata[i];

        if (grpc_slice_str_cmp(entry->key, DETAILS_KEY) == 0)
            continue;

        rpc_metadatum copy = {copy_slice(entry->key), copy_slice(entry->value)};

        if (copy.key == NULL || copy.value == NULL) {
            free((char *)copy.key);
            free((char *)copy.value);
            continue;
        }
        list[count++] = copy;
    }
    *ret_count = count;
    return list;
}

static void free_metadata(rpc_metadatum *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free((char *)list[i].key);
        free((char *)list[i].value);
    }
    free(list);
}

/* Texts that memory was out for are empty. */
static void point_status(rpc_answer *answer, sp_code code)
{
    answer->status.code = code;
    answer->status.reason = answer->reason != NULL ? answer->reason : "";
    answer->status.message = answer->message != NULL ? answer->message : "";
}

void answer_from_core(rpc_answer *answer, grpc_status_code code, grpc_slice text, const grpc_metadata_array *initial,
                      const grpc_metadata_array *trailing)
{
    bool known = code >= 0 && code <= GRPC_STATUS_UNAUTHENTICATED;

    *answer = (rpc_answer){.message = copy_slice(text)};
    answer->initial = copy_metadata(initial, &answer->initial_count);
    answer->trailing = copy_metadata(trailing, &answer->trailing_count);
    for (size_t i = 0; i < trailing->count; i++)
        if (grpc_slice_str_cmp(trailing->metadata[i].key, DETAILS_KEY) == 0)
            take_details(answer, trailing->metadata[i].value);
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

static const char *find(const rpc_metadatum *list, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].key, key) == 0)
            return list[i].value;
    return NULL;
}

const char *rpc_answer_metadata(const rpc_answer *answer, const char *key)
{
    const char *value = find(answer->trailing, answer->trailing_count, key);

    return value != NULL ? value : find(answer->initial, answer->initial_count, key);
}

void rpc_answer_done(rpc_answer *answer)
{
    free_metadata(answer->initial, answer->initial_count);
    free_metadata(answer->trailing, answer->trailing_count);
    free(answer->message);
    free(answer->reason);
    free(answer->details);
    *answer = (rpc_answer){.status = SP_DONE};
}
