//! Several tabs of one browser.

use protocol::Status;

use super::{
    log::Log,
    world::{Network, STREAMS, World},
};
use crate::follow::{Batch, Input, Message, RawEvent};

/// Tabs that show "Nobody wound". The first one is the leader.
fn half(tabs: usize) -> World {
    let mut world = World::new(1);
    for _ in 0..tabs {
        world.tab();
        world.run(100);
    }
    world.write_and_run("Nobody wound", 100);
    world.assert_whole();
    world
}

fn batches(world: &World, tab: usize) -> Vec<&Batch> {
    let posted = world.tabs[tab].posted.iter();
    posted
        .filter_map(|message| match message {
            Message::Events(batch) => Some(batch),
            _ => None,
        })
        .collect()
}

/// Shows a frozen tab again, which has missed all messages meanwhile and must catch up.
fn show_without_backlog(world: &mut World, tab: usize) {
    world.tabs[tab].backlog.clear();
    world.wake(tab);
    world.feed(tab, Input::Shown);
    world.run(50);
    world.assert_whole();
}

/// Writes the rest. All tabs then show it, and hold no lock, stream or channel any longer.
fn assert_ends(mut world: World) {
    if world.logs[0].snapshot.status != Status::Running {
        world.run(200);
        return world.assert_whole();
    }
    world.write(0, " the clock.");
    world.change(0, Log::complete);
    world.run(200);
    world.assert_whole();
    assert_eq!(world.streams(), 0);
    world.run(60_000);
    assert!(world.tabs.iter().all(|tab| tab.locks == [None; 2] && tab.channel.is_none()));
}

#[test]
fn eight_tabs_need_one_stream_and_one_end() {
    let mut world = half(8);
    world.write_and_run(" it", 20);
    world.assert_whole();
    assert_eq!(world.streams(), 1);
    assert!(world.tabs.iter().skip(1).all(|tab| tab.opened.is_empty() && tab.asked_ms.is_empty()));
    assert!(world.tabs.iter().all(|tab| tab.view.losses == 0));
    assert_ends(world);
}

#[test]
fn a_leader_that_is_closed_is_followed_by_another_and_nothing_is_lost() {
    for crashes in [false, true] {
        let mut world = half(4);
        for round in 0..3 {
            world.write_and_run(" on", 5);
            // The leader has read this and may not have posted it yet.
            world.write(0, " and");
            if crashes {
                world.crash(round);
            } else {
                world.close(round);
            }
            world.write_and_run(" on", 200);
            world.assert_whole();
            assert_eq!(world.streams(), 1);
        }
        assert!(world.tabs.iter().all(|tab| !tab.view.was_rewritten));
        assert_ends(world);
    }
}

#[test]
fn a_leader_that_is_put_aside_comes_back_as_a_follower() {
    let mut world = half(2);
    world.put_aside(0);
    world.run(100);
    world.write_and_run(" it", 100);
    assert_eq!(world.tabs[1].view.summary, "Nobody wound it");
    world.wake(0);
    world.run(100);
    world.assert_whole();
    assert!(world.tabs[0].stream.is_none());
    assert_ends(world);
}

#[test]
fn a_leader_that_stands_still_keeps_nothing_from_the_others() {
    let mut world = half(2);
    world.freeze(0);
    world.write_and_run(" it", 19_000);
    assert_eq!(world.tabs[1].view.summary, "Nobody wound");
    world.run(2_000);
    assert_eq!(world.tabs[1].view.summary, "Nobody wound it");
    // The next time, the follower waits for the leader only for a moment.
    world.write_and_run(" any", 2_100);
    assert_eq!(world.tabs[1].view.summary, "Nobody wound it any");
    world.wake(0);
    world.run(100);
    world.assert_whole();
    assert_ends(world);
}

#[test]
fn a_leader_with_nothing_to_say_is_not_doubted() {
    let mut world = half(3);
    world.run(120_000);
    assert!(world.tabs.iter().skip(1).all(|tab| tab.asked_ms.is_empty()));
    assert_ends(world);
}

#[test]
fn a_follower_that_stood_still_catches_up_with_the_leader() {
    let mut world = half(2);
    world.freeze(1);
    world.write_and_run(" it", 200_000);
    // The leader takes the follower for gone, so this is not posted.
    world.write_and_run(" any", 100);
    show_without_backlog(&mut world, 1);
    assert_ends(world);
}

