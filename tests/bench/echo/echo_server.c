/* The echo service on lib/rpc: prints its port and serves until standard input ends. */
#include <stdio.h>
#include <unistd.h>

#include "echo.rpc.h"

typedef Echo__V1__Ping Ping;
typedef Echo__V1__Pong Pong;

static void fill(Pong *pong, const Ping *ping)
{
    pong->id = ping->id;
    pong->number = ping->number;
    pong->payload = ping->payload;
}

static sp_status echo(rpc_call *call, const Ping *request, Pong *reply)
{
    (void)call;
    fill(reply, request);
    return SP_DONE;
}

static sp_status chat_open(echo_chat_stream *stream)
{
    (void)stream;
    return SP_DONE;
}

static void chat_message(echo_chat_stream *stream, const Ping *message)
{
    Pong pong = ECHO__V1__PONG__INIT;

    fill(&pong, message);
    echo_chat_write(stream, &pong);
}

static void chat_half_close(echo_chat_stream *stream)
{
    echo_chat_finish(stream, SP_DONE);
}

static void chat_done(echo_chat_stream *stream)
{
    (void)stream;
}

int main(void)
{
    static const echo_chat_events chat = {
        .open = chat_open,
        .message = chat_message,
        .half_close = chat_half_close,
        .done = chat_done,
    };
    static const echo_service handlers = {
        .size = sizeof handlers,
        .echo = echo,
        .echo_inline = echo,
        .chat = &chat,
    };
    const rpc_listener listener = {.address = "127.0.0.1:0"};
    rpc_server *server = rpc_server_new(&(rpc_server_options){.workers = 16});
    int port;
    char byte;

    if (server == NULL)
        return 1;
    echo_service_register(server, &handlers, NULL);
    if (sp_failed(rpc_server_listen(server, &listener, &port)) || sp_failed(rpc_server_start(server)))
        return 1;
    printf("%d\n", port);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    rpc_server_free(server);
    return 0;
}
