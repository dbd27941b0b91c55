#include "http_post.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http_post_library.h"

enum {
    HEAD_MAX = 16384, /* bytes of an answer's head, and as many of what follows it */
    EVENTS_AT_ONCE = 8,
};
#define MACHINE_TRUST "/etc/ssl/certs"

struct http_post {
    const http_library *curl;
    CURLM *multi;
    int epoll; /* over libcurl's descriptors, so that the owner has one to wait for */
    int64_t due_ms;
    int64_t now_ms;
    char *trust;
    char *user_agent;
    int64_t limit_ms;

    CURL *easy; /* NULL: nothing is under way */
    struct curl_slist *headers;
    size_t head_size, body_size; /* of the answer */
};

/* ---- What libcurl asks for --------------------------------------------------------------------------------------- */

static int watch(CURL *easy, curl_socket_t fd, int what, void *self, void *registered)
{
    http_post *p = self;
    struct epoll_event event = {.data.fd = fd};

    (void)easy, (void)registered;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(p->epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) | (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0);
    if (epoll_ctl(p->epoll, EPOLL_CTL_MOD, fd, &event) != 0)
        (void)epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &event);
    return 0;
}

static int set_timer(CURLM *multi, long after_ms, void *self)
{
    http_post *p = self;

    (void)multi;
    p->due_ms = after_ms < 0 ? INT64_MAX : p->now_ms + after_ms;
    return 0;
}

/* An endless answer ends here. */
static size_t take_head(const char *bytes, size_t one, size_t size, void *self)
{
    http_post *p = self;

    (void)bytes, (void)one;
    p->head_size += size;
    return p->head_size <= HEAD_MAX ? size : 0;
}

static size_t drop_body(const char *bytes, size_t one, size_t size, void *self)
{
    http_post *p = self;

    (void)bytes, (void)one;
    p->body_size += size;
    return p->body_size <= HEAD_MAX ? size : 0;
}

/* ---- Making one -------------------------------------------------------------------------------------------------- */

static bool make_multi(http_post *p)
{
    p->multi = p->curl->multi_init();
    return p->multi && p->curl->multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, watch) == CURLM_OK &&
           p->curl->multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p) == CURLM_OK &&
           p->curl->multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, set_timer) == CURLM_OK &&
           p->curl->multi_setopt(p->multi, CURLMOPT_TIMERDATA, p) == CURLM_OK &&
           p->curl->multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, 1L) == CURLM_OK;
}

sp_status http_post_new(const http_post_options *options, http_post **ret_post)
{
    const http_library *library = http_library_load();
    http_post *p = library ? calloc(1, sizeof *p) : NULL;

    if (!library)
        return HTTP_NOT_OFFERED;
    if (!p)
        return OUT_OF_MEMORY;
    p->curl = library;
    p->due_ms = INT64_MAX;
    p->limit_ms = options->limit_ms;
    p->epoll = epoll_create1(EPOLL_CLOEXEC);
    p->trust = strdup(options->trust ? options->trust : MACHINE_TRUST);
    p->user_agent = strdup(options->user_agent);
    if (p->epoll < 0 || !p->trust || !p->user_agent || !make_multi(p)) {
        http_post_free(p);
        return OUT_OF_MEMORY;
    }
    *ret_post = p;
    return SP_DONE;
}

void http_post_give_up(http_post *p)
{
    if (p->easy) {
        p->curl->multi_remove_handle(p->multi, p->easy);
        p->curl->easy_cleanup(p->easy);
    }
    p->curl->slist_free_all(p->headers);
    p->easy = NULL;
    p->headers = NULL;
    p->due_ms = INT64_MAX;
}

void http_post_free(http_post *p)
{
    if (!p)
        return;
    http_post_give_up(p);
    if (p->multi)
        p->curl->multi_cleanup(p->multi);
    if (p->epoll >= 0)
        close(p->epoll);
    free(p->trust);
    free(p->user_agent);
    free(p);
}

/* ---- A request --------------------------------------------------------------------------------------------------- */

#define SET(option, value) (p->curl->easy_setopt(p->easy, option, value) == CURLE_OK)

/* A folder is searched certificate by certificate, which spares the memory for all of them. */
static bool set_trust(http_post *p)
{
    struct stat facts;
    bool is_folder = stat(p->trust, &facts) == 0 && S_ISDIR(facts.st_mode);

    return SET(CURLOPT_SSL_VERIFYPEER, 1L) && SET(CURLOPT_SSL_VERIFYHOST, 2L) &&
           SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) && SET(CURLOPT_CAINFO, is_folder ? NULL : p->trust) &&
           SET(CURLOPT_CAPATH, is_folder ? p->trust : NULL);
}

