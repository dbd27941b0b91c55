/* Pages of a list: sizes, skips and the opaque tokens that say where the next page begins (AIP-158). A token holds the
 * sort key of the last row and nothing else; a forged one only moves the window of what its sender may see anyway. */
#pragma once

#include "arena.h"
#include "rpc.h"

enum { PAGE_SIZE_DEFAULT = 10, PAGE_SIZE_MAX = 100, PAGE_SKIP_MAX = 10000, PAGE_COUNT_CAP = 10001 };

typedef struct {
    int size; /* rows wanted */
    int skip;
    bool first;       /* no token: from the start */
    const char *text; /* the last row's sort key: "" when it has none of this type */
    int64_t number;
    int64_t id;
} page;

/* Violations of page_size, page_token or skip are the call's answer. */
sp_status page_read(rpc_call *call, int32_t page_size, const char *page_token, int32_t skip,
                    page *ret_page) SP_MUST_USE;

/* The token of the page that begins after this row; "" when memory is out. */
char *page_token(arena *a, const char *text, int64_t number, int64_t id);
