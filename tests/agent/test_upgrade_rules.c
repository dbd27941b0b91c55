#include "upgrade_rules.h"

#include <check.h>
#include <string.h>

#include "suite.h"

enum { SIZE = 1000000 };

static upgrade_offer offer_of(int64_t rollout, uint16_t minor)
{
    return (upgrade_offer){.rollout_id = rollout, .version = {1, minor, 0}, .size = SIZE, .sha256 = {1}};
}

static const upgrade_means plenty = {.slots = true, .free_bytes = 1 << 30};

static upgrade_state begun(void)
{
    upgrade_state s = upgrade_fresh(UPGRADE_SLOT_A, (package_version){1, 1, 0});
    upgrade_offer offer = offer_of(7, 2);

    ck_assert_int_eq(upgrade_take_offer(&s, &offer, &plenty), UPGRADE_FETCH);
    return s;
}

static upgrade_state on_trial(void)
{
    upgrade_state s = begun();

    ck_assert(upgrade_fetched(&s, SIZE) && upgrade_complete(&s) && upgrade_installed(&s, true));
    return s;
}

START_TEST(a_new_version_goes_through_all_phases_and_the_slots_change_places)
{
    upgrade_state s = begun();

    ck_assert_int_eq(s.phase, UPGRADE_FETCHING);
    ck_assert(upgrade_fetched(&s, SIZE / 2));
    ck_assert(!upgrade_complete(&s));
    ck_assert(upgrade_fetched(&s, SIZE));
    ck_assert(upgrade_complete(&s));
    ck_assert(upgrade_installed(&s, true));
    ck_assert_int_eq(upgrade_boot(&s), UPGRADE_SLOT_B);
    ck_assert_int_eq(s.current, UPGRADE_SLOT_A);
    ck_assert(upgrade_confirm(&s));
    ck_assert_int_eq(s.phase, UPGRADE_DONE);
    ck_assert_int_eq(s.current, UPGRADE_SLOT_B);
    ck_assert_int_eq(s.current_version.minor, 2);
    ck_assert_int_eq(upgrade_boot(&s), UPGRADE_SLOT_B);
}
END_TEST

START_TEST(a_version_that_does_not_confirm_has_three_starts)
{
    upgrade_state s = on_trial();

    for (int i = 0; i < UPGRADE_BOOTS_MAX; i++) {
        ck_assert_int_eq(upgrade_boot(&s), UPGRADE_SLOT_B);
        ck_assert_int_eq(s.phase, UPGRADE_TRYING);
    }
    ck_assert_int_eq(upgrade_boot(&s), UPGRADE_SLOT_A);
    ck_assert_int_eq(s.phase, UPGRADE_FAILED);
    ck_assert_int_eq(s.failure, UPGRADE_ROLLED_BACK);
    ck_assert_int_eq(s.current_version.minor, 1);
    ck_assert(!upgrade_confirm(&s));
    ck_assert_int_eq(upgrade_boot(&s), UPGRADE_SLOT_A);
}
END_TEST

START_TEST(no_step_is_taken_out_of_turn)
{
    upgrade_state s = upgrade_fresh(UPGRADE_SLOT_B, (package_version){1, 1, 0});
    const upgrade_state before = s;

    ck_assert(!upgrade_fetched(&s, 1) && !upgrade_complete(&s) && !upgrade_installed(&s, true) &&
              !upgrade_confirm(&s) && !upgrade_fail(&s, UPGRADE_DAMAGED));
    ck_assert_mem_eq(&s, &before, sizeof s);
    s = begun();
    ck_assert(!upgrade_fetched(&s, SIZE + 1) && !upgrade_installed(&s, true) && !upgrade_confirm(&s));
    s = on_trial();
    ck_assert(!upgrade_fetched(&s, 1) && !upgrade_complete(&s) && !upgrade_installed(&s, true));
}
END_TEST

static upgrade_failure refused(upgrade_offer offer, upgrade_means means)
{
    upgrade_state s = upgrade_fresh(UPGRADE_SLOT_A, (package_version){1, 1, 0});

    ck_assert_int_eq(upgrade_take_offer(&s, &offer, &means), UPGRADE_TELL);
    ck_assert_int_eq(s.phase, UPGRADE_FAILED);
    ck_assert_uint_le(s.offer.size, UPGRADE_PACKAGE_MAX);
    return s.failure;
}

START_TEST(what_cannot_be_is_refused_before_it_is_fetched)
{
    upgrade_offer offer = offer_of(7, 2);
    upgrade_means means = plenty;

    ck_assert_int_eq(refused(offer_of(7, 0), plenty), UPGRADE_OLDER);
    means.slots = false;
    ck_assert_int_eq(refused(offer, means), UPGRADE_NO_SLOTS);
    means = (upgrade_means){.slots = true, .free_bytes = 2 * SIZE + UPGRADE_SPARE_BYTES - 1};
    ck_assert_int_eq(refused(offer, means), UPGRADE_NO_SPACE);
    offer.size = UPGRADE_PACKAGE_MAX + 1;
    ck_assert_int_eq(refused(offer, plenty), UPGRADE_DAMAGED);
    offer.size = UINT64_MAX;
    ck_assert_int_eq(refused(offer, plenty), UPGRADE_DAMAGED);
    offer.size = 0;
    ck_assert_int_eq(refused(offer, plenty), UPGRADE_DAMAGED);
}
END_TEST

