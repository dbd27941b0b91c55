/* employee list and employee create. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "smartpass/v1/people.client.h"

enum { PAGE = 100, PHOTO_PART = 65536 };

/* ---- list -------------------------------------------------------------------------------------------------------- */

static void print_employee(const Smartpass__V1__Employee *e)
{
    printf("%-20" PRId64 " %-12s %-28s %-8s %d terminals\n", e->id, e->number, e->name,
           e->photo_id ? "photo" : "no photo", e->device_count);
}

int run_employee_list(const ctl *c)
{
    Smartpass__V1__ListEmployeesRequest request = SMARTPASS__V1__LIST_EMPLOYEES_REQUEST__INIT;
    Smartpass__V1__ListEmployeesResponse *reply = NULL;
    rpc_answer answer = {0};
    bool more = true;

    request.page_size = PAGE;
    while (more) {
        Smartpass__V1__ListEmployeesResponse *next;
        sp_status st = people_list_employees(c->client, c->options, &request, &next, &answer);
        if (reply)
            smartpass__v1__list_employees_response__free_unpacked(reply, NULL);
        if (sp_failed(st))
            return ctl_fail("employee list", st, &answer);
        rpc_answer_done(&answer);
        reply = next;
        for (size_t i = 0; i < reply->n_employees; i++)
            print_employee(reply->employees[i]);
        request.page_token = reply->next_page_token;
        more = reply->next_page_token[0] != 0;
    }
    smartpass__v1__list_employees_response__free_unpacked(reply, NULL);
    return CTL_DONE;
}

/* ---- create ------------------------------------------------------------------------------------------------------ */

static const char *content_type(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && strcasecmp(dot, ".png") == 0 ? "image/png" : "image/jpeg";
}

/* The server judges the content; a refusal ends the stream early and finish says why. */
static void send_file(FILE *f, const char *path, people_upload_photo_client *call)
{
    uint8_t part[PHOTO_PART];
    size_t n;

    while ((n = fread(part, 1, sizeof part, f)) > 0) {
        Google__Api__HttpBody message = GOOGLE__API__HTTP_BODY__INIT;
        message.content_type = (char *)content_type(path);
        message.data = (ProtobufCBinaryData){n, part};
        if (!people_upload_photo_client_write(call, &message))
            return;
    }
}

static int upload_photo(const ctl *c, int64_t *ret_photo_id)
{
    const char *path = c->flags->photo;
    Smartpass__V1__Photo *photo;
    rpc_answer answer = {0};
    FILE *f = fopen(path, "rbe");

    if (!f) {
        fprintf(stderr, "smartpassctl: %s: %s\n", path, strerror(errno));
        return CTL_FAILED;
    }
    people_upload_photo_client *call = people_upload_photo_client_open(c->client, c->options);
    if (!call) {
        fclose(f);
        return CTL_FAILED;
    }
    send_file(f, path, call);
    fclose(f);
    sp_status st = people_upload_photo_client_finish(call, &photo, &answer);
    if (sp_failed(st))
        return ctl_fail(path, st, &answer);
    *ret_photo_id = photo->id;
    smartpass__v1__photo__free_unpacked(photo, NULL);
    rpc_answer_done(&answer);
    return CTL_DONE;
}

int run_employee_create(const ctl *c)
{
    Smartpass__V1__CreateEmployeeRequest request = SMARTPASS__V1__CREATE_EMPLOYEE_REQUEST__INIT;
    Smartpass__V1__Employee employee = SMARTPASS__V1__EMPLOYEE__INIT, *created;
    rpc_answer answer = {0};

    employee.number = (char *)c->flags->number;
    employee.name = (char *)c->flags->name;
    employee.phone = (char *)c->flags->phone;
    employee.card_number = (char *)c->flags->card;
    if (c->flags->photo[0] && upload_photo(c, &employee.photo_id) != CTL_DONE)
        return CTL_FAILED;
    request.employee = &employee;
    sp_status st = people_create_employee(c->client, c->options, &request, &created, &answer);
    if (sp_failed(st))
        return ctl_fail("employee create", st, &answer);
    print_employee(created);
    smartpass__v1__employee__free_unpacked(created, NULL);
    rpc_answer_done(&answer);
    return CTL_DONE;
}
