/* The terminal's settings: the typed list, and how server and terminal come to agree although both change them. */
#include <string.h>

#include "setting_state.h"
#include "settings.h"
#include "smartpass/v1/devices.pb-c.h"
#include "suite.h"

#define SAME(ours, theirs) _Static_assert((int)(ours) == (int)SMARTPASS__V1__##theirs, "not the contract's number")
SAME(RELAY_STAYS_OPEN, RELAY_MODE__RELAY_MODE_STAYS_OPEN);
SAME(RELAY_PULSES_HIGH, RELAY_MODE__RELAY_MODE_ACTIVE_HIGH);
SAME(RELAY_PULSES_LOW, RELAY_MODE__RELAY_MODE_ACTIVE_LOW);
SAME(SCENARIO_INDOOR, TEMPERATURE_SCENARIO__TEMPERATURE_SCENARIO_INDOOR);
SAME(SCENARIO_OUTDOOR, TEMPERATURE_SCENARIO__TEMPERATURE_SCENARIO_OUTDOOR);
SAME(TEMPERATURE_PRIMARY, TEMPERATURE_MODE__TEMPERATURE_MODE_PRIMARY);
SAME(TEMPERATURE_FINE, TEMPERATURE_MODE__TEMPERATURE_MODE_FINE);
SAME(UNIT_CELSIUS, TEMPERATURE_UNIT__TEMPERATURE_UNIT_CELSIUS);
SAME(UNIT_FAHRENHEIT, TEMPERATURE_UNIT__TEMPERATURE_UNIT_FAHRENHEIT);
SAME(UNIT_BOTH, TEMPERATURE_UNIT__TEMPERATURE_UNIT_BOTH);
SAME(SUCCESS_IMAGE, SUCCESS_EFFECT__SUCCESS_EFFECT_IMAGE);
SAME(SUCCESS_TEXT, SUCCESS_EFFECT__SUCCESS_EFFECT_TEXT);
SAME(FAILURE_RED_LIGHT, FAILURE_EFFECT__FAILURE_EFFECT_RED_LIGHT);
SAME(FAILURE_NO_LIGHT, FAILURE_EFFECT__FAILURE_EFFECT_NONE);
SAME(FILL_THREE_COLOUR, FILL_LIGHT__FILL_LIGHT_THREE_COLOUR);
SAME(FILL_WHITE, FILL_LIGHT__FILL_LIGHT_WHITE);
SAME(FILL_OFF, FILL_LIGHT__FILL_LIGHT_OFF);

/* ---- The list ------------------------------------------------------------------------------------------------------
 */

START_TEST(the_factory_settings_are_the_manuals)
{
    terminal_settings s = settings_factory();

    ck_assert(s.temperature_detection && s.block_abnormal && s.stranger_record && s.alarm_sound && s.photo_kept);
    ck_assert(!s.mask_required && !s.stranger_mode && !s.liveness && !s.silent && !s.callback);
    ck_assert_int_eq(s.alarm_threshold_centi, 3730);
    ck_assert_int_eq(s.relay_mode, RELAY_STAYS_OPEN);
    ck_assert_int_eq(s.relay_seconds, 5);
    ck_assert_int_eq(s.recognition_attempts, 3);
    ck_assert_int_eq(s.volume, 20);
    ck_assert_int_eq(s.restart_minute, 180);
    ck_assert_str_eq(s.camera_resolution, "1280x720");
    ck_assert_str_eq(s.password, "");
}
END_TEST

START_TEST(every_setting_goes_in_and_comes_out_and_moves_no_other)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const setting_rule *rule = &setting_rules[i];
        const terminal_settings before = settings_factory();
        terminal_settings s = before;
        setting_value other = {rule->kind == SETTING_SWITCH ? !rule->factory : rule->max, "640x480"};

        if (rule->max == rule->factory)
            other.number = rule->min;
        settings_put(&s, rule, other);
        ck_assert_msg(setting_equal(rule, settings_get(&s, rule), other), "%s", rule->name);
        ck_assert_msg(!setting_equal(rule, settings_get(&s, rule), setting_factory(rule)), "%s", rule->name);
        for (size_t k = 0; k < SETTING_COUNT; k++)
            settings_put(&s, &setting_rules[k], settings_get(&s, &setting_rules[k])); /* its own, once more */
        for (size_t k = 0; k < SETTING_COUNT; k++)
            if (k != i)
                ck_assert_msg(setting_equal(&setting_rules[k], settings_get(&s, &setting_rules[k]),
                                            settings_get(&before, &setting_rules[k])),
                              "%s moved %s", rule->name, setting_rules[k].name);
    }
}
END_TEST

