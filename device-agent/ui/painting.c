#include "painting.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "painter.h"
#include "picture_file.h"
#include "screen_watch.h"

enum { QUALITY = 70, QUALITY_LEAST = 10, QUALITY_STEP = 20, NICER = 10, STACK_BYTES = 512 * 1024 };

struct painting {
    pthread_t thread;
    atomic_bool done;
    screen shown;
    uint8_t *seen, *display; /* copies of the JPEGs, or NULL */
    size_t seen_size, display_size;
    bitmap framebuffer; /* without pixels: the model is painted */
    char *font;
    painting_result result;
};

static void let_go(painting *p)
{
    free(p->seen);
    free(p->display);
    free(p->font);
    bitmap_done(&p->framebuffer);
    free(p);
}

/* ---- On the thread ----------------------------------------------------------------------------------------------- */

/* Without pixels: there is none, or it cannot be decoded. */
static bitmap decode(const uint8_t *jpeg, size_t size)
{
    bitmap pixels = {0};

    if (jpeg && picture_file_decode(jpeg, size, PAINTER_HEIGHT, &pixels) != PICTURE_FILE_OK)
        pixels = (bitmap){0};
    return pixels;
}

static bool paint_model(painting *p, bitmap *ret_picture)
{
    bitmap display = decode(p->display, p->display_size), seen = {0};
    const painter_scene scene = {.shown = &p->shown, .display = &display, .seen = &seen, .font = p->font};
    bool painted;

    if (!display.rgb)
        seen = decode(p->seen, p->seen_size);
    painted = painter_paint(&scene, ret_picture, &p->result.wordless);
    bitmap_done(&seen);
    bitmap_done(&display);
    return painted;
}

static bool make_picture(painting *p, bitmap *ret_picture)
{
    const face_picture view = bitmap_view(&p->framebuffer);

    return view.rgb ? bitmap_shrink(&view, PAINTER_HEIGHT, ret_picture) : paint_model(p, ret_picture);
}

static void make(painting *p)
{
    painting_result *r = &p->result;
    bitmap picture;
    face_picture view;

    if (!make_picture(p, &picture))
        return;
    view = bitmap_view(&picture);
    for (int quality = QUALITY; quality >= QUALITY_LEAST; quality -= QUALITY_STEP) {
        if (!picture_file_encode(&view, quality, &r->jpeg, &r->size)) {
            r->jpeg = NULL;
            break;
        }
        if (r->size <= SCREEN_FRAME_MAX)
            break;
        free(r->jpeg);
        r->jpeg = NULL;
    }
    bitmap_done(&picture);
}

static void *run(void *arg)
{
    painting *p = arg;
    int64_t began_ms = clock_monotonic_ms();

    /* Of this thread alone, as Linux has it. Without the right to it, it paints as it is. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICER);
    make(p);
    p->result.milliseconds = clock_monotonic_ms() - began_ms;
    atomic_store(&p->done, true);
    return NULL;
}

/* ---- For the owner ----------------------------------------------------------------------------------------------- */

static bool copy(const uint8_t *bytes, size_t size, uint8_t **ret_copy, size_t *ret_size)
{
    if (!bytes || size == 0)
        return true;
    *ret_copy = malloc(size);
    if (!*ret_copy)
        return false;
    memcpy(*ret_copy, bytes, size);
    *ret_size = size;
    return true;
}

static bool gather(painting *p, const painting_order *order)
{
    const screen_display *display = &order->shown->display;

    p->shown = *order->shown;
    p->shown.display.jpeg = NULL; /* borrowed, and perhaps gone before it is painted */
    if (order->framebuffer) {
        p->framebuffer = *order->framebuffer;
        *order->framebuffer = (bitmap){0};
        return true;
    }
    if (order->font && !(p->font = strdup(order->font)))
        return false;
    if (display->id != 0 && !copy(display->jpeg, display->size, &p->display, &p->display_size))
        return false;
    return copy(order->seen, order->seen_size, &p->seen, &p->seen_size);
}

static bool start(painting *p)
{
    pthread_attr_t attributes;
    bool started;

    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    started = pthread_create(&p->thread, &attributes, run, p) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

painting *painting_begin(const painting_order *order)
{
    painting *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    if (!gather(p, order) || !start(p)) {
        let_go(p);
        return NULL;
    }
    return p;
}

bool painting_is_done(const painting *p)
{
    return atomic_load(&p->done);
}

painting_result painting_end(painting *p)
{
    painting_result result;

    pthread_join(p->thread, NULL);
    result = p->result;
    let_go(p);
    return result;
}
