#include "session_cookie.h"

#include <string.h>

#include "text.h"

enum { TOKEN_MAX = 512, COOKIE_AGE_MAX = 400 * 86400 };

const char *session_cookie_name(bool secure)
{
    return secure ? "__Host-smartpass" : "smartpass";
}

/* The characters of a bearer token (RFC 6750): none of them means anything in a cookie or in metadata. */
static bool is_token(const char *text, size_t length)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";

    return length > 0 && length <= TOKEN_MAX && strspn(text, letters) >= length;
}

const char *session_cookie_read(const char *header, bool secure, arena *memory)
{
    const char *name = session_cookie_name(secure);
    size_t name_length = strlen(name);

    while (header && *header) {
        size_t length;

        header += strspn(header, "; \t");
        length = strcspn(header, ";");
        if (length > name_length && strncmp(header, name, name_length) == 0 && header[name_length] == '=') {
            const char *token = header + name_length + 1;
            size_t size = length - name_length - 1;

            while (size > 0 && (token[size - 1] == ' ' || token[size - 1] == '\t'))
                size--;
            return is_token(token, size) ? arena_printf(memory, "Bearer %.*s", (int)size, token) : NULL;
        }
        header += length;
    }
    return NULL;
}

static const char *trailing_value(const rpc_answer *answer, const char *key)
{
    for (size_t i = 0; i < answer->trailing_count; i++)
        if (strcmp(answer->trailing[i].key, key) == 0)
            return answer->trailing[i].value;
    return NULL;
}

const char *session_cookie_write(const rpc_answer *answer, bool secure, arena *memory)
{
    const char *token = trailing_value(answer, "smartpass-session-token");
    const char *age = trailing_value(answer, "smartpass-session-max-age");
    int64_t seconds;

    if (!age || !int64_parse(age, 0, INT64_MAX, &seconds))
        return NULL;
    if (seconds == 0)
        token = "";
    else if (!token || !is_token(token, strlen(token)))
        return NULL;
    if (seconds > COOKIE_AGE_MAX)
        seconds = COOKIE_AGE_MAX;
    return arena_printf(memory, "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s", session_cookie_name(secure),
                        token, (long long)seconds, secure ? "; Secure" : "");
}
