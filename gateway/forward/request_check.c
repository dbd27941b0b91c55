#include "request_check.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Bytes of a Host header's name, without its port. */
static size_t name_length(const char *host)
{
    const char *bracket = *host == '[' ? strchr(host, ']') : NULL;

    return bracket ? (size_t)(bracket + 1 - host) : strcspn(host, ":");
}

static bool is_among(const char *name, size_t length, const char *names)
{
    while (names && *names) {
        size_t n;

        names += strspn(names, ", ");
        n = strcspn(names, ", ");
        if (n == length && n > 0 && strncasecmp(names, name, n) == 0)
            return true;
        names += n;
    }
    return false;
}

bool host_is_ours(const http_exchange *x, const char *further)
{
    const char *host = http_request_header(x, HTTP_HOST);

    if (http_is_secure(x))
        return true;
    if (!host)
        return false;
    return is_among(host, name_length(host), "localhost,127.0.0.1,[::1]") || is_among(host, name_length(host), further);
}

bool comes_from_our_page(const http_exchange *x)
{
    const char *mark = http_request_header(x, HTTP_X_SMARTPASS), *host = http_request_header(x, HTTP_HOST);
    const char *origin = http_request_header(x, HTTP_ORIGIN), *scheme = http_is_secure(x) ? "https://" : "http://";

    if (!mark || strcmp(mark, "1") != 0)
        return false;
    if (!origin)
        return true;
    return host && strncasecmp(origin, scheme, strlen(scheme)) == 0 && strcasecmp(origin + strlen(scheme), host) == 0;
}

bool is_json_type(const char *content_type)
{
    size_t length = strcspn(content_type, "; \t");

    if (length == 16 && strncasecmp(content_type, "application/json", 16) == 0)
        return true;
    return length > 5 && strncasecmp(content_type + length - 5, "+json", 5) == 0;
}