START_TEST(the_longest_text_of_each_setting_has_its_room)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const setting_rule *rule = &setting_rules[i];
        size_t longest = rule->kind == SETTING_PIN ? SETTING_TEXT_SIZE - 1 : rule->longest;
        terminal_settings s = settings_factory();
        char text[SETTING_TEXT_SIZE] = "";

        if (!setting_is_text(rule))
            continue;
        memset(text, 'a', longest);
        settings_put(&s, rule, (setting_value){0, text});
        ck_assert_msg(strlen(settings_get(&s, rule).text) == longest, "%s", rule->name);
    }
}
END_TEST

/* ---- What a value that comes down means ----------------------------------------------------------------------------
 */

typedef struct {
    const char *sentence;
    setting_state here;
    int64_t version;
    uint64_t edit;
    setting_step step;
} hearing;

static const hearing hearings[] = {
    {"the server's newer value is taken", {4, 0}, 5, 0, {{5, 0}, true, false}},
    {"the same value once more is taken once more", {5, 0}, 5, 0, {{5, 0}, true, false}},
    {"the server's newer value wins over a change here", {4, 77}, 5, 0, {{5, 0}, true, false}},
    {"what the change here is based on does not undo it", {4, 77}, 4, 0, {{4, 77}, false, false}},
    {"the answer to the change here ends it", {4, 77}, 5, 77, {{5, 0}, true, false}},
    {"the answer to an earlier change here leaves the later one", {4, 77}, 5, 66, {{5, 77}, false, true}},
    {"the answer to an earlier change, again, tells nothing again", {5, 77}, 5, 66, {{5, 77}, false, false}},
    {"a change made here in a former life is taken", {0, 0}, 5, 66, {{5, 0}, true, false}},
    {"a server that came back from an old copy is right", {9, 0}, 5, 0, {{5, 0}, true, false}},
    {"and wins over a change here", {9, 77}, 5, 0, {{5, 0}, true, false}},
};

START_TEST(each_value_means_what_the_sentence_says)
{
    const hearing *h = &hearings[_i];
    setting_step step = setting_hear(h->here, h->version, h->edit);

    ck_assert_msg(step.state.version == h->step.state.version && step.state.edit == h->step.state.edit, "%s",
                  h->sentence);
    ck_assert_msg(step.take == h->step.take && step.tell == h->step.tell, "%s", h->sentence);
}
END_TEST

/* ---- Both sides, a bad line between them ---------------------------------------------------------------------------
 */

enum { KEYS = 3, QUEUE = 64, WALKS = 2000, STEPS = 120 };

typedef struct {
    int key;
    int64_t version;
    uint64_t edit;
    int64_t value;
} word;

typedef struct {
    word words[QUEUE];
    int first, end;
} line;

/* The server's side as its rules are agreed: a row for each key, one value on its way at a time. */
static struct {
    struct {
        int64_t version, value, confirmed;
        uint64_t edit;
        bool again; /* goes down once more whatever was sent */
    } rows[KEYS];
    int64_t version, sent;
    bool waiting; /* for an outcome */
} server;

static struct {
    setting_state states[KEYS];
    int64_t values[KEYS];
    int64_t cursor;
    bool told[KEYS];
} terminal;

/* What must be in force in the end: the server's last change, or a later one here of whoever had heard of it. */
static struct {
    int64_t version, value;
} due[KEYS];

static line down, up;
static unsigned dice;
static uint64_t edits;

static void put(line *l, word w)
{
    ck_assert_int_lt(l->end, QUEUE);
    l->words[l->end++] = w;
}

static bool take(line *l, word *ret)
{
    if (l->first == l->end)
        return false;
    *ret = l->words[l->first++];
    if (l->first == l->end)
        l->first = l->end = 0;
    return true;
}

static void connect_again(void)
{
    down = up = (line){0};
    memset(terminal.told, 0, sizeof terminal.told);
    server.waiting = false;
    server.sent = terminal.cursor;
    for (int k = 0; k < KEYS; k++) {
        server.rows[k].again = false;
        if (server.rows[k].version > server.rows[k].confirmed && server.rows[k].version <= server.sent)
            server.sent = server.rows[k].version - 1;
    }
}

