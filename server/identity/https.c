#include "https.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "bytes.h"

enum { WITHIN_MS = 10 * 1000, CONNECT_MS = 5 * 1000, BODY_MAX = 1 << 20 };

/* ---- Addresses --------------------------------------------------------------------------------------------------- */

static bool is_this_machine(const char *host)
{
    struct in_addr v4;

    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127);
}

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;

    curl_free(text);
    return has;
}

static bool scheme_is_legal(CURLU *url, bool loopback_allowed)
{
    char *scheme = NULL, *host = NULL;
    bool legal =
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK && *host &&
        (strcmp(scheme, "https") == 0 || (loopback_allowed && strcmp(scheme, "http") == 0 && is_this_machine(host)));

    curl_free(scheme);
    curl_free(host);
    return legal;
}

bool https_url_is_legal(const char *text, bool loopback_allowed)
{
    CURLU *url = curl_url();
    bool legal = url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
                 scheme_is_legal(url, loopback_allowed) && !has_part(url, CURLUPART_USER) &&
                 !has_part(url, CURLUPART_PASSWORD) && !has_part(url, CURLUPART_FRAGMENT);

    curl_url_cleanup(url);
    return legal;
}

bool https_url_is_plain(const char *url)
{
    return strncasecmp(url, "http:", 5) == 0;
}

/* ---- One request ------------------------------------------------------------------------------------------------- */

static size_t body_add(char *bytes, size_t size, size_t count, void *body)
{
    return byte_buffer_append(body, bytes, size * count) ? size * count : 0; /* less ends the transfer */
}

static int progress(void *arg, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
    const https_request *request = arg;

    (void)down_total, (void)down, (void)up_total, (void)up;
    return request->cancelled(request->arg);
}

static bool set_limits(CURL *curl, const https_request *request, byte_buffer *body)
{
    bool plain = https_url_is_plain(request->url);

    return curl_easy_setopt(curl, CURLOPT_URL, request->url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)WITHIN_MS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)BODY_MAX) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_add) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, body) == CURLE_OK &&
           (!plain || curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK);
}

static bool set_content(CURL *curl, const https_request *request, struct curl_slist *headers)
{
    if (request->cancelled && (curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress) != CURLE_OK ||
                               curl_easy_setopt(curl, CURLOPT_XFERINFODATA, request) != CURLE_OK ||
                               curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) != CURLE_OK))
        return false;
    return (!request->form || curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->form) == CURLE_OK) &&
           curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK;
}

/* Adds to the list; on failure the list is freed and NULL comes back. */
static struct curl_slist *header_add(struct curl_slist *headers, const char *line)
{
    struct curl_slist *longer = line ? curl_slist_append(headers, line) : NULL;

    if (!longer)
        curl_slist_free_all(headers);
    return longer;
}

static struct curl_slist *headers_of(const https_request *request, arena *a)
{
    struct curl_slist *headers = header_add(NULL, "Accept: application/json");

    if (headers && request->authorization)
        headers = header_add(headers, arena_printf(a, "Authorization: %s", request->authorization));
    return headers;
}

static const char *words_for(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "its name cannot be resolved";
    case CURLE_COULDNT_CONNECT:
        return "it takes no connection";
    case CURLE_OPERATION_TIMEDOUT:
        return "it took too long";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "its certificate is not trusted";
    case CURLE_WRITE_ERROR:
    case CURLE_FILESIZE_EXCEEDED:
        return "it sent too much";
    default:
        return "the connection failed";
    }
}

static sp_status transfer(CURL *curl, arena *a, const byte_buffer *body, https_answer *ret_answer, const char **ret_why)
{
    CURLcode code = curl_easy_perform(curl);

    if (code != CURLE_OK || curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &ret_answer->status) != CURLE_OK) {
        *ret_why = words_for(code);
        return PROVIDER_UNREACHABLE;
    }
    ret_answer->size = body->size;
    ret_answer->body = arena_copy(a, body->size ? (const void *)body->data : "", body->size);
    return ret_answer->body ? SP_DONE : OUT_OF_MEMORY;
}

sp_status https_fetch(const https_request *request, arena *a, https_answer *ret_answer, const char **ret_why)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = headers_of(request, a);
    byte_buffer body;
    sp_status status = OUT_OF_MEMORY;

    *ret_why = "";
    *ret_answer = (https_answer){0};
    byte_buffer_init(&body, BODY_MAX);
    if (curl && headers && set_limits(curl, request, &body) && set_content(curl, request, headers) &&
        (!request->authorities || curl_easy_setopt(curl, CURLOPT_CAINFO, request->authorities) == CURLE_OK))
        status = transfer(curl, a, &body, ret_answer, ret_why);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    byte_buffer_done(&body);
    return status;
}