START_TEST(the_disk_needs_room_for_package_and_program)
{
    upgrade_state s = upgrade_fresh(UPGRADE_SLOT_A, (package_version){1, 1, 0});
    upgrade_offer offer = offer_of(7, 2);
    upgrade_means means = {.slots = true, .free_bytes = 2 * SIZE + UPGRADE_SPARE_BYTES};

    ck_assert_int_eq(upgrade_take_offer(&s, &offer, &means), UPGRADE_FETCH);
}
END_TEST

START_TEST(force_installs_an_older_version_and_the_same_one_again)
{
    for (uint16_t minor = 0; minor <= 1; minor++) {
        upgrade_state s = upgrade_fresh(UPGRADE_SLOT_A, (package_version){1, 1, 0});
        upgrade_offer offer = offer_of(7, minor);

        offer.force = true;
        ck_assert_int_eq(upgrade_take_offer(&s, &offer, &plenty), UPGRADE_FETCH);
    }
}
END_TEST

START_TEST(what_runs_already_is_done)
{
    upgrade_state s = upgrade_fresh(UPGRADE_SLOT_A, (package_version){1, 1, 0});
    upgrade_offer offer = offer_of(7, 1);

    ck_assert_int_eq(upgrade_take_offer(&s, &offer, &plenty), UPGRADE_TELL);
    ck_assert_int_eq(s.phase, UPGRADE_DONE);
    ck_assert_int_eq(s.current, UPGRADE_SLOT_A);
}
END_TEST

START_TEST(the_same_offer_goes_on_where_it_was)
{
    upgrade_state s = begun();
    upgrade_offer offer = offer_of(7, 2);

    ck_assert(upgrade_fetched(&s, 500));
    ck_assert_int_eq(upgrade_take_offer(&s, &offer, &plenty), UPGRADE_GO_ON);
    ck_assert_uint_eq(s.fetched, 500);
    offer.sha256[0] = 2; /* the same number, another package */
    ck_assert_int_eq(upgrade_take_offer(&s, &offer, &plenty), UPGRADE_FETCH);
    ck_assert_uint_eq(s.fetched, 0);
}
END_TEST

START_TEST(another_offer_takes_the_place_of_a_download_but_not_of_a_trial)
{
    upgrade_state s = begun();
    upgrade_offer other = offer_of(8, 3);

    ck_assert_int_eq(upgrade_take_offer(&s, &other, &plenty), UPGRADE_FETCH);
    ck_assert_int_eq(s.offer.rollout_id, 8);
    s = on_trial();
    ck_assert_int_eq(upgrade_take_offer(&s, &other, &plenty), UPGRADE_DO_NOTHING);
    ck_assert_int_eq(s.offer.rollout_id, 7);
    ck_assert_int_eq(upgrade_take_back(&s, 7), UPGRADE_DO_NOTHING);
    ck_assert_int_eq(s.phase, UPGRADE_TRYING);
}
END_TEST

START_TEST(the_end_is_told_until_the_offer_is_taken_back)
{
    upgrade_state s = on_trial();
    upgrade_offer offer = offer_of(7, 2);

    ck_assert(upgrade_confirm(&s));
    ck_assert_int_eq(upgrade_take_offer(&s, &offer, &plenty), UPGRADE_TELL);
    ck_assert_int_eq(s.phase, UPGRADE_DONE);
    ck_assert_int_eq(upgrade_take_back(&s, 8), UPGRADE_DO_NOTHING);
    ck_assert_int_eq(upgrade_take_back(&s, 7), UPGRADE_FORGET);
    ck_assert_int_eq(s.phase, UPGRADE_IDLE);
    ck_assert_int_eq(s.current, UPGRADE_SLOT_B);
}
END_TEST

START_TEST(a_launcher_brings_its_version_only_while_nothing_is_under_way)
{
    upgrade_state s = begun();

    ck_assert(!upgrade_bring(&s, (package_version){2, 0, 0}));
    ck_assert(upgrade_fail(&s, UPGRADE_DAMAGED));
    ck_assert(upgrade_bring(&s, (package_version){2, 0, 0}));
    ck_assert_int_eq(s.phase, UPGRADE_TRYING);
    ck_assert_int_eq(s.offer.rollout_id, 0);
    ck_assert(!upgrade_bring(&s, (package_version){2, 0, 0}));
}
END_TEST

START_TEST(every_failure_has_its_name)
{
    for (int i = 0; i < UPGRADE_FAILURES; i++)
        ck_assert_int_eq(upgrade_failure_name((upgrade_failure)i)[0] != '\0', i != UPGRADE_NO_FAILURE);
    ck_assert_str_eq(upgrade_failure_name(UPGRADE_ROLLED_BACK), "ROLLED_BACK");
    ck_assert_str_eq(upgrade_phase_name(UPGRADE_FAILED), "failed");
}
END_TEST

int main(void)
{
    return RUN_SUITE("upgrade rules", 10, a_new_version_goes_through_all_phases_and_the_slots_change_places,
                     a_version_that_does_not_confirm_has_three_starts, no_step_is_taken_out_of_turn,
                     what_cannot_be_is_refused_before_it_is_fetched, the_disk_needs_room_for_package_and_program,
                     force_installs_an_older_version_and_the_same_one_again, what_runs_already_is_done,
                     the_same_offer_goes_on_where_it_was,
                     another_offer_takes_the_place_of_a_download_but_not_of_a_trial,
                     the_end_is_told_until_the_offer_is_taken_back,
                     a_launcher_brings_its_version_only_while_nothing_is_under_way, every_failure_has_its_name);
}