static bool feed(void)
{
    int next = -1;

    if (server.waiting)
        return false;
    for (int k = 0; k < KEYS; k++)
        if ((server.rows[k].again || server.rows[k].version > server.sent) &&
            (next < 0 || server.rows[k].version < server.rows[next].version))
            next = k;
    if (next < 0)
        return false;
    if (server.rows[next].version > server.sent)
        server.sent = server.rows[next].version;
    server.rows[next].again = false;
    server.waiting = true;
    put(&down, (word){next, server.rows[next].version, server.rows[next].edit, server.rows[next].value});
    return true;
}

static void change_at_server(int key, uint64_t edit, int64_t value)
{
    server.rows[key].version = ++server.version;
    server.rows[key].edit = edit;
    server.rows[key].value = value;
}

static bool server_hears(void)
{
    word w;

    if (!take(&up, &w))
        return false;
    if (w.edit == 0) { /* an outcome */
        server.waiting = false;
        if (w.version > server.rows[w.key].confirmed)
            server.rows[w.key].confirmed = w.version;
    } else if (server.rows[w.key].edit != w.edit &&
               (w.version == server.rows[w.key].version || server.rows[w.key].edit != 0)) {
        change_at_server(w.key, w.edit, w.value);
    } else {
        server.rows[w.key].again = true;
    }
    return true;
}

static bool terminal_hears(void)
{
    setting_step step;
    word w;

    if (!take(&down, &w))
        return false;
    step = setting_hear(terminal.states[w.key], w.version, w.edit);
    terminal.states[w.key] = step.state;
    if (step.take)
        terminal.values[w.key] = w.value;
    if (step.tell)
        terminal.told[w.key] = false;
    terminal.cursor = w.version;
    put(&up, (word){w.key, w.version, 0, terminal.values[w.key]});
    return true;
}

static bool terminal_tells(void)
{
    for (int k = 0; k < KEYS; k++)
        if (terminal.states[k].edit != 0 && !terminal.told[k]) {
            terminal.told[k] = true;
            put(&up, (word){k, terminal.states[k].version, terminal.states[k].edit, terminal.values[k]});
            return true;
        }
    return false;
}

static void step_somewhere(void)
{
    int key = rand_r(&dice) % KEYS;

    switch (rand_r(&dice) % 12) {
    case 0:
        change_at_server(key, 0, rand_r(&dice));
        due[key].version = server.rows[key].version;
        due[key].value = server.rows[key].value;
        break;
    case 1:
        terminal.values[key] = rand_r(&dice);
        if (terminal.states[key].version >= due[key].version)
            due[key].value = terminal.values[key];
        terminal.states[key].edit = ++edits;
        terminal.told[key] = false;
        break;
    case 2:
        connect_again();
        break;
    case 3:
    case 4:
        feed();
        break;
    case 5:
    case 6:
        terminal_tells();
        break;
    case 7:
    case 8:
    case 9:
        terminal_hears();
        break;
    default:
        server_hears();
    }
}

START_TEST(both_sides_agree_when_it_is_quiet_whatever_was_changed_and_lost)
{
    for (dice = 1; dice <= WALKS; dice++) {
        int rounds = 0;
        unsigned walk = dice;

        memset(&server, 0, sizeof server);
        memset(&terminal, 0, sizeof terminal);
        memset(due, 0, sizeof due);
        edits = 0;
        connect_again();
        for (int i = 0; i < STEPS; i++)
            step_somewhere();
        connect_again();
        while (feed() + terminal_tells() + terminal_hears() + server_hears() > 0)
            ck_assert_msg(++rounds < 1000, "walk %u never ends", walk);
        for (int k = 0; k < KEYS; k++) {
            ck_assert_msg(terminal.states[k].edit == 0, "walk %u: a change was never answered", walk);
            ck_assert_msg(server.rows[k].value == terminal.values[k], "walk %u: the values differ", walk);
            ck_assert_msg(due[k].value == terminal.values[k], "walk %u: a change was lost", walk);
            ck_assert_msg(server.rows[k].version == terminal.states[k].version, "walk %u: the versions differ", walk);
            ck_assert_msg(server.rows[k].confirmed == server.rows[k].version, "walk %u: not confirmed", walk);
        }
        dice = walk;
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings");
    TCase *tests = tcase_create("settings");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_factory_settings_are_the_manuals);
    tcase_add_test(tests, every_setting_goes_in_and_comes_out_and_moves_no_other);
    tcase_add_test(tests, the_longest_text_of_each_setting_has_its_room);
    tcase_add_loop_test(tests, each_value_means_what_the_sentence_says, 0, sizeof hearings / sizeof *hearings);
    tcase_add_test(tests, both_sides_agree_when_it_is_quiet_whatever_was_changed_and_lost);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
