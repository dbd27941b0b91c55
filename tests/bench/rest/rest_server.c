/* The backend of both gateways, on lib/rpc: rest_server ADDRESS. Answers from memory, so that little but the gateway is
 * measured. Prints a line once it serves, until standard input ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "google/protobuf/timestamp.pb-c.h"
#include "files.rpc.h"
#include "rest.rpc.h"

typedef Rest__V1__Item Item;
typedef Rest__V1__GetItemRequest GetItemRequest;
typedef Rest__V1__ListItemsRequest ListItemsRequest;
typedef Rest__V1__ListItemsResponse ListItemsResponse;
typedef Rest__V1__CreateItemRequest CreateItemRequest;
typedef Rest__V1__DownloadRequest DownloadRequest;

enum { LIST_MAX = 1000, PART_BYTES = 64 << 10 };

static Google__Protobuf__Timestamp created = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
static Rest__V1__Address address = REST__V1__ADDRESS__INIT;
static Item items[LIST_MAX], *item_list[LIST_MAX];

static void make_items(void)
{
    static char *tags[] = {"front door", "glass", "\xe4\xb8\xad\xe6\x96\x87"};
    static int64_t parts[] = {1, 20, 300, 4000, 1LL << 40};
    static uint8_t token[32] = {1, 2, 3, 250};

    created.seconds = 1790000000;
    created.nanos = 120000000;
    address.street = "Long Street 12";
    address.city = "Springfield";
    address.floor = 3;
    for (int i = 0; i < LIST_MAX; i++) {
        items[i] = (Item)REST__V1__ITEM__INIT;
        items[i].id = 1000000007LL * (i + 1);
        items[i].name = "Anna \"Example\" of the third floor";
        items[i].number = "E0123456";
        items[i].state = i % 3;
        items[i].tags = tags;
        items[i].n_tags = 3;
        items[i].created = &created;
        items[i].weight = 0.5 + i;
        items[i].fragile = i % 2;
        items[i].address = &address;
        items[i].token = (ProtobufCBinaryData){sizeof token, token};
        items[i].parts = parts;
        items[i].n_parts = 5;
        item_list[i] = &items[i];
    }
}

/* The reply is a message of its own that borrows from the item. */
static void copy_item(Item *reply, const Item *from)
{
    ProtobufCMessage base = reply->base;

    *reply = *from;
    reply->base = base;
}

static sp_status get_item(rpc_call *call, const GetItemRequest *request, Item *reply)
{
    (void)call;
    copy_item(reply, &items[1]);
    reply->id = request->id;
    return SP_DONE;
}

static sp_status list_items(rpc_call *call, const ListItemsRequest *request, ListItemsResponse *reply)
{
    (void)call;
    reply->n_items = request->page_size > 0 && request->page_size < LIST_MAX ? (size_t)request->page_size : LIST_MAX;
    reply->items = item_list;
    reply->next_page_token = "next";
    return SP_DONE;
}

static sp_status create_item(rpc_call *call, const CreateItemRequest *request, Item *reply)
{
    (void)call;
    if (request->item != NULL)
        copy_item(reply, request->item);
    return SP_DONE;
}

/* ---- Raw bytes ---- */

static sp_status upload_open(file_upload_stream *stream)
{
    int64_t *size = arena_alloc(rpc_call_arena(file_upload_call(stream)), sizeof *size);

    file_upload_set_context(stream, size);
    return size ? SP_DONE : (sp_status){SP_RESOURCE_EXHAUSTED, "NO_MEMORY", "Memory is out."};
}

static void upload_message(file_upload_stream *stream, const Google__Api__HttpBody *message)
{
    int64_t *size = file_upload_context(stream);

    *size += (int64_t)message->data.len;
}

static void upload_half_close(file_upload_stream *stream)
{
    Rest__V1__UploadResponse response = REST__V1__UPLOAD_RESPONSE__INIT;
    const int64_t *size = file_upload_context(stream);

    response.size = *size;
    file_upload_write(stream, &response);
    file_upload_finish(stream, SP_DONE);
}

static void upload_done(file_upload_stream *stream)
{
    (void)stream;
}

static void download_more(file_download_stream *stream)
{
    static uint8_t bytes[PART_BYTES];
    int64_t *left = file_download_context(stream);

    while (*left > 0) {
        Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;

        part.content_type = "application/octet-stream";
        part.data = (ProtobufCBinaryData){*left < PART_BYTES ? (size_t)*left : PART_BYTES, bytes};
        if (file_download_write(stream, &part) != RPC_WRITTEN)
            return;
        *left -= (int64_t)part.data.len;
    }
    file_download_finish(stream, SP_DONE);
}

/* The first parts leave from the first writable event, so that all of them leave on one thread. */
static sp_status download_open(file_download_stream *stream, const DownloadRequest *request)
{
    int64_t *left = arena_alloc(rpc_call_arena(file_download_call(stream)), sizeof *left);

    if (!left)
        return (sp_status){SP_RESOURCE_EXHAUSTED, "NO_MEMORY", "Memory is out."};
    *left = request->size;
    file_download_set_context(stream, left);
    download_more(stream);
    return SP_DONE;
}

static void download_done(file_download_stream *stream)
{
    (void)stream;
}

int main(int argc, char **argv)
{
    static const file_upload_events upload = {
        .open = upload_open,
        .message = upload_message,
        .half_close = upload_half_close,
        .done = upload_done,
    };
    static const file_download_events download = {
        .open = download_open,
        .writable = download_more,
        .done = download_done,
    };
    static const item_service items_handlers = {
        .size = sizeof items_handlers,
        .get_item = get_item,
        .list_items = list_items,
        .create_item = create_item,
    };
    static const file_service files_handlers = {
        .size = sizeof files_handlers,
        .upload = &upload,
        .download = &download,
    };
    const rpc_listener listener = {.address = argc > 1 ? argv[1] : ""};
    rpc_server *server = rpc_server_new(&(rpc_server_options){0});
    char byte;

    make_items();
    if (server == NULL)
        return 1;
    item_service_register(server, &items_handlers, NULL);
    file_service_register(server, &files_handlers, NULL);
    if (sp_failed(rpc_server_listen(server, &listener, NULL)) || sp_failed(rpc_server_start(server)))
        return 1;
    puts("ready");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    rpc_server_free(server);
    return 0;
}
