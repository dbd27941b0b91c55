/* smartpass-server: reads the configuration, opens the storage, serves until told to stop. */
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts_command.h"
#include "id.h"
#include "log.h"
#include "services.h"

enum { DETAIL = 512 };

static int failed(const char *doing, sp_status status, const char *detail)
{
    log_write(LOG_ERROR, doing, "reason", status.reason, "message", status.message, "detail", detail, NULL);
    return 1;
}

/* Every thread inherits the mask, so that the signals wait for sigwait below. */
static void signals_block(sigset_t *ret_set)
{
    sigemptyset(ret_set);
    sigaddset(ret_set, SIGINT);
    sigaddset(ret_set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, ret_set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void descriptors_raise(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Large blocks stay mappings of their own, however many have come and gone: files, pictures and batches go back to the
 * system when they are freed. Otherwise the C library moves its limit up to the largest that it has seen, and they
 * leave holes between what stays. */
static void large_blocks_go_back(void)
{
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
}

/* "host:port" with the port that was really bound. */
static void address_text(const server_config *config, int port, char *room, size_t size)
{
    const char *colon = strrchr(config->listen, ':');

    snprintf(room, size, "%.*s:%d", colon ? (int)(colon - config->listen) : 0, config->listen, port);
}

static void announce(const server_config *config, int port)
{
    char address[300];

    address_text(config, port, address, sizeof address);
    printf("Smart Pass serves terminals and SDK clients on %s (TLS), gateways on unix:%s\n", address,
           config->rpc_socket);
    fflush(stdout);
    if (config->ready_fd >= 0) {
        dprintf((int)config->ready_fd, "ready port=%d socket=%s\n", port, config->rpc_socket);
        close((int)config->ready_fd);
    }
}

static int serve(const server_config *config, storage *store, secrets *secret, const sigset_t *signals)
{
    char detail[DETAIL];
    services running;
    int number;
    sp_status status = services_start(config, store, secret, &running, detail);

    if (sp_failed(status))
        return failed("the server cannot serve", status, detail);
    announce(config, running.port);
    sigwait(signals, &number);
    log_write(LOG_INFO, "stopping", "signal", number == SIGINT ? "SIGINT" : "SIGTERM", NULL);
    services_stop(&running);
    return 0;
}

static int run(const server_invocation *invocation, storage *store, secrets *secret, const sigset_t *signals)
{
    const password_policy passwords = {password_cost_standard, secret->pepper, sizeof secret->pepper};
    sp_status status = first_start(store, &invocation->server, &passwords);

    if (sp_failed(status))
        return failed("the first start failed", status, "");
    switch (invocation->command) {
    case COMMAND_SERVE:
        return serve(&invocation->server, store, secret, signals);
    case COMMAND_ADD_USER:
        status = add_user_command(store, invocation, &passwords);
        break;
    case COMMAND_ADD_ENTERPRISE:
        status = add_enterprise_command(store, invocation);
        break;
    }
    return sp_failed(status) ? failed("nothing was added", status, "") : 0;
}

/* A command joins the database of a server that runs; otherwise it opens all by itself, as a server does. */
static sp_status storage_obtain(const server_invocation *invocation, storage *store, char *conninfo, char *detail)
{
    const server_config *config = &invocation->server;
    sp_status status = CLUSTER_NOT_RUNNING;

    if (invocation->command != COMMAND_SERVE)
        status = storage_join(config, store, conninfo, detail);
    if (strcmp(status.reason, CLUSTER_NOT_RUNNING.reason) != 0)
        return status;
    status = data_folder_take(config->data, detail);
    return sp_failed(status) ? status : storage_open(config, store, detail);
}

static int open_and_run(const server_invocation *invocation, const sigset_t *signals)
{
    const server_config *config = &invocation->server;
    char detail[DETAIL] = "", conninfo[256];
    storage store;
    secrets secret;
    sp_status status;
    int code;

    status = data_folder_make(config->data, detail);
    if (sp_failed(status))
        return failed("the data folder cannot be used", status, detail);
    status = storage_obtain(invocation, &store, conninfo, detail);
    if (sp_failed(status))
        return failed("the database cannot be used", status, detail);
    status = secrets_load(config->data, config->tls_names, &secret, detail);
    if (sp_failed(status)) {
        storage_close(&store);
        return failed("the secrets cannot be used", status, detail);
    }
    code = run(invocation, &store, &secret, signals);
    storage_close(&store);
    secrets_done(&secret);
    return code;
}

int main(int argc, char **argv)
{
    server_invocation invocation = {0};
    config_memory *memory;
    sigset_t signals;
    int code;

    switch (server_config_load(argc, argv, &invocation, &memory)) {
    case CONFIG_EXIT_OK:
        return 0;
    case CONFIG_EXIT_ERROR:
        return 2;
    case CONFIG_RUN:
        break;
    }
    large_blocks_go_back();
    umask(077);
    log_set_level((log_level)log_level_from_name(invocation.server.log_level));
    id_set_node((unsigned)invocation.server.node);
    signals_block(&signals);
    descriptors_raise();
    code = open_and_run(&invocation, &signals);
    config_memory_free(memory);
    return code;
}
