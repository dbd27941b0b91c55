/* The pass display: a picture over the whole screen for whoever is recognised, with the verdict as a band. The next
 * pass takes its place, and so do menu and photo screen; a look at nobody does not. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "terminal_parts.h"

bool pass_display_is_shown(const terminal *t)
{
    return t->screen.display.id != 0;
}

void pass_display_show(terminal *t, const sight_report *report)
{
    display_store *displays = store_displays(t->store);
    const display_picture *picture = display_plan_choose(display_store_plan(displays), t->settings, &report->verdict,
                                                         report->kind, report->person_id);
    screen_display shown;
    uint8_t *jpeg;

    if (!picture || !display_store_read(displays, picture, &jpeg, &shown.size))
        return;
    free(t->display_jpeg);
    t->display_jpeg = jpeg;
    t->display_seconds = picture->seconds;
    memcpy(t->display_sha256, picture->sha256, sizeof t->display_sha256);
    shown.id = picture->id;
    shown.jpeg = jpeg;
    screen_show_display(&t->screen, &shown);
}

int64_t pass_display_ms(const terminal *t)
{
    return pass_display_is_shown(t) ? (int64_t)t->display_seconds * 1000 : 0;
}

void pass_display_settle(terminal *t)
{
    if (pass_display_is_shown(t))
        return;
    free(t->display_jpeg);
    t->display_jpeg = NULL;
}

/* What was withdrawn, or switched off, is not shown a moment longer; the verdict stays. */
void pass_display_obey(terminal *t)
{
    const display_plan *plan = display_store_plan(store_displays(t->store));

    if (!pass_display_is_shown(t) || (t->settings->pass_display && display_plan_find(plan, t->display_sha256)))
        return;
    screen_show_display(&t->screen, &(screen_display){0});
    terminal_show(t);
}

/* ---- What the server plans --------------------------------------------------------------------------------------- */

static void go_on(terminal *t, display_step step)
{
    const display_plan *plan = display_store_plan(store_displays(t->store));

    if (step == DISPLAY_CHANGED) {
        pass_display_obey(t);
        terminal_log(t, LINE_INFO, "DISPLAY_CHANGED", "%u pictures, %u refused, %u people", plan->picture_count,
                     display_feed_refused(t->displays), plan->owner_count);
    }
    if (step != DISPLAY_NOTHING)
        terminal_link_report(t->link);
}

void pass_display_plan(terminal *t, const DisplayPlan *plan)
{
    go_on(t, display_feed_plan(t->displays, plan));
}

void pass_display_chunk(terminal *t, const DisplayChunk *chunk)
{
    go_on(t, display_feed_chunk(t->displays, chunk));
}
