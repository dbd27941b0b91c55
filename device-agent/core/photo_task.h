/* A photo that the server wants for a form: what the photo screen does next. Decides, never acts: whoever owns camera,
 * screen and link does what is due and says what came of it. Times are of the monotonic clock. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    PHOTO_PART_MAX = 16384,        /* bytes of the picture in one message */
    PHOTO_PICTURE_MAX = 512000,    /* bytes of the picture */
    PHOTO_LOOK_MS = 500,           /* between two looks through the camera */
    PHOTO_READ_MS = 1500,          /* to read why the last picture was no good */
    PHOTO_BLIND_MS = 20000,        /* without any picture from the camera: it has failed */
    PHOTO_LONGEST_MS = 10 * 60000, /* whatever the server says */
};

typedef enum {
    PHOTO_IDLE,    /* no photo is wanted; every other state shows the photo screen */
    PHOTO_LOOKING, /* for somebody before the camera */
    PHOTO_SENDING, /* a picture was taken */
    PHOTO_WAITING, /* for the server's word about it */
} photo_state;

/* What the server is to hear. */
typedef enum { PHOTO_SAYS_NOTHING, PHOTO_SAYS_SHOWING, PHOTO_SAYS_FAILED, PHOTO_SAYS_CANCELLED } photo_word;

typedef struct {
    photo_state state;
    int64_t id;       /* of the order; kept when it is over, for the last word about it */
    int64_t until_ms; /* when it is over whatever happens */
    int64_t look_ms;  /* when the camera is asked next */
    int64_t blind_ms; /* when a camera that has given no picture has failed */
    photo_word word;
    uint32_t total; /* bytes of the picture on its way */
    uint32_t sent;
} photo_task;

/* What follows from an event. */
typedef enum {
    PHOTO_NOTHING,
    PHOTO_SHOW,   /* the photo screen, from the beginning */
    PHOTO_AGAIN,  /* the photo screen says why; the picture is dropped */
    PHOTO_THANKS, /* the picture was taken up and is dropped */
    PHOTO_LEAVE,  /* the photo screen; the picture is dropped */
} photo_action;

photo_task photo_task_idle(void);

/* The server's orders; ids are never 0. Those about another than the present order's change nothing, except that a new
 * one takes the present one's place. */
photo_action photo_task_take(photo_task *p, int64_t id, bool again, int64_t left_ms, int64_t now_ms);
photo_action photo_task_done(photo_task *p, int64_t id);
photo_action photo_task_cancel(photo_task *p, int64_t id);

/* Whether the camera's next picture is for the photo screen: true in every state but PHOTO_IDLE. */
bool photo_task_is_shown(const photo_task *p);

/* The camera was asked and gave a picture, or none. PHOTO_LEAVE when it has given none for too long. */
photo_action photo_task_looked(photo_task *p, bool got_picture, int64_t now_ms);

/* A good picture of so many bytes, 1–PHOTO_PICTURE_MAX, is to be sent. Only while LOOKING. */
void photo_task_taken(photo_task *p, uint32_t size);

/* How many bytes go up next, from p->sent; 0: none. */
uint32_t photo_task_part(const photo_task *p);
void photo_task_sent(photo_task *p, uint32_t size);

/* What the server is to hear, once. */
photo_word photo_task_say(photo_task *p);

/* The picture cannot be taken; somebody has left the photo screen; the connection is gone; time has passed. */
photo_action photo_task_fail(photo_task *p);
photo_action photo_task_leave(photo_task *p);
photo_action photo_task_lost(photo_task *p);
photo_action photo_task_tick(photo_task *p, int64_t now_ms);

/* When the owner should look again: time for a picture, or over. INT64_MAX: never. */
int64_t photo_task_due_ms(const photo_task *p);
