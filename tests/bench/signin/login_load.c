/* Load for scripts/bench login: signed-in clients whose calls are timed, and beside them, when told to, a flood of
 * wrong passwords at a fixed rate.
 *
 *   login_load GATEWAY_PORT SERVER AUTHORITY TOKEN SECONDS RATE
 *
 * Half of the flood goes through the gateway, from the addresses 127.0.0.2 to 127.0.0.9; the other half to the server's
 * own port. Every other attempt is for an account that exists (victim0 to victim49). Both loads are open loops: a call
 * is due at its time however long the one before took, and the time that it waited counts. Prints what was measured, a
 * name and a value a line. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "file.h"
#include "smartpass/v1/session.client.h"
#include "smartpass/v1/session.names.h"

enum {
    USERS = 8,              /* signed-in clients */
    USER_PERIOD_US = 50000, /* between the calls of one */
    FLOODERS = 48,          /* connections of each half */
    SOURCES = 8,
    VICTIMS = 50,
    CHANNELS = 4,
    ANSWER_MAX = 256 * 1024,
    TIMES_MAX = 1 << 20,
    REASONS = 32,
    LATE_US = 100000,
};

typedef struct {
    char name[48];
    long count;
} reason_count;

static struct {
    int gateway_port;
    const char *token;
    double rate;
    int64_t start_us, end_us;
    rpc_client *channels[CHANNELS];
    atomic_long tickets[2], late;

    pthread_mutex_t lock; /* of all below */
    int64_t *times_us;
    size_t times;
    long failed;
    reason_count reasons[REASONS];
} load;

static void refuse(const char *why)
{
    fprintf(stderr, "login_load: %s\n", why);
    exit(1);
}

static void sleep_until_us(int64_t due_us)
{
    int64_t left_us = due_us - clock_monotonic_us();

    if (left_us > 0)
        usleep((useconds_t)left_us);
}

static void reason_note(const char *where, const char *reason)
{
    char name[48];

    snprintf(name, sizeof name, "%s.%s", where, *reason ? reason : "none");
    pthread_mutex_lock(&load.lock);
    for (size_t i = 0; i < REASONS; i++) {
        if (load.reasons[i].count > 0 && strcmp(load.reasons[i].name, name) != 0)
            continue;
        strcpy(load.reasons[i].name, name);
        load.reasons[i].count++;
        break;
    }
    pthread_mutex_unlock(&load.lock);
}

/* ---- HTTP over one connection ------------------------------------------------------------------------------------ */

typedef struct {
    int fd;          /* -1: none is open */
    unsigned source; /* last byte of the address */
    char answer[ANSWER_MAX];
} http_client;

static bool http_connect(http_client *c)
{
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000000u + c->source)};
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)load.gateway_port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;

    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0)
        return false;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(c->fd, (struct sockaddr *)&from, sizeof from) == 0 &&
        connect(c->fd, (struct sockaddr *)&to, sizeof to) == 0)
        return true;
    close(c->fd);
    c->fd = -1;
    return false;
}

/* The whole answer, NUL-terminated; its body's length is stated. */
static bool http_read(http_client *c)
{
    size_t size = 0, wanted = SIZE_MAX;

    while (size < wanted && size < ANSWER_MAX - 1) {
        ssize_t n = read(c->fd, c->answer + size, ANSWER_MAX - 1 - size);
        const char *length, *body;

        if (n <= 0)
            return false;
        size += (size_t)n;
        c->answer[size] = '\0';
        body = strstr(c->answer, "\r\n\r\n");
        if (!body || wanted != SIZE_MAX)
            continue;
        length = strcasestr(c->answer, "\r\ncontent-length:");
        if (!length || length > body)
            return false;
        wanted = (size_t)(body + 4 - c->answer) + strtoul(length + 17, NULL, 10);
    }
    return size == wanted;
}

/* The status; 0 when there was no answer. */
static int http_ask(http_client *c, const char *request)
{
    size_t length = strlen(request);

    if ((c->fd < 0 && !http_connect(c)) || write(c->fd, request, length) != (ssize_t)length || !http_read(c)) {
        if (c->fd >= 0)
            close(c->fd);
        c->fd = -1;
        return 0;
    }
    return atoi(c->answer + strlen("HTTP/1.1 "));
}

/* ---- Signed-in clients ------------------------------------------------------------------------------------------- */

static void time_note(int64_t took_us, bool fine)
{
    pthread_mutex_lock(&load.lock);
    if (load.times < TIMES_MAX)
        load.times_us[load.times++] = took_us;
    load.failed += !fine;
    pthread_mutex_unlock(&load.lock);
}

static void *user_run(void *arg)
{
    static const char *const paths[] = {"/v1/session", "/v1/employees?pageSize=20"};
    http_client *c = arg;
    char request[512];
    int64_t due_us = load.start_us + (int64_t)(c->source * USER_PERIOD_US / USERS);

    c->source = 1;
    for (unsigned i = 0; due_us < load.end_us; i++, due_us += USER_PERIOD_US) {
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
                 paths[i % 2], load.token);
        sleep_until_us(due_us);
        time_note(clock_monotonic_us() - due_us, http_ask(c, request) == 200);
    }
    return NULL;
}

