/* How a client comes to a server that is far away or busy. */
#include <arpa/inet.h>
#include <check.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "room.h"
#include "suite.h"

enum { DELAY_MS = 700 };

/* A door on the way to the room, which lets nothing through at first. */
typedef struct {
    int listener;
    int port;
    int room_port;
    pthread_t thread;
} slow_door;

static int make_socket(int port, bool listens)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT(fd >= 0);
    if (listens) {
        EXPECT(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
        EXPECT(listen(fd, 1) == 0);
    } else {
        EXPECT(connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    }
    return fd;
}

/* False when the one side has ended. */
static bool pass_on(int from, int to)
{
    char bytes[4096];
    ssize_t n = read(from, bytes, sizeof bytes);

    return n > 0 && write(to, bytes, (size_t)n) == n;
}

static void *serve_one(void *arg)
{
    const slow_door *door = arg;
    int client = accept(door->listener, NULL, NULL);
    int server = make_socket(door->room_port, false);
    struct pollfd ends[] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    bool open = client >= 0;

    sleep_ms(DELAY_MS);
    while (open && poll(ends, 2, -1) > 0)
        open = (ends[0].revents == 0 || pass_on(client, server)) && (ends[1].revents == 0 || pass_on(server, client));
    close(client);
    close(server);
    return NULL;
}

static void open_door(slow_door *door, int room_port)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;

    door->room_port = room_port;
    door->listener = make_socket(0, true);
    EXPECT(getsockname(door->listener, (struct sockaddr *)&address, &size) == 0);
    door->port = ntohs(address.sin_port);
    EXPECT(pthread_create(&door->thread, NULL, serve_one, door) == 0);
}

START_TEST(a_server_that_takes_its_time_is_waited_for)
{
    slow_door door;
    char target[64];
    room here;

    room_open(&here, NULL);
    open_door(&door, here.port);
    snprintf(target, sizeof target, "127.0.0.1:%d", door.port);

    rpc_client *client = room_client_to(target);

    ck_assert_int_eq(room_play(client, "left", 0, &(rpc_options){.timeout_ms = 30000}, NULL, NULL).code, SP_OK);
    rpc_client_free(client);
    pthread_join(door.thread, NULL);
    close(door.listener);
    room_close(&here);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("connections of clients");
    TCase *cases = tcase_create("connect");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_server_that_takes_its_time_is_waited_for);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
