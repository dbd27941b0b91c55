/* The chain by itself: whatever is done to rows that were sealed, the first one that does not fit is named. */
#include "audit_chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules_tests.h"

enum { ROWS = 8 };

static const uint8_t KEY[AUDIT_KEY_SIZE] = "a key of thirty-two bytes, nearl";
static const uint8_t SALT[AUDIT_SALT_SIZE] = "fifteen bytes...";

typedef struct {
    audit_sealed_row row;
    int64_t seal;
    uint8_t mac[SHA256_SIZE];
    bool has_payload;
    audit_payload payload;
    uint8_t hash[SHA256_SIZE];
} sealed_link;

static sealed_link chain[ROWS + 1];
static int count;
static int64_t head_seal;
static uint8_t head_mac[SHA256_SIZE];

/* Rows 101 to 108; the odd ones speak of a person. */
static void chain_make(void)
{
    uint8_t previous[SHA256_SIZE] = {0};

    count = ROWS;
    for (int i = 0; i < ROWS; i++) {
        sealed_link *l = &chain[i];

        *l = (sealed_link){.row = {.enterprise_id = 1,
                                   .id = 101 + i,
                                   .happened_us = 1000000 + i,
                                   .operator_name = "admin",
                                   .address = "127.0.0.1",
                                   .module = "people",
                                   .action = "update employee",
                                   .object = "person 7",
                                   .reason = ""},
                           .seal = i + 1};
        if (i % 2 == 1) {
            l->row.person_id = 7;
            l->has_payload = true;
            l->payload = (audit_payload){SALT, 7, "employee 7 Ann", "{}", "{\"name\":\"Ann\"}"};
            ck_assert(!sp_failed(audit_payload_hash(&l->payload, l->hash)));
            l->row.payload_hash = l->hash;
        }
        ck_assert(!sp_failed(audit_mac(KEY, previous, l->seal, &l->row, l->mac)));
        memcpy(previous, l->mac, SHA256_SIZE);
    }
    head_seal = ROWS;
    memcpy(head_mac, previous, SHA256_SIZE);
}

static audit_walk walked(void)
{
    audit_walk walk;

    audit_walk_begin(&walk, KEY);
    for (int i = 0; i < count; i++) {
        const sealed_link *l = &chain[i];

        ck_assert(!sp_failed(
            audit_walk_row(&walk, l->seal, l->mac, SHA256_SIZE, &l->row, l->has_payload ? &l->payload : NULL)));
    }
    audit_walk_end(&walk, head_seal, head_mac, SHA256_SIZE);
    return walk;
}

static void assert_broken(int64_t row, int64_t seal)
{
    audit_walk walk = walked();

    ck_assert(walk.broken);
    ck_assert_int_eq(walk.bad_row, row);
    ck_assert_int_eq(walk.bad_seal, seal);
}

START_TEST(an_untouched_chain_holds)
{
    audit_walk walk = walked();

    ck_assert(!walk.broken);
    ck_assert_int_eq(walk.seal, ROWS);
    ck_assert_mem_eq(walk.mac, head_mac, SHA256_SIZE);
}
END_TEST

START_TEST(an_empty_chain_holds)
{
    audit_walk walk;

    audit_walk_begin(&walk, KEY);
    audit_walk_end(&walk, 0, NULL, 0);
    ck_assert(!walk.broken);
}
END_TEST

/* Every field of a row, one after the other. */
START_TEST(an_edited_row_is_named)
{
    audit_sealed_row *row = &chain[4].row;

    switch (_i) {
    case 0:
        row->enterprise_id++;
        break;
    case 1:
        row->id++;
        break;
    case 2:
        row->happened_us++;
        break;
    case 3:
        row->operator_id++;
        break;
    case 4:
        row->person_id++;
        break;
    case 5:
        row->code++;
        break;
    case 6:
        row->operator_name = "nobody";
        break;
    case 7:
        row->address = "";
        break;
    case 8:
        row->module = "pass";
        break;
    case 9:
        row->action = "";
        break;
    case 10:
        row->object = "person 8";
        break;
    default:
        row->reason = "X";
    }
    assert_broken(row->id, 5);
}
END_TEST

