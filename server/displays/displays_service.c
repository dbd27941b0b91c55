/* Pass displays: the handlers. A picture is looked at between two transactions, because that takes its time: what the
 * first one found is asked again in the second. */
#include <string.h>

#include "devices.h"
#include "display_rules.h"
#include "displays_parts.h"
#include "id.h"
#include "org.h"
#include "permissions.h"

sp_status display_viewer_find(rpc_call *call, db_tx *tx, display_viewer *ret_viewer)
{
    const caller *who = call_caller(call);
    db_column kinds;

    db_column_init(&kinds, db_tx_arena(tx), DB_COLUMN_INT16);
    if (permission_is_held(who, "employees.view"))
        db_column_int(&kinds, SMARTPASS__V1__PERSON_KIND__PERSON_KIND_EMPLOYEE);
    if (permission_is_held(who, "visitors.view"))
        db_column_int(&kinds, SMARTPASS__V1__PERSON_KIND__PERSON_KIND_VISITOR);
    *ret_viewer = (display_viewer){.enterprise_id = who->enterprise_id, .now_ms = call_now_ms(call)};
    ret_viewer->kinds = db_column_arg(&kinds);
    return org_scope(tx, who, 0, &ret_viewer->groups);
}

static sp_status begin(rpc_call *call, db_tx **ret_tx, display_viewer *ret_viewer)
{
    sp_status st = call_tx(call, ret_tx);

    return sp_failed(st) ? st : display_viewer_find(call, *ret_tx, ret_viewer);
}

