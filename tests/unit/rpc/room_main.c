/* The room as a program: prints its port and serves until its standard input ends. For clients in other languages. */
#include <stdio.h>
#include <unistd.h>

#include "room.h"
#include "room_descriptors.h"

int main(void)
{
    room r;
    char byte;

    room_open(&r, &(rpc_server_options){
                      .workers = 4,
                      .descriptors = room_descriptors,
                      .descriptors_size = room_descriptors_size,
                  });
    printf("%d\n", r.port);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    rpc_server_stop(r.server, 2000);
    room_close(&r);
    return seen.begins == seen.ends && seen.opens == seen.dones ? 0 : 1;
}