#[test]
fn a_follower_that_slept_for_a_moment_asks_the_leader_once_it_is_shown() {
    let mut world = half(2);
    world.freeze(1);
    world.write_and_run(" it", 5_000);
    show_without_backlog(&mut world, 1);
    assert!(world.tabs[1].asked_ms.is_empty());
    assert_ends(world);
}

#[test]
fn a_follower_that_comes_in_the_middle_is_given_the_whole_by_the_leader() {
    let mut world = half(1);
    world.tab();
    for piece in 0..200 {
        world.write_and_run(&format!(" {piece}"), if piece % 3 == 0 { 1 } else { 10 });
    }
    world.run(100);
    world.assert_whole();
    let late = &world.tabs[1];
    assert_eq!((late.view.losses, late.asked_ms.len()), (0, 0));
    assert_ends(world);
}

#[test]
fn a_page_that_was_loaded_before_is_behind_and_is_told_so() {
    let mut world = half(1);
    world.tab();
    world.write_and_run(" it", 50);
    world.assert_whole();
    assert_ends(world);
}

#[test]
fn a_batch_that_does_not_follow_is_made_good_by_the_leader_or_else_the_server() {
    for leader_answers in [true, false] {
        let mut world = half(2);
        let event = RawEvent { id: 41, name: "stopped", data: "{}".to_owned() };
        let gap = Batch { after: 40, events: vec![event] };
        if !leader_answers {
            world.freeze(0);
        }
        world.feed(1, Input::MessageArrived(Message::Events(gap)));
        world.write_and_run(" it", 1_500);
        assert_eq!(world.tabs[1].view.summary, "Nobody wound it");
        assert_eq!(world.tabs[1].view.losses, 1);
        assert_eq!(world.tabs[1].asked_ms.is_empty(), leader_answers);
        if !leader_answers {
            world.wake(0);
        }
        assert_ends(world);
    }
}

#[test]
fn nothing_is_posted_while_nobody_listens() {
    let mut world = half(1);
    world.write_and_run(" it", 1_000);
    assert_eq!(batches(&world, 0), [] as [&Batch; 0]);
    world.tab();
    world.run(100);
    world.write_and_run(" any", 100);
    assert_eq!(batches(&world, 0).len(), 1);
    world.close(1);
    world.run(100);
    world.write_and_run(" more", 100);
    assert_eq!(batches(&world, 0).len(), 1);
    // A tab that has crashed posts no Bye, and counts as a follower for a while.
    let crashed = world.tab();
    world.run(100);
    world.crash(crashed);
    world.run(160_000);
    world.write_and_run(" now", 100);
    assert_eq!(batches(&world, 0).len(), 1);
    assert_ends(world);
}

#[test]
fn what_waits_for_a_tab_that_leaves_is_not_posted_to_the_next() {
    let mut world = half(2);
    for _ in 0..2 {
        world.write_and_run(" it", 6);
    }
    let posted = batches(&world, 0).len();
    world.close(1);
    world.run(100);
    world.tab();
    world.run(100);
    assert_eq!(batches(&world, 0).len(), posted);
    assert_ends(world);
}

#[test]
fn what_comes_in_one_frame_is_one_message() {
    let mut world = half(3);
    let before = batches(&world, 0).len();
    for _ in 0..100 {
        world.write_and_run(" on", 2);
    }
    world.run(100);
    world.assert_whole();
    let frames = batches(&world, 0).len() - before;
    assert!((10..=15).contains(&frames), "{frames}");
    assert!(batches(&world, 0).iter().any(|batch| batch.events.len() > 4));
    assert_ends(world);
}

#[test]
fn a_hidden_leader_does_not_wait_for_a_timer() {
    let mut world = half(2);
    world.feed(0, Input::Hidden);
    for piece in 0..10 {
        world.write_and_run(&format!(" {piece}"), 7);
        world.assert_whole();
    }
    assert_ends(world);
}

#[test]
fn followers_show_the_outage_of_their_leader_and_its_end() {
    let mut world = half(3);
    world.set_network(Network::Cut);
    world.run(3_000);
    for tab in &world.tabs {
        assert!(tab.view.outage.is_some());
        assert!(tab.asked_ms.is_empty());
    }
    world.write(0, " it");
    world.set_network(Network::Works);
    world.run(11_000);
    world.assert_whole();
    assert_ends(world);
}

#[test]
fn when_the_leader_has_to_take_the_whole_the_followers_get_it() {
    let mut world = half(3);
    world.tabs[0].losses = 1;
    world.write_and_run(" it", 10);
    world.write(0, " any");
    world.change(0, Log::checkpoint);
    world.run(200);
    world.assert_whole();
    assert!(world.tabs.iter().skip(1).all(|tab| tab.asked_ms.is_empty()));
    assert_ends(world);
}

