/* The load of scripts/bench rpc, the same for every server: so many calls in flight over so many connections, each
 * followed by the next as soon as it is answered. Prints how many were answered between warm-up and end.
 *
 *   echo_load TARGET echo|inline|chat IN_FLIGHT CONNECTIONS SECONDS SERVER_PID
 *
 * Prints: answered calls (messages of chat), seconds, and the server's CPU seconds meanwhile. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "echo.rpc.h"

enum { PAYLOAD = 100, WARM_UP_MS = 500 };

typedef struct {
    rpc_client *client;
    const char *path;
    bool chats;
    uint8_t request[256];
    size_t size;
    atomic_bool ends;
    atomic_long answered;
    atomic_long failed;
    atomic_int running;
} load;

static load all;

/* One call at a time. All events of one lane come from one thread. */
typedef struct {
    rpc_client *client;
    bool answered;
    bool owes; /* a message, as soon as the last one has left: its answer may come before that is told */
} lane;

static void start(lane *l);

static void talk(rpc_raw_call *call, lane *l)
{
    if (atomic_load(&all.ends))
        rpc_raw_half_close(call);
    else
        l->owes = !rpc_raw_write(call, all.request, all.size, false);
}

static void take(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size)
{
    lane *l = context;

    (void)bytes;
    l->answered = size == all.size;
    if (!all.chats)
        return;
    atomic_fetch_add(&all.answered, 1);
    talk(call, l);
    rpc_raw_read(call);
}

static void has_left(rpc_raw_call *call, void *context)
{
    lane *l = context;

    if (l->owes)
        talk(call, l);
}

static void end(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    lane *l = context;

    (void)call;
    if (sp_failed(answer->status) || !l->answered)
        atomic_fetch_add(&all.failed, 1);
    else if (!all.chats)
        atomic_fetch_add(&all.answered, 1);
    if (atomic_load(&all.ends) || sp_failed(answer->status))
        atomic_fetch_sub(&all.running, 1);
    else
        start(l);
}

static void start(lane *l)
{
    static const rpc_raw_events events = {.message = take, .writable = has_left, .done = end};
    rpc_raw_call *call;

    l->answered = l->owes = false;
    if (!all.chats) {
        if (rpc_raw_unary(l->client, all.path, NULL, all.request, all.size, &events, l) == NULL)
            abort();
        return;
    }
    call = rpc_raw_start(l->client, all.path, NULL, &events, l);
    if (call == NULL)
        abort();
    rpc_raw_write(call, all.request, all.size, false);
    rpc_raw_read(call);
}

static void sleep_ms(int64_t ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* CPU seconds of a process so far, its ended threads included. */
static double cpu_of(const char *pid)
{
    char path[64];
    char text[1024] = "";
    unsigned long user = 0;
    unsigned long system = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    file = fopen(path, "r");
    if (file == NULL || fgets(text, sizeof text, file) == NULL || strrchr(text, ')') == NULL)
        abort();
    fclose(file);
    sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static void make_request(void)
{
    static uint8_t payload[PAYLOAD];
    Echo__V1__Ping ping = ECHO__V1__PING__INIT;

    ping.id = (char *)"device-000000123456";
    ping.number = 7;
    ping.payload = (ProtobufCBinaryData){PAYLOAD, payload};
    all.size = echo__v1__ping__pack(&ping, all.request);
}

int main(int argc, char **argv)
{
    if (argc != 7)
        return 2;

    int in_flight = atoi(argv[3]);
    int connections = atoi(argv[4]);
    lane *lanes = calloc((size_t)in_flight, sizeof *lanes);
    rpc_client **clients = calloc((size_t)connections, sizeof *clients);

    all.chats = strcmp(argv[2], "chat") == 0;
    all.path = "/echo.v1.EchoService/Echo";
    if (strcmp(argv[2], "inline") == 0)
        all.path = "/echo.v1.EchoService/EchoInline";
    if (all.chats)
        all.path = "/echo.v1.EchoService/Chat";
    make_request();
    for (int i = 0; i < connections; i++)
        clients[i] = rpc_client_new(&(rpc_client_options){.target = argv[1]});
    atomic_store(&all.running, in_flight);
    for (int i = 0; i < in_flight; i++) {
        lanes[i].client = clients[i % connections];
        start(&lanes[i]);
    }

    sleep_ms(WARM_UP_MS);
    long before = atomic_load(&all.answered);
    double cpu = cpu_of(argv[6]);
    double began = now();

    sleep_ms((int64_t)(atof(argv[5]) * 1000));
    long answered = atomic_load(&all.answered) - before;

    cpu = cpu_of(argv[6]) - cpu;
    printf("%ld %.3f %.3f\n", answered, now() - began, cpu);
    atomic_store(&all.ends, true);
    while (atomic_load(&all.running) > 0)
        sleep_ms(10);
    for (int i = 0; i < connections; i++)
        rpc_client_free(clients[i]);
    free(clients);
    free(lanes);
    return atomic_load(&all.failed) == 0 ? 0 : 1;
}
