/* device list, device approve. */
#include <inttypes.h>
#include <stdio.h>

#include "ctl.h"
#include "smartpass/v1/devices.client.h"
#include "times.h"

enum { PAGE = 100 };

static void print_device(const Smartpass__V1__Device *d)
{
    char seen[TIME_TEXT_SIZE];

    time_text(d->last_seen_time, seen);
    printf("%-20" PRId64 " %-24s %-8s %-20s %6d people %4d pending%s\n", d->id, d->name,
           d->state == SMARTPASS__V1__DEVICE_STATE__DEVICE_STATE_ONLINE ? "online" : "offline", seen, d->people_count,
           d->pending_people, d->waiting ? " waiting for approval" : "");
}

int run_device_list(const ctl *c)
{
    Smartpass__V1__ListDevicesRequest request = SMARTPASS__V1__LIST_DEVICES_REQUEST__INIT;
    Smartpass__V1__ListDevicesResponse *reply = NULL;
    rpc_answer answer = {0};
    bool more = true;

    request.page_size = PAGE;
    while (more) {
        Smartpass__V1__ListDevicesResponse *next;
        sp_status st = devices_list_devices(c->client, c->options, &request, &next, &answer);
        if (reply)
            smartpass__v1__list_devices_response__free_unpacked(reply, NULL);
        if (sp_failed(st))
            return ctl_fail("device list", st, &answer);
        rpc_answer_done(&answer);
        reply = next;
        for (size_t i = 0; i < reply->n_devices; i++)
            print_device(reply->devices[i]);
        request.page_token = reply->next_page_token;
        more = reply->next_page_token[0] != 0;
    }
    smartpass__v1__list_devices_response__free_unpacked(reply, NULL);
    return CTL_DONE;
}

static int approve(const ctl *c, int64_t id)
{
    Smartpass__V1__ApproveDeviceRequest request = SMARTPASS__V1__APPROVE_DEVICE_REQUEST__INIT;
    Smartpass__V1__Device *device;
    rpc_answer answer = {0};

    request.id = id;
    sp_status st = devices_approve_device(c->client, c->options, &request, &device, &answer);
    if (sp_failed(st))
        return ctl_fail("device approve", st, &answer);
    print_device(device);
    rpc_answer_done(&answer);
    smartpass__v1__device__free_unpacked(device, NULL);
    return CTL_DONE;
}

int run_device_approve(const ctl *c)
{
    int64_t ids[CTL_IDS_MAX];
    long count = ctl_parse_ids(c->flags->devices, ids);
    int code = CTL_DONE;

    if (count < 0) {
        fputs("smartpassctl: --devices takes ids separated by commas\n", stderr);
        return CTL_USAGE;
    }
    for (long i = 0; i < count && code == CTL_DONE; i++)
        code = approve(c, ids[i]);
    return code;
}
