//! What every store has to do. A new one needs a [`Place`] and a line at the end of this file.

mod appending;
mod conversations;
mod deleting;
mod ending;
mod history;
mod idempotency;
mod kill;
mod nodes;
mod personas;
mod prune;
mod reading;
mod taking;

use store::Store;
use store::memory::{Memory, MemoryStore};

/// Where a store keeps what it is given.
pub(crate) trait Place: Default {
    type Store: Store + Clone;

    /// Opens the store: a new one, or the one that was there and was closed.
    async fn open(&self) -> Self::Store;

    /// The place as it would be found if the process were killed now.
    fn killed(&self) -> Self;
}

impl Place for Memory {
    type Store = MemoryStore;

    async fn open(&self) -> MemoryStore {
        MemoryStore::open(self.clone())
    }

    /// What outlives a killed process is stated, as it cannot be tried: all that was acknowledged.
    fn killed(&self) -> Self {
        self.snapshot()
    }
}

/// A store in a place of its own, which goes when this is dropped.
async fn open<P: Place>() -> (P, P::Store) {
    let place = P::default();
    let store = place.open().await;
    (place, store)
}

/// Runs `work` on a runtime of its own: a case of a property.
fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().unwrap().block_on(work);
}

/// All tests, for one kind of place.
macro_rules! suite {
    ($store:ident, $place:ty, { $($of:ident: [$($test:ident),* $(,)?],)* }) => {
        mod $store {
            $(mod $of {
                $(#[tokio::test]
                async fn $test() {
                    crate::conformance::$of::$test::<$place>().await;
                })*
            })*
        }
    };
}

macro_rules! conformance {
    ($($store:ident: $place:ty),* $(,)?) => {
        $(suite! { $store, $place, {
            appending: [
                holes_and_repeats_are_refused,
                one_batch_of_a_log_is_under_way_at_a_time,
                a_refused_append_does_not_fail_its_neighbours,
                whoever_is_told_finds_it_there,
            ],
            reading: [
                replay_gives_the_exact_bytes_after_any_event,
                a_page_has_at_least_one_batch_and_no_more_than_asked_for,
                pages_add_up_to_the_log,
            ],
            ending: [
                a_log_begins_with_event_1,
                the_last_batch_saves_the_snapshot,
                nothing_follows_the_end,
                an_end_may_be_repeated_and_nothing_comes_of_it,
                what_is_under_way_at_the_end_is_not_in_the_log,
                a_closed_store_says_so,
            ],
            nodes: [
                a_node_finds_what_it_left_and_nothing_else,
                whoever_resumes_a_log_shuts_its_writer_out,
                what_is_under_way_when_a_log_is_resumed_is_in_it_or_never_will_be,
                what_has_ended_or_is_gone_is_not_resumed,
            ],
            kill: [
                everything_is_there_after_reopening,
                nothing_that_was_committed_is_lost,
                what_was_killed_goes_on_where_it_was,
                what_was_appended_after_a_log_was_taken_over_is_not_lost,
                what_was_deleted_does_not_come_back,
            ],
            idempotency: [
                the_same_request_gives_the_same_generation,
                a_key_is_for_one_request_of_one_owner,
                at_once_only_one_is_made,
            ],
            history: [
                pages_run_from_the_newest_to_the_oldest,
                a_line_tells_what_is_known_so_far,
                owners_see_only_their_own,
                search_looks_at_title_summary_and_preview_in_any_case,
                signs_are_found_nowhere_and_break_nothing,
                sources_are_searched_for_words_in_any_order,
                what_is_deleted_or_another_s_is_not_found,
                every_true_hit_is_found_and_nothing_else,
            ],
            conversations: [
                a_turn_is_stored_with_what_happened,
                a_reply_says_what_its_generation_says,
                a_conversation_is_a_tree,
                what_cannot_be_stored_is_said_and_leaves_nothing,
                the_same_turn_is_stored_once,
                lists_and_pages_follow_the_newest_messages,
                words_are_found_in_titles_questions_and_replies,
                changes_are_entries_and_the_user_s_title_stays,
                a_deleted_conversation_leaves_that_it_was,
                a_source_may_go_and_documents_alone_are_pruned,
                old_entries_go_and_numbers_go_on,
            ],
            personas: [
                each_change_is_a_version_and_can_be_restored,
                personas_are_listed_newest_first,
                a_completed_training_makes_a_version_and_no_other_does,
                one_training_of_a_persona_runs_at_a_time,
            ],
            taking: [
                what_is_exported_is_imported_as_it_was,
                another_owner_s_ids_are_given_anew,
                an_import_that_fails_leaves_nothing,
                shares_are_the_owner_s_to_withdraw,
                sessions_end_when_they_are_closed_or_old,
            ],
            deleting: [
                deleting_leaves_nothing_behind,
                what_runs_can_be_deleted,
            ],
            prune: [
                the_old_go_but_never_a_running_one,
                the_oldest_go_until_the_rest_fits,
                what_is_kept_of_an_answer_counts_too,
                a_clock_that_jumps_empties_no_history,
                a_machine_that_starts_years_ahead_removes_only_what_is_old_among_the_rest,
                what_was_made_while_the_clock_was_wrong_is_as_old_as_its_neighbours,
            ],
        } })*
    };
}

conformance! { sqlite: crate::sqlite::Folder, memory: store::memory::Memory }