#[test]
fn four_streams_are_open_at_most_and_the_rest_asks_each_second() {
    let mut world = World::new(STREAMS + 1);
    for generation in 0..=STREAMS {
        world.open(generation, false);
        world.open(generation, false);
        world.run(10);
        world.write(generation, "Nobody");
    }
    world.run(3_000);
    assert_eq!(world.streams(), STREAMS);
    world.assert_whole();
    let last = world.tabs.len() - 2;
    assert!((2..=3).contains(&world.tabs[last].asked_ms.len()));
    world.write(STREAMS, " wound it");
    world.run(1_100);
    world.assert_whole();
    // Its followers get the snapshot without asking.
    let asks = |message: &Message| matches!(message, Message::SnapshotWanted { .. });
    assert!(!world.tabs[last + 1].posted.iter().any(asks));
    world.change(0, Log::complete);
    world.run(50);
    assert!(world.tabs[last].stream.is_some());
    world.write(STREAMS, " any more");
    world.run(50);
    world.assert_whole();
}

#[test]
fn a_server_that_is_away_is_asked_more_rarely_than_each_second() {
    let mut world = World::new(STREAMS + 1);
    for generation in 0..=STREAMS {
        world.open(generation, false);
    }
    world.run(100);
    world.set_network(Network::Cut);
    world.run(60_000);
    let last = &world.tabs[STREAMS];
    assert!((8..=16).contains(&last.asked_ms.len()), "{}", last.asked_ms.len());
    assert_eq!(last.view.outage, Some(0));
    world.set_network(Network::Works);
    world.run(11_000);
    world.assert_whole();
}

#[test]
fn a_deletion_is_told_to_all_tabs() {
    let mut world = half(5);
    world.logs[0].is_deleted = true;
    world.break_streams();
    world.run(2_000);
    assert!(world.tabs.iter().all(|tab| tab.view.is_gone));
    assert!(world.tabs.iter().all(|tab| tab.view.summary == "Nobody wound"));
    assert_eq!(world.tabs.iter().map(|tab| tab.asked_ms.len()).sum::<usize>(), 1);
}

/// Tabs of a browser without locks.
fn alone(tabs: usize) -> World {
    let mut world = World::new(1);
    world.has_locks = false;
    for _ in 0..tabs {
        world.tab();
    }
    world.run(100);
    world.write_and_run("Nobody wound", 100);
    world.assert_whole();
    world
}

#[test]
fn without_locks_each_tab_has_a_stream_while_it_is_shown() {
    let mut world = alone(3);
    assert_eq!(world.streams(), 3);
    world.feed(1, Input::Hidden);
    world.run(4_000);
    assert_eq!(world.streams(), 3);
    world.run(2_000);
    assert_eq!(world.streams(), 2);
    world.write_and_run(" it", 100);
    assert_eq!(world.tabs[1].view.summary, "Nobody wound");
    world.feed(1, Input::Shown);
    world.run(20);
    world.assert_whole();
    assert!(!world.tabs[1].view.was_rewritten);
    assert_eq!((world.tabs[1].opened.len(), world.streams()), (2, 3));
    assert_ends(world);
}

#[test]
fn without_locks_a_tab_that_is_hidden_for_a_moment_keeps_its_stream() {
    let mut world = alone(1);
    world.feed(0, Input::Hidden);
    world.run(3_000);
    world.feed(0, Input::Shown);
    world.run(10_000);
    assert_eq!(world.tabs[0].opened.len(), 1);
    assert_ends(world);
}

#[test]
fn without_locks_a_hidden_tab_hears_of_the_end_and_opens_no_stream() {
    let mut world = alone(1);
    let hidden = world.open(0, true);
    world.write(0, " it.");
    world.change(0, Log::complete);
    world.run(11_000);
    assert_eq!(world.tabs[hidden].view.status, Status::Completed);
    assert_eq!(world.tabs[hidden].opened, []);
    assert_ends(world);
}

#[test]
fn without_locks_a_hidden_tab_waits_no_longer_than_it_must() {
    let mut world = alone(1);
    world.set_network(Network::Cut);
    world.feed(0, Input::Hidden);
    world.run(30_000);
    world.set_network(Network::Works);
    world.write(0, " it");
    world.feed(0, Input::Shown);
    world.run(50);
    world.assert_whole();
    assert_ends(world);
}
