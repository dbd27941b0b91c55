/* The terminal's hardware and screen follow its settings. */
#include <string.h>

#include "clock.h"
#include "log.h"
#include "terminal_parts.h"

#define CHANGED(name) (all || s->name != was->name)

static void obey_fixtures(terminal *t, const terminal_settings *was, bool all)
{
    const terminal_settings *s = t->settings;
    const hal *h = t->hal;

    if (CHANGED(fan))
        h->fixtures.set_fan(h->fixtures.self, s->fan);
    if (CHANGED(brightness))
        h->fixtures.set_brightness(h->fixtures.self, (uint32_t)s->brightness);
    if (CHANGED(auto_start))
        h->power.set_auto_start(h->power.self, s->auto_start);
    if (all || strcmp(s->camera_resolution, was->camera_resolution) != 0)
        h->camera.set_resolution(h->camera.self, s->camera_resolution);
}

void terminal_obey(terminal *t, bool all)
{
    const terminal_settings was = t->obeyed;

    t->obeyed = *t->settings;
    if (!all)
        terminal_log_settings(t, &was);
    obey_fixtures(t, &was, all);
    door_obey(t);
    callback_obey(t);
    if (t->screen.mood == SCREEN_SAVER && !t->settings->screen_saver)
        screen_go_home(&t->screen);
    pass_display_obey(t);
    terminal_refresh(t);
}

setting_change_result terminal_change_setting(terminal *t, const setting_rule *rule, setting_value value)
{
    if (!setting_is_sound(rule, value))
        return SETTING_CHANGE_UNSOUND;
    if (!settings_feed_offers(t->settings_feed, rule, value))
        return SETTING_CHANGE_NOT_OFFERED;
    if (sp_failed(settings_feed_change(t->settings_feed, rule, value)))
        return SETTING_CHANGE_NOT_STORED;
    terminal_obey(t, false);
    if (t->link)
        terminal_link_report(t->link);
    return SETTING_CHANGE_DONE;
}

/* ---- What the names are -------------------------------------------------------------------------------------------
 */

const char *terminal_company(const terminal *t)
{
    return t->settings->company_name[0] ? t->settings->company_name : store_names(t->store)->company;
}

const char *terminal_name(const terminal *t)
{
    const char *name = t->settings->device_name[0] ? t->settings->device_name : store_names(t->store)->device;

    return name[0] ? name : t->mac;
}

/* ---- Light and sound ----------------------------------------------------------------------------------------------
 */

void terminal_light(terminal *t)
{
    light_occasion occasion = t->screen.mood == SCREEN_GREEN ? LIGHT_FOR_SUCCESS
                              : t->screen.mood == SCREEN_RED ? LIGHT_FOR_FAILURE
                                                             : LIGHT_FOR_NOBODY;
    light_colour colour = light_of(t->settings, occasion);

    if (t->light_is_set && colour == t->light)
        return;
    t->light = colour;
    t->light_is_set = true;
    t->hal->fixtures.set_light(t->hal->fixtures.self, colour);
}

void terminal_say(terminal *t, const char *words)
{
    sound said;

    if (voice_of_words(t->settings, words, &said))
        t->hal->audio.play(t->hal->audio.self, &said);
}

/* ---- The daily restart --------------------------------------------------------------------------------------------
 */

#define RESTARTED_DAY "daily_restart_day"

void daily_begin(terminal *t)
{
    const char *zone = store_names(t->store)->time_zone;

    if (!local_time_zone(zone) && zone[0] != '\0')
        log_write(LOG_WARNING, "the enterprise's time zone is not known here, UTC holds", "zone", zone, NULL);
    t->daily = daily_restart_begin((int32_t)store_number(t->store, RESTARTED_DAY), local_time_at(terminal_now_ms(t)));
}

/* The day is on the disk before the restart: whoever comes back knows that it is done. */
void daily_tick(terminal *t)
{
    if (!daily_restart_due(&t->daily, t->settings->restart_daily, t->settings->restart_minute,
                           local_time_at(terminal_now_ms(t))))
        return;
    if (sp_failed(store_set_number(t->store, RESTARTED_DAY, t->daily.done_day))) {
        log_write(LOG_ERROR, "the daily restart cannot be noted, and is left out", NULL);
        return;
    }
    log_write(LOG_INFO, "the daily restart is due", NULL);
    terminal_log(t, LINE_INFO, "RESTARTING", "%s", "as every day");
    t->hal->power.restart(t->hal->power.self);
}
