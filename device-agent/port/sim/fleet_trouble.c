#include "fleet_trouble.h"

#include <stdio.h>

#include "random.h"

enum { CUT_LONGEST_MS = 4000 };

void fleet_trouble_init(fleet_trouble *t, const agent_options *options)
{
    *t = (fleet_trouble){.options = options, .dice = (uint64_t)options->seed};
    if (t->dice == 0 && sp_failed(crypto_random(&t->dice, sizeof t->dice)))
        t->dice = 1;
}

/* splitmix64: every state is followed by another, and each draw mixes all of it. */
uint64_t fleet_trouble_roll(fleet_trouble *t, uint64_t bound)
{
    uint64_t x = t->dice += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (x ^ (x >> 31)) % bound;
}

/* ---- One of each --------------------------------------------------------------------------------------------------
 */

static fleet_terminal *somebody(fleet_trouble *t)
{
    return t->terminals[fleet_trouble_roll(t, t->count)];
}

static setting_value value_of(fleet_trouble *t, const setting_rule *rule, char *text, size_t cap)
{
    setting_value value = {0, text};

    text[0] = '\0';
    if (rule->kind == SETTING_RESOLUTION)
        snprintf(text, cap, "%s", fleet_trouble_roll(t, 2) ? "640x480" : "1280x720");
    else if (rule->kind == SETTING_URL)
        snprintf(text, cap, "https://face.example/%u", (unsigned)fleet_trouble_roll(t, 1000));
    else if (setting_is_text(rule))
        snprintf(text, cap, "Name %u", (unsigned)fleet_trouble_roll(t, 1000));
    else if (rule->kind == SETTING_SWITCH)
        value.number = (int64_t)fleet_trouble_roll(t, 2);
    else
        value.number = rule->min + rule->step * (int64_t)fleet_trouble_roll(
                                                    t, (uint64_t)((rule->max - rule->min) / rule->step + 1));
    return value;
}

/* Every other time one of a few, which the console may be changing as well. */
static const setting_rule *some_rule(fleet_trouble *t)
{
    static const uint32_t popular[] = {SETTING_KEY_volume, SETTING_KEY_relay_seconds, SETTING_KEY_company_name,
                                       SETTING_KEY_camera_resolution};

    if (fleet_trouble_roll(t, 2))
        return setting_find(popular[fleet_trouble_roll(t, sizeof popular / sizeof *popular)]);
    return &setting_rules[fleet_trouble_roll(t, SETTING_COUNT)];
}

/* Passwords stay: to make one takes as long as a thousand other changes. */
static void edit(fleet_trouble *t)
{
    const setting_rule *rule = some_rule(t);
    char text[64];
    setting_value value;

    if (rule->kind == SETTING_PIN)
        return;
    value = value_of(t, rule, text, sizeof text);
    if (setting_is_sound(rule, value) && fleet_terminal_edit(somebody(t), rule, value))
        t->edits++;
}

static void cut(fleet_trouble *t)
{
    fleet_terminal_cut(somebody(t), 1 + (int64_t)fleet_trouble_roll(t, CUT_LONGEST_MS));
    t->outages++;
}

static void kill_one(fleet_trouble *t)
{
    if (fleet_trouble_roll(t, 2))
        fleet_terminal_kill(somebody(t));
    else
        fleet_terminal_kill_when_told(somebody(t));
    t->kills++;
}

/* ---- All of it ----------------------------------------------------------------------------------------------------
 */

void fleet_trouble_begin(fleet_trouble *t, fleet_terminal **terminals, size_t count, int64_t now_ms)
{
    t->terminals = terminals;
    t->count = count;
    t->dealt_ms = now_ms;
}

static void deal(fleet_trouble *t, double *owed, int64_t per_second, int64_t passed_ms, void (*one)(fleet_trouble *t))
{
    for (*owed += (double)passed_ms * (double)per_second / 1000.0; *owed >= 1; *owed -= 1)
        one(t);
}

void fleet_trouble_step(fleet_trouble *t, int64_t now_ms)
{
    int64_t passed_ms = now_ms - t->dealt_ms;

    t->dealt_ms = now_ms;
    deal(t, &t->owed_edits, t->options->edits, passed_ms, edit);
    deal(t, &t->owed_outages, t->options->outages, passed_ms, cut);
    deal(t, &t->owed_kills, t->options->kills, passed_ms, kill_one);
}
