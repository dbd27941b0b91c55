#include "request_check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

/* Bytes of a Host header's name, without its port. */
static size_t name_length(const char *host)
{
    const char *bracket = *host == '[' ? strchr(host, ']') : NULL;

    return bracket ? (size_t)(bracket + 1 - host) : strcspn(host, ":");
}

bool name_is_among(const char *name, size_t length, const char *names)
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
    return name_is_among(host, name_length(host), "localhost,127.0.0.1,[::1]") ||
           name_is_among(host, name_length(host), further);
}

bool is_own_origin(const http_exchange *x, const char *origin)
{
    const char *host = http_request_header(x, HTTP_HOST), *scheme = http_is_secure(x) ? "https://" : "http://";

    return host && strncasecmp(origin, scheme, strlen(scheme)) == 0 && strcasecmp(origin + strlen(scheme), host) == 0;
}

bool comes_from_our_page(const http_exchange *x, const cors_rules *cors)
{
    const char *mark = http_request_header(x, HTTP_X_SMARTPASS), *origin = http_request_header(x, HTTP_ORIGIN);

    if (!mark || strcmp(mark, "1") != 0)
        return false;
    return !origin || is_own_origin(x, origin) || cors_allows(cors, origin);
}

bool is_address(const char *text, size_t length)
{
    char copy[INET6_ADDRSTRLEN];
    struct in6_addr any;

    if (length == 0 || length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return inet_pton(AF_INET, copy, &any) == 1 || inet_pton(AF_INET6, copy, &any) == 1;
}

bool is_json_type(const char *content_type)
{
    static const char *const types[] = {"application/json", "application/x-ndjson", "application/ndjson",
                                        "application/jsonl"};
    size_t length = strcspn(content_type, "; \t");

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (length == strlen(types[i]) && strncasecmp(content_type, types[i], length) == 0)
            return true;
    return length > 5 && strncasecmp(content_type + length - 5, "+json", 5) == 0;
}
