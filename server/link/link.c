/* The link as a whole: what it is made of, and its service. */
#include <stdlib.h>

#include "link_parts.h"
#include "log_lines.h"
#include "presence.h"

enum { LANES = 4, HEARTBEAT_SECONDS = 20 };

server_link *link_new(const link_options *options)
{
    server_link *link = calloc(1, sizeof *link);
    if (!link)
        return NULL;
    link->options = *options;
    if (link->options.heartbeat_seconds <= 0)
        link->options.heartbeat_seconds = HEARTBEAT_SECONDS;

    capture_desk_init(&link->captures);
    link->terminals = registry_new();
    link->lanes = lanes_new(LANES);
    link->shelf = snapshot_shelf_new(&(snapshot_shelf_options){0});
    link->logs = log_meters_new();
    if (link->terminals && link->lanes && link->shelf && link->logs) {
        link->presence = presence_new(link);
        link->listener = change_listener_new(link);
    }
    if (!link->presence || !link->listener || !screen_desk_start(link)) {
        link_free(link);
        return NULL;
    }
    return link;
}

void link_free(server_link *link)
{
    if (!link)
        return;
    screen_desk_stop(link);
    change_listener_free(link->listener);
    presence_free(link->presence);
    lanes_free(link->lanes);
    capture_desk_done(&link->captures);
    snapshot_shelf_free(link->shelf);
    log_meters_free(link->logs);
    registry_free(link->terminals);
    free(link);
}

void link_register(server_link *link, rpc_server *server)
{
    static const link_service handlers = {
        .size = sizeof handlers,
        .enrol = handle_enrol,
        .renew = handle_renew,
        .connect = &connect_events,
    };
    link_service_register(server, &handlers, link);
}

void link_cut(server_link *link, int64_t device_id, sp_status why)
{
    terminal *t = registry_find(link->terminals, device_id);
    if (t) {
        terminal_cut(t, why);
        terminal_release(t);
    }
}
