/* Pages of a list and their tokens: base64url of "number id text". */
#include "page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

enum { TOKEN_CAP = 256 };

static bool read_token(rpc_call *call, const char *token, page *p)
{
    uint8_t plain[TOKEN_CAP + 1];
    long n = base64_decode(token, strlen(token), plain, TOKEN_CAP);
    int text_at = 0;

    if (n <= 0 || !utf8_is_valid((const char *)plain, (size_t)n))
        return false;
    plain[n] = 0;
    if (sscanf((const char *)plain, "%" SCNd64 " %" SCNd64 "%n", &p->number, &p->id, &text_at) != 2 || text_at >= n ||
        plain[text_at] != ' ')
        return false;
    p->text = arena_text(rpc_call_arena(call), (const char *)plain + text_at + 1);
    return p->text != NULL;
}

sp_status page_read(rpc_call *call, int32_t page_size, const char *token, int32_t skip, page *ret_page)
{
    page p = {.size = page_size == 0 ? PAGE_SIZE_DEFAULT : page_size, .skip = skip, .first = !token[0], .text = ""};

    if (p.size < 1 || p.size > PAGE_SIZE_MAX)
        return rpc_call_violation(call, "page_size", "OUT_OF_RANGE", "A page has 1 to 100 rows.");
    if (skip < 0 || skip > PAGE_SKIP_MAX)
        return rpc_call_violation(call, "skip", "OUT_OF_RANGE", "At most 10 000 rows can be skipped.");
    if (!p.first && !read_token(call, token, &p))
        return rpc_call_violation(call, "page_token", "MALFORMED", "This is no token of a former answer.");
    *ret_page = p;
    return SP_DONE;
}

char *page_token(arena *a, const char *text, int64_t number, int64_t id)
{
    char *plain = arena_printf(a, "%" PRId64 " %" PRId64 " %s", number, id, text);
    size_t n = plain ? strlen(plain) : 0;
    char *token = plain ? arena_alloc(a, BASE64URL_LENGTH(n) + 1) : NULL;

    if (!token)
        return "";
    base64url_encode((const uint8_t *)plain, n, token);
    return token;
}
