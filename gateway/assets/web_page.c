#include "web_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "text.h"

enum { NONCE_BYTES = 16, NONCE_LENGTH = BASE64URL_LENGTH(NONCE_BYTES), PIECES_MAX = 16, POLICY_MAX = 512 };

static const char placeholder[] = "__CSP_NONCE__";

struct web_page {
    struct {
        const uint8_t *bytes;
        size_t size;
    } pieces[PIECES_MAX]; /* between two of them stands the nonce */
    size_t count;
    size_t size;
};

web_page *web_page_new(const asset_file *file, arena *memory)
{
    const uint8_t *at = (uint8_t *)arena_copy(memory, file->bytes, file->size), *end = at ? at + file->size : NULL;
    web_page *page = at ? arena_alloc(memory, sizeof *page) : NULL;

    while (page) {
        const uint8_t *found = memmem(at, (size_t)(end - at), placeholder, sizeof placeholder - 1);
        const uint8_t *stop = found && page->count < PIECES_MAX - 1 ? found : end;

        page->pieces[page->count].bytes = at;
        page->pieces[page->count++].size = (size_t)(stop - at);
        page->size += (size_t)(stop - at);
        if (stop == end)
            break;
        page->size += NONCE_LENGTH;
        at = stop + sizeof placeholder - 1;
    }
    return page;
}

/* Scripts and everything else come from this origin as files; styles may also be elements that carry the nonce. */
static void write_policy(char policy[POLICY_MAX], const char *nonce)
{
    snprintf(policy, POLICY_MAX,
             "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%s'; img-src 'self' blob: data:; "
             "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
             "frame-ancestors 'none'",
             nonce);
}

static uint8_t *write_page(const web_page *page, const char *nonce)
{
    uint8_t *bytes = malloc(page->size + 1), *at = bytes;

    for (size_t i = 0; bytes && i < page->count; i++) {
        if (i > 0) {
            memcpy(at, nonce, NONCE_LENGTH);
            at += NONCE_LENGTH;
        }
        memcpy(at, page->pieces[i].bytes, page->pieces[i].size);
        at += page->pieces[i].size;
    }
    return bytes;
}

void web_page_answer(const web_page *page, http_exchange *x)
{
    uint8_t random[NONCE_BYTES], *bytes = NULL;
    char nonce[NONCE_LENGTH + 1], policy[POLICY_MAX];
    http_field fields[] = {{"Content-Type", "text/html; charset=utf-8"}, {"Content-Security-Policy", policy}};
    http_head head = {200, fields, 2};

    if (!sp_failed(crypto_random(random, sizeof random))) {
        base64url_encode(random, sizeof random, nonce);
        write_policy(policy, nonce);
        bytes = write_page(page, nonce);
    }
    if (!bytes)
        head = (http_head){500, NULL, 0};
    http_answer_take(x, &head, bytes, bytes ? page->size : 0);
}
