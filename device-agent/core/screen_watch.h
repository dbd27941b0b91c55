/* Somebody looks at the screen from the console: when a frame of it is made, and what of it goes up next. Decides,
 * never acts: whoever owns screen and link makes the frames and sends them. Times are of the monotonic clock. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    SCREEN_PART_MAX = 16384,          /* bytes of a frame in one message */
    SCREEN_FRAME_MAX = 256 * 1024,    /* bytes of a frame */
    SCREEN_WANTED_MAX_MS = 60 * 1000, /* whatever the server says, until it says so again */
    SCREEN_INTERVAL_MIN_MS = 200,
    SCREEN_INTERVAL_MAX_MS = 10 * 1000,
};

typedef enum {
    SCREEN_UNWATCHED, /* nobody looks */
    SCREEN_WAITING,   /* until the next frame may be made */
    SCREEN_MAKING,
    SCREEN_SENDING, /* a frame, or that nothing has changed */
} screen_watch_state;

typedef struct {
    screen_watch_state state;
    int64_t until_ms; /* when nobody looks any more */
    int64_t interval_ms;
    int64_t next_ms; /* when the next frame may be made */
    uint32_t frame;  /* the last one, counted from 1 since the order; 0: none was made yet */
    uint32_t total;  /* bytes of the frame on its way; 0: nothing has changed */
    uint32_t sent;
} screen_watch;

screen_watch screen_watch_none(void);

/* The server's order: for wanted_ms from now on, 0: not any more. True when somebody begins to look; an order during
 * another one prolongs it and counts on. */
bool screen_watch_order(screen_watch *w, uint32_t wanted_ms, uint32_t interval_ms, int64_t now_ms);

/* The connection is gone. */
void screen_watch_lost(screen_watch *w);

/* Time has passed. True when a frame is to be made now; the watch then waits for one of the three answers below. */
bool screen_watch_tick(screen_watch *w, int64_t now_ms);

/* It was made and has so many bytes, 1–SCREEN_FRAME_MAX; it is as the one before; it cannot be made. Nothing when
 * nobody waits for it any more. */
void screen_watch_made(screen_watch *w, uint32_t size);
void screen_watch_same(screen_watch *w);
void screen_watch_failed(screen_watch *w);

/* True when something goes up next: *ret_size bytes of the frame from w->sent on, none when nothing has changed. */
bool screen_watch_part(const screen_watch *w, uint32_t *ret_size);
void screen_watch_sent(screen_watch *w, uint32_t size);

/* When the owner should look again; INT64_MAX: never. */
int64_t screen_watch_due_ms(const screen_watch *w);