START_TEST(letters_cannot_move_from_one_field_to_the_next)
{
    chain[4].row.operator_name = "admin127.";
    chain[4].row.address = "0.0.1";
    assert_broken(105, 5);
}
END_TEST

START_TEST(a_deleted_row_is_missed_where_it_was)
{
    memmove(&chain[3], &chain[4], sizeof chain[0] * (ROWS - 4));
    count--;
    assert_broken(105, 4);
}
END_TEST

START_TEST(a_deleted_row_is_missed_also_when_the_rest_was_numbered_anew)
{
    memmove(&chain[3], &chain[4], sizeof chain[0] * (ROWS - 4));
    count--;
    for (int i = 3; i < count; i++)
        chain[i].seal = i + 1;
    head_seal--;
    assert_broken(105, 4);
}
END_TEST

START_TEST(rows_that_changed_places_are_named)
{
    audit_sealed_row row = chain[2].row;

    chain[2].row = chain[4].row;
    chain[4].row = row;
    assert_broken(105, 3);
}
END_TEST

START_TEST(a_row_put_between_is_named)
{
    memmove(&chain[4], &chain[3], sizeof chain[0] * (ROWS - 3));
    chain[3].row.id = 999;
    chain[3].row.action = "nothing happened";
    for (int i = 3; i <= ROWS; i++)
        chain[i].seal = i + 1;
    count++;
    assert_broken(999, 4);
}
END_TEST

START_TEST(a_cut_tail_is_missed)
{
    count -= 2;
    assert_broken(0, ROWS - 1);
}
END_TEST

START_TEST(a_tail_and_head_that_were_set_back_are_missed_by_the_anchor)
{
    audit_walk walk;

    count = 6;
    audit_walk_begin(&walk, KEY);
    walk.anchor_seal = ROWS;
    memcpy(walk.anchor, head_mac, SHA256_SIZE);
    for (int i = 0; i < count; i++)
        ck_assert(!sp_failed(audit_walk_row(&walk, chain[i].seal, chain[i].mac, SHA256_SIZE, &chain[i].row,
                                            chain[i].has_payload ? &chain[i].payload : NULL)));
    audit_walk_end(&walk, 6, chain[5].mac, SHA256_SIZE);
    ck_assert(walk.broken);
    ck_assert_int_eq(walk.bad_seal, 7);
}
END_TEST

START_TEST(a_chain_that_was_sealed_anew_does_not_fit_the_anchor)
{
    uint8_t kept[SHA256_SIZE], previous[SHA256_SIZE] = {0};
    audit_walk walk;

    memcpy(kept, chain[3].mac, SHA256_SIZE);
    chain[1].row.operator_name = "nobody";
    audit_walk_begin(&walk, KEY);
    walk.anchor_seal = 4;
    memcpy(walk.anchor, kept, SHA256_SIZE);
    for (int i = 0; i < ROWS; i++) {
        ck_assert(!sp_failed(audit_mac(KEY, previous, i + 1, &chain[i].row, chain[i].mac)));
        memcpy(previous, chain[i].mac, SHA256_SIZE);
        ck_assert(!sp_failed(audit_walk_row(&walk, i + 1, chain[i].mac, SHA256_SIZE, &chain[i].row,
                                            chain[i].has_payload ? &chain[i].payload : NULL)));
    }
    ck_assert(walk.broken);
    ck_assert_int_eq(walk.bad_row, 104);
}
END_TEST