/* For the log, which must not keep names longer than people are kept. */
static const ProtobufCMessage *without_names(rpc_call *call, const Display *display)
{
    Display *copy = arena_alloc(rpc_call_arena(call), sizeof *copy);

    if (!copy)
        return NULL;
    *copy = *display;
    copy->n_people = 0;
    return &copy->base;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static sp_status list_displays(rpc_call *call, const ListDisplaysRequest *request, ListDisplaysResponse *reply)
{
    display_viewer viewer;
    db_tx *tx;
    sp_status st = begin(call, &tx, &viewer);

    if (!sp_failed(st))
        st = display_store_list(tx, &viewer, request->device_id, &reply->displays, &reply->n_displays);
    return st;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* What can be said of a wish without looking anywhere. */
static sp_status wish_take(rpc_call *call, const Display *wanted, display_wish *ret_wish)
{
    int64_t *ids = arena_array(rpc_call_arena(call), wanted->n_person_ids + 1, sizeof *ids);
    int seconds = display_seconds(wanted->seconds);
    sp_status st = SP_DONE;

    if (!ids)
        return OUT_OF_MEMORY;
    if (wanted->n_person_ids > 0)
        memcpy(ids, wanted->person_ids, wanted->n_person_ids * sizeof *ids);
    *ret_wish = (display_wish){
        .device_id = wanted->device_id,
        .id = wanted->id,
        .strangers = wanted->strangers,
        .seconds = seconds,
        .person_ids = ids,
        .person_count = display_people_sort(ids, wanted->n_person_ids),
    };
    if (seconds < 0)
        st = rpc_call_violation(call, "display.seconds", "OUT_OF_RANGE", "A picture is shown for 1 to 60 seconds.");
    return st;
}

static sp_status people_hold(rpc_call *call, db_tx *tx, const display_viewer *viewer, const display_wish *wish)
{
    display_people_outcome outcome;
    sp_status st = display_people_hold(tx, viewer, wish, &outcome);

    if (sp_failed(st) || outcome == DISPLAY_PEOPLE_FINE)
        return st;
    if (outcome == DISPLAY_PERSON_DENIED)
        return rpc_call_violation(call, "display.person_ids", "PERSON_BLACKLISTED",
                                  "The blacklist names one of these people.");
    return rpc_call_violation(call, "display.person_ids", "PERSON_UNKNOWN",
                              "There is no such employee or visitor, or the caller does not see him.");
}

static sp_status nobody(rpc_call *call)
{
    return rpc_call_violation(call, "display.person_ids", "NOBODY_CHOSEN", "Choose people, strangers, or both.");
}

static sp_status answer(rpc_call *call, db_tx *tx, const display_viewer *viewer, const display_wish *wish,
                        Display *reply)
{
    Display *shown;
    sp_status st = display_store_get(tx, viewer, wish->device_id, wish->id, &shown);

    if (sp_failed(st))
        return st;
    *reply = *shown;
    call_audit_after(call, without_names(call, reply));
    return SP_DONE;
}

/* Where it will be and whose. */
static sp_status place_new(rpc_call *call, const display_wish *wish, db_tx **ret_tx, display_viewer *ret_viewer)
{
    const char *name = "";
    bool waiting = false;
    sp_status st = begin(call, ret_tx, ret_viewer);

    if (!sp_failed(st))
        st = display_store_device(*ret_tx, ret_viewer, wish->device_id, &name, &waiting);
    if (strcmp(st.reason, DEVICE_NOT_FOUND.reason) == 0)
        return rpc_call_violation(call, "display.device_id", "DEVICE_UNKNOWN", "There is no such terminal.");
    call_audit_object(call, "device %s", name);
    if (!sp_failed(st) && waiting)
        st = DEVICE_WAITING;
    return sp_failed(st) ? st : people_hold(call, *ret_tx, ret_viewer, wish);
}

static sp_status create_display(rpc_call *call, const CreateDisplayRequest *request, Display *reply)
{
    const server_displays *displays = rpc_call_self(call);
    display_viewer viewer;
    display_wish wish;
    photo_facts picture;
    db_tx *tx;
    sp_status st = wish_take(call, request->display, &wish);

    if (!sp_failed(st) && !wish.strangers && wish.person_count == 0)
        st = nobody(call);
    wish.id = id_next();
    if (!sp_failed(st))
        st = place_new(call, &wish, &tx, &viewer);
    if (!sp_failed(st))
        st = call_commit(call);
    if (!sp_failed(st))
        st = display_picture_look(call, &request->picture, &picture);
    if (!sp_failed(st))
        st = place_new(call, &wish, &tx, &viewer);
    wish.picture = &picture;
    if (!sp_failed(st))
        st = display_store_add(displays->options.blobs, tx, &viewer, &wish);
    return sp_failed(st) ? st : answer(call, tx, &viewer, &wish, reply);
}

/* The display as it is, held; the terminal that a wish names is its own. */
static sp_status place_present(rpc_call *call, display_wish *wish, db_tx **ret_tx, display_viewer *ret_viewer)
{
    int64_t device_id = 0;
    const char *name = "";
    Display *before;
    sp_status st = begin(call, ret_tx, ret_viewer);

    if (!sp_failed(st))
        st = display_store_place(*ret_tx, ret_viewer, wish->id, &device_id, &name);
    if (sp_failed(st))
        return st;
    call_audit_object(call, "device %s", name);
    if (wish->device_id != 0 && wish->device_id != device_id)
        return rpc_call_violation(call, "display.device_id", "DEVICE_UNKNOWN", "A picture stays with its terminal.");
    wish->device_id = device_id;
    st = display_store_get(*ret_tx, ret_viewer, device_id, wish->id, &before);
    if (sp_failed(st))
        return st;
    call_audit_before(call, without_names(call, before));
    /* Those whom the caller does not see stay. */
    if (!wish->strangers && wish->person_count == 0 && (size_t)before->people_count == before->n_people)
        return nobody(call);
    return people_hold(call, *ret_tx, ret_viewer, wish);
}

static sp_status update_display(rpc_call *call, const UpdateDisplayRequest *request, Display *reply)
{
    const server_displays *displays = rpc_call_self(call);
    display_viewer viewer;
    display_wish wish;
    photo_facts picture;
    db_tx *tx;
    sp_status st = wish_take(call, request->display, &wish);

    if (!sp_failed(st))
        st = place_present(call, &wish, &tx, &viewer);
    if (!sp_failed(st) && request->picture.len > 0) {
        st = call_commit(call);
        if (!sp_failed(st))
            st = display_picture_look(call, &request->picture, &picture);
        if (!sp_failed(st))
            st = place_present(call, &wish, &tx, &viewer);
        wish.picture = &picture;
    }
    if (!sp_failed(st))
        st = display_store_set(displays->options.blobs, tx, &viewer, &wish);
    return sp_failed(st) ? st : answer(call, tx, &viewer, &wish, reply);
}

static sp_status delete_display(rpc_call *call, const DeleteDisplayRequest *request, DeleteDisplayResponse *reply)
{
    display_viewer viewer;
    int64_t device_id = 0;
    const char *name = "";
    Display *before;
    db_tx *tx;
    sp_status st = begin(call, &tx, &viewer);

    (void)reply;
    if (!sp_failed(st))
        st = display_store_place(tx, &viewer, request->id, &device_id, &name);
    if (!sp_failed(st))
        st = display_store_get(tx, &viewer, device_id, request->id, &before);
    if (sp_failed(st))
        return st;
    call_audit_object(call, "device %s", name);
    call_audit_before(call, without_names(call, before));
    return display_store_delete(tx, &viewer, device_id, request->id);
}

void displays_register(server_displays *displays, rpc_server *server)
{
    static const displays_service handlers = {
        .size = sizeof handlers,
        .list_displays = list_displays,
        .create_display = create_display,
        .update_display = update_display,
        .delete_display = delete_display,
        .download_display_picture = &DISPLAY_DOWNLOAD,
    };
    displays_service_register(server, &handlers, displays);
}