/* A name that is still being asked for is not waited for when a request is given up: only libcurl since 7.87 knows how,
 * so it need not be able to. */
static bool set_manners(http_post *p)
{
    (void)SET(CURLOPT_QUICK_EXIT, 1L);
    return SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_PROTOCOLS_STR, "http,https") && SET(CURLOPT_FOLLOWLOCATION, 0L) &&
           SET(CURLOPT_PROXY, "") && SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
           SET(CURLOPT_TIMEOUT_MS, (long)p->limit_ms) && SET(CURLOPT_CONNECTTIMEOUT_MS, (long)p->limit_ms) &&
           SET(CURLOPT_USERAGENT, p->user_agent) && SET(CURLOPT_HEADERFUNCTION, take_head) &&
           SET(CURLOPT_HEADERDATA, p) && SET(CURLOPT_WRITEFUNCTION, drop_body) && SET(CURLOPT_WRITEDATA, p);
}

static bool set_content(http_post *p, const http_post_request *request)
{
    for (const char *const *header = request->headers; *header; header++) {
        struct curl_slist *longer = p->curl->slist_append(p->headers, *header);

        if (!longer)
            return false;
        p->headers = longer;
    }
    return SET(CURLOPT_URL, request->url) && SET(CURLOPT_POST, 1L) &&
           SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->size) && SET(CURLOPT_COPYPOSTFIELDS, request->body) &&
           SET(CURLOPT_HTTPHEADER, p->headers);
}

bool http_post_begin(http_post *p, const http_post_request *request, int64_t now_ms)
{
    int running;

    p->now_ms = now_ms;
    p->head_size = p->body_size = 0;
    p->easy = p->curl->easy_init();
    if (p->easy && set_trust(p) && set_manners(p) && set_content(p, request) &&
        p->curl->multi_add_handle(p->multi, p->easy) == CURLM_OK &&
        p->curl->multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running) == CURLM_OK)
        return true;
    http_post_give_up(p);
    return false;
}

bool http_post_is_busy(const http_post *p)
{
    return p->easy != NULL;
}

/* ---- Going on ---------------------------------------------------------------------------------------------------- */

static void let_libcurl_work(http_post *p)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int count = epoll_wait(p->epoll, events, EVENTS_AT_ONCE, 0);
    int running;

    for (int i = 0; i < count; i++) {
        uint32_t seen = events[i].events;
        int what = (seen & EPOLLIN ? CURL_CSELECT_IN : 0) | (seen & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                   (seen & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);

        p->curl->multi_socket_action(p->multi, events[i].data.fd, what, &running);
    }
    if (p->now_ms >= p->due_ms) {
        p->due_ms = INT64_MAX; /* unless it asks for another */
        p->curl->multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

/* A status is an answer, whatever became of what followed it. */
static http_post_outcome outcome_of(const http_post *p, CURLcode result)
{
    http_post_outcome outcome = {.failure = ""};
    curl_off_t asked_s = 0;
    long status = 0;

    (void)p->curl->easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)p->curl->easy_getinfo(p->easy, CURLINFO_RETRY_AFTER, &asked_s);
    if (status >= 200)
        outcome.status = (int)status;
    else
        outcome.failure = result == CURLE_OK ? "The answer makes no sense" : p->curl->easy_strerror(result);
    if (asked_s > 0)
        outcome.asked_ms = asked_s < INT32_MAX ? (int64_t)asked_s * 1000 : (int64_t)INT32_MAX * 1000;
    return outcome;
}

bool http_post_advance(http_post *p, int64_t now_ms, http_post_outcome *ret_outcome)
{
    CURLMsg *message;
    bool over = false;
    int left;

    p->now_ms = now_ms;
    let_libcurl_work(p);
    while ((message = p->curl->multi_info_read(p->multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE && message->easy_handle == p->easy) {
            *ret_outcome = outcome_of(p, message->data.result);
            over = true;
        }
    if (over)
        http_post_give_up(p);
    return over;
}

int http_post_fd(const http_post *p)
{
    return p->epoll;
}

int64_t http_post_due_ms(const http_post *p)
{
    return p->due_ms;
}