START_TEST(without_the_key_nothing_fits)
{
    static const uint8_t other[AUDIT_KEY_SIZE] = "another";
    audit_walk walk;

    audit_walk_begin(&walk, other);
    ck_assert(!sp_failed(audit_walk_row(&walk, 1, chain[0].mac, SHA256_SIZE, &chain[0].row, NULL)));
    ck_assert(walk.broken);
    ck_assert_int_eq(walk.bad_row, 101);
}
END_TEST

START_TEST(an_erased_payload_leaves_the_chain_whole)
{
    for (int i = 0; i < ROWS; i++)
        chain[i].has_payload = false;
    ck_assert(!walked().broken);
}
END_TEST

START_TEST(a_changed_payload_is_named)
{
    switch (_i) {
    case 0:
        chain[5].payload.object = "employee 8 Bob";
        break;
    case 1:
        chain[5].payload.before = "";
        break;
    case 2:
        chain[5].payload.after = "{}";
        break;
    default:
        chain[5].payload.person_id = 8;
    }
    assert_broken(106, 6);
}
END_TEST

START_TEST(a_payload_that_never_was_is_named)
{
    chain[2].has_payload = true;
    chain[2].payload = chain[1].payload;
    assert_broken(103, 3);
}
END_TEST

START_TEST(a_payload_that_speaks_of_nobody_cannot_be_erased)
{
    uint8_t previous[SHA256_SIZE] = {0};

    for (int i = 0; i < ROWS; i++) {
        chain[i].row.person_id = 0;
        ck_assert(!sp_failed(audit_mac(KEY, previous, i + 1, &chain[i].row, chain[i].mac)));
        memcpy(previous, chain[i].mac, SHA256_SIZE);
    }
    memcpy(head_mac, previous, SHA256_SIZE);
    ck_assert(!walked().broken);
    chain[3].has_payload = false;
    assert_broken(104, 4);
}
END_TEST

/* The hash was computed by another program, from the form that docs/security.md describes. */
START_TEST(the_form_of_the_bytes_does_not_change)
{
    static const char expected[] = "f0f1d3b887cb7336cf0f3a71acf3d21c6eb33390ee9e0ce8bdaf9c395c2b30f3";
    char hex[2 * SHA256_SIZE + 1];

    for (int i = 0; i < SHA256_SIZE; i++)
        snprintf(hex + (size_t)i * 2, 3, "%02x", chain[ROWS - 1].mac[i]);
    ck_assert_str_eq(hex, expected);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("audit rules");
    TCase *tests = tcase_create("chain");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, chain_make, NULL);
    tcase_add_test(tests, an_untouched_chain_holds);
    tcase_add_test(tests, an_empty_chain_holds);
    tcase_add_loop_test(tests, an_edited_row_is_named, 0, 12);
    tcase_add_test(tests, letters_cannot_move_from_one_field_to_the_next);
    tcase_add_test(tests, a_deleted_row_is_missed_where_it_was);
    tcase_add_test(tests, a_deleted_row_is_missed_also_when_the_rest_was_numbered_anew);
    tcase_add_test(tests, rows_that_changed_places_are_named);
    tcase_add_test(tests, a_row_put_between_is_named);
    tcase_add_test(tests, a_cut_tail_is_missed);
    tcase_add_test(tests, a_tail_and_head_that_were_set_back_are_missed_by_the_anchor);
    tcase_add_test(tests, a_chain_that_was_sealed_anew_does_not_fit_the_anchor);
    tcase_add_test(tests, without_the_key_nothing_fits);
    tcase_add_test(tests, an_erased_payload_leaves_the_chain_whole);
    tcase_add_loop_test(tests, a_changed_payload_is_named, 0, 4);
    tcase_add_test(tests, a_payload_that_never_was_is_named);
    tcase_add_test(tests, a_payload_that_speaks_of_nobody_cannot_be_erased);
    tcase_add_test(tests, the_form_of_the_bytes_does_not_change);
    suite_add_tcase(suite, tests);
    suite_add_tcase(suite, limit_tests());
    suite_add_tcase(suite, csv_tests());
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
