/* grant create. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "smartpass/v1/pass.client.h"
#include "text.h"
#include "times.h"

static bool parse_window(const ctl_flags *flags, Smartpass__V1__BatchCreateGrantsRequest *request,
                         Google__Protobuf__Timestamp *from, Google__Protobuf__Timestamp *until)
{
    google__protobuf__timestamp__init(from);
    google__protobuf__timestamp__init(until);
    if ((flags->from[0] && !time_parse(flags->from, from)) || (flags->until[0] && !time_parse(flags->until, until)))
        return false;
    request->valid_from = flags->from[0] ? from : NULL;
    request->valid_until = flags->until[0] ? until : NULL;
    return true;
}

int run_grant_create(const ctl *c)
{
    Smartpass__V1__BatchCreateGrantsRequest request = SMARTPASS__V1__BATCH_CREATE_GRANTS_REQUEST__INIT;
    Smartpass__V1__BatchCreateGrantsResponse *reply;
    Google__Protobuf__Timestamp from, until;
    int64_t people[CTL_IDS_MAX], devices[CTL_IDS_MAX];
    rpc_answer answer = {0};
    long person_count = ctl_parse_ids(c->flags->employees, people);
    long device_count = ctl_parse_ids(c->flags->devices, devices);

    if (person_count < 0 || device_count < 0 || !parse_window(c->flags, &request, &from, &until)) {
        fputs("smartpassctl: --employees and --devices take ids separated by commas, --from and --until times like "
              "2026-11-22T08:00:00Z\n",
              stderr);
        return CTL_USAGE;
    }
    request.person_ids = people;
    request.n_person_ids = (size_t)person_count;
    request.device_ids = devices;
    request.n_device_ids = (size_t)device_count;
    sp_status st = pass_batch_create_grants(c->client, c->options, &request, &reply, &answer);
    if (sp_failed(st))
        return ctl_fail("grant create", st, &answer);
    printf("%d grants\n", reply->count);
    smartpass__v1__batch_create_grants_response__free_unpacked(reply, NULL);
    rpc_answer_done(&answer);
    return CTL_DONE;
}