/* ---- The flood --------------------------------------------------------------------------------------------------- */

/* When the half's next attempt is due; 0: the flood is over. */
static int64_t ticket_take(int half, long *ret_number)
{
    int64_t due_us;

    *ret_number = atomic_fetch_add(&load.tickets[half], 1);
    due_us = load.start_us + (int64_t)((double)*ret_number * 2e6 / load.rate);
    if (due_us >= load.end_us)
        return 0;
    sleep_until_us(due_us);
    if (clock_monotonic_us() - due_us > LATE_US)
        atomic_fetch_add(&load.late, 1);
    return due_us;
}

static void name_choose(long number, char name[32])
{
    if (number % 2)
        snprintf(name, 32, "victim%ld", number / 2 % VICTIMS);
    else
        snprintf(name, 32, "nobody%ld", random());
}

static void *http_flooder_run(void *arg)
{
    http_client *c = arg;
    char request[512], body[128], name[32], reason[40];
    long number;

    while (ticket_take(0, &number)) {
        int status;
        const char *found;

        name_choose(number, name);
        snprintf(body, sizeof body, "{\"username\":\"%s\",\"password\":\"a wrong password\"}", name);
        snprintf(request, sizeof request,
                 "POST /v1/session:login HTTP/1.1\r\nHost: localhost\r\nX-Smartpass: 1\r\nContent-Type: "
                 "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                 strlen(body), body);
        status = http_ask(c, request);
        found = status ? strstr(c->answer, "\"reason\":") : NULL;
        if (!found || sscanf(found + 9, " \"%39[A-Z_]", reason) != 1)
            snprintf(reason, sizeof reason, "HTTP_%d", status);
        reason_note("gateway", reason);
    }
    return NULL;
}

static void *direct_flooder_run(void *arg)
{
    rpc_client *channel = arg;
    long number;

    while (ticket_take(1, &number)) {
        LoginRequest request = LOGIN_REQUEST_INIT;
        LoginResponse *reply = NULL;
        rpc_answer answer;
        char name[32];

        name_choose(number, name);
        request.username = name;
        request.password = (char *)"a wrong password";
        if (!sp_failed(session_login(channel, &(rpc_options){.timeout_ms = 60000}, &request, &reply, &answer)))
            smartpass__v1__login_response__free_unpacked(reply, NULL);
        reason_note("direct", answer.reason);
        rpc_answer_done(&answer);
    }
    return NULL;
}

/* ---- All of it --------------------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

    return first < second ? -1 : first > second;
}

static void report(void)
{
    qsort(load.times_us, load.times, sizeof *load.times_us, compare);
    if (load.times == 0)
        refuse("nothing was measured");
    printf("calls %zu\nfailed %ld\nlate %ld\n", load.times, load.failed, atomic_load(&load.late));
    printf("p50_us %lld\n", (long long)load.times_us[load.times / 2]);
    printf("p99_us %lld\n", (long long)load.times_us[load.times * 99 / 100]);
    printf("max_us %lld\n", (long long)load.times_us[load.times - 1]);
    for (size_t i = 0; i < REASONS && load.reasons[i].count > 0; i++)
        printf("answer.%s %ld\n", load.reasons[i].name, load.reasons[i].count);
}

static void channels_open(const char *server, const char *authority)
{
    char *pem;

    if (sp_failed(file_read(authority, 65536, &pem, NULL)))
        refuse("the authority cannot be read");
    for (int i = 0; i < CHANNELS; i++)
        load.channels[i] = rpc_client_new(&(rpc_client_options){.target = server, .tls = true, .ca_pem = pem});
    free(pem);
}

static void thread_start(pthread_t *thread, void *(*run)(void *arg), void *arg)
{
    if (pthread_create(thread, NULL, run, arg) != 0)
        refuse("there are no more threads");
}

static http_client *http_client_make(unsigned source)
{
    http_client *c = calloc(1, sizeof *c);

    if (!c)
        refuse("memory is exhausted");
    c->fd = -1;
    c->source = source;
    return c;
}

int main(int argc, char **argv)
{
    pthread_t threads[USERS + 2 * FLOODERS];
    int count = 0, seconds;

    if (argc != 7)
        refuse("usage: login_load GATEWAY_PORT SERVER AUTHORITY TOKEN SECONDS RATE");
    load.gateway_port = atoi(argv[1]);
    load.token = argv[4];
    seconds = atoi(argv[5]);
    load.rate = atof(argv[6]);
    load.times_us = calloc(TIMES_MAX, sizeof *load.times_us);
    pthread_mutex_init(&load.lock, NULL);
    channels_open(argv[2], argv[3]);
    load.start_us = clock_monotonic_us() + 200000;
    load.end_us = load.start_us + seconds * INT64_C(1000000);
    for (unsigned i = 0; i < USERS; i++)
        thread_start(&threads[count++], user_run, http_client_make(i));
    for (unsigned i = 0; load.rate > 0 && i < FLOODERS; i++) {
        thread_start(&threads[count++], http_flooder_run, http_client_make(2 + i % SOURCES));
        thread_start(&threads[count++], direct_flooder_run, load.channels[i % CHANNELS]);
    }
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    report();
    return 0;
}
