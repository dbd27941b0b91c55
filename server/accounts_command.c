#include "accounts_command.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "org.h"
#include "session.h"
#include "token.h"

enum { RANDOM_PASSWORD_LENGTH = 20, MEMORY = 256 * 1024 };

/* Of this machine, as its administrator set it. */
static const char *time_zone_here(char room[128])
{
    static const char marker[] = "/zoneinfo/";
    const char *zone = getenv("TZ");
    char target[PATH_MAX];
    ssize_t n;

    if (zone && *zone && *zone != ':' && *zone != '/')
        return zone;
    n = readlink("/etc/localtime", target, sizeof target - 1);
    target[n > 0 ? n : 0] = '\0';
    zone = strstr(target, marker);
    if (!zone)
        return "UTC";
    snprintf(room, 128, "%.127s", zone + sizeof marker - 1);
    return strcmp(room, "Etc/UTC") == 0 ? "UTC" : room;
}

static sp_status enterprise_add(storage *s, const char *name, const char *time_zone, int64_t *ret_enterprise_id,
                                int64_t *ret_group_id)
{
    arena memory;
    char room[128];
    db_tx *tx;
    sp_status status;

    arena_init(&memory, MEMORY);
    status = db_begin(s->system, 0, &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, org_add_enterprise(tx, name, time_zone ? time_zone : time_zone_here(room),
                                               ret_enterprise_id, ret_group_id));
    arena_done(&memory);
    return strcmp(status.reason, DB_VALUE_REFUSED.reason) == 0 ? TIME_ZONE_UNKNOWN : status;
}

/* With *enterprise_id 0, of the oldest. */
static sp_status root_find(storage *s, int64_t *enterprise_id, int64_t *ret_group_id)
{
    arena memory;
    db_tx *tx;
    sp_status status;

    arena_init(&memory, MEMORY);
    status = db_begin(s->system, 0, &memory, &tx);
    if (!sp_failed(status))
        status = db_end(tx, org_find_root(tx, enterprise_id, ret_group_id));
    arena_done(&memory);
    return status;
}

/* All or nothing: were the enterprise there without its administrator, the next start would not make him. */
static sp_status first_rows_add(storage *s, const server_config *config, new_account *admin, const char *phc)
{
    const char *time_zone = config->enterprise_time_zone;
    arena memory;
    char room[128];
    db_tx *tx;
    sp_status status;

    arena_init(&memory, MEMORY);
    status = db_begin(s->system, 0, &memory, &tx);
    if (!sp_failed(status)) {
        status = org_add_enterprise(tx, config->enterprise_name, time_zone ? time_zone : time_zone_here(room),
                                    &admin->enterprise_id, &admin->group_id);
        if (!sp_failed(status))
            status = session_insert_account(tx, admin, phc);
        status = db_end(tx, status);
    }
    arena_done(&memory);
    return strcmp(status.reason, DB_VALUE_REFUSED.reason) == 0 ? TIME_ZONE_UNKNOWN : status;
}

sp_status first_start(storage *s, const server_config *config, const password_policy *passwords)
{
    bool random = strcmp(config->default_password, "random") == 0;
    char password[TOKEN_TEXT_SIZE] = "123456", phc[PASSWORD_PHC_SIZE];
    uint8_t unused[SHA256_SIZE];
    new_account admin = {
        .username = "admin", .super_admin = true, .must_change_password = true, .loopback_only = !random};
    sp_status status = root_find(s, &admin.enterprise_id, &admin.group_id);

    if (strcmp(status.reason, ENTERPRISE_NOT_FOUND.reason) != 0)
        return status;
    status = random ? token_new(password, unused) : SP_DONE;
    if (random)
        password[RANDOM_PASSWORD_LENGTH] = '\0';
    if (!sp_failed(status))
        status = password_hash(passwords, password, phc);
    if (!sp_failed(status))
        status = first_rows_add(s, config, &admin, phc);
    if (!sp_failed(status) && random)
        printf("First login: admin / %s (shown this once; it must be changed)\n", password);
    if (!sp_failed(status))
        log_write(LOG_INFO, "first start: the account admin was made", "password", random ? "random" : "the manual's",
                  NULL);
    explicit_bzero(password, sizeof password);
    return status;
}

sp_status add_user_command(storage *s, const server_invocation *invocation, const password_policy *passwords)
{
    char password[PASSWORD_BYTES_MAX + 2] = "";
    const char *reason;
    new_account account = {
        .username = invocation->username, .password = password, .enterprise_id = invocation->enterprise};
    sp_status status = root_find(s, &account.enterprise_id, &account.group_id);

    if (sp_failed(status))
        return status;
    if (!fgets(password, sizeof password, stdin))
        return PASSWORD_UNFIT;
    password[strcspn(password, "\r\n")] = '\0';
    if (!password_acceptable(password, &reason))
        return PASSWORD_UNFIT;
    status = session_add_account(s->system, passwords, &account);
    explicit_bzero(password, sizeof password);
    if (!sp_failed(status))
        printf("%lld\n", (long long)account.enterprise_id);
    return status;
}

sp_status add_enterprise_command(storage *s, const server_invocation *invocation)
{
    int64_t enterprise_id, group_id;
    sp_status status =
        enterprise_add(s, invocation->name, invocation->server.enterprise_time_zone, &enterprise_id, &group_id);

    if (!sp_failed(status))
        printf("%lld\n", (long long)enterprise_id);
    return status;
}
