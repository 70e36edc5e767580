//! One tab, and what can happen between it and the server.

use protocol::Status;

use super::{
    log::Log,
    tab::TabState,
    world::{Network, World},
};
use crate::follow::{Input, RawEvent};

/// One tab that shows "Nobody wound".
fn half() -> World {
    let mut world = World::new(1);
    world.tab();
    world.run(100);
    world.write_and_run("Nobody wound", 100);
    assert_eq!(world.tabs[0].view.summary, "Nobody wound");
    world
}

/// Writes the rest. The tab then shows all of it.
fn assert_goes_on(mut world: World) {
    world.write(0, " the clock.");
    world.change(0, Log::complete);
    world.run(100);
    world.assert_whole();
    assert_eq!(world.tabs[0].view.status, Status::Completed);
    assert_eq!(world.streams(), 0);
}

#[test]
fn what_is_written_is_shown_at_once() {
    let mut world = half();
    world.write_and_run(" it", 5);
    assert_eq!(world.tabs[0].view.summary, "Nobody wound it");
    assert_goes_on(world);
}

#[test]
fn a_page_goes_on_after_the_snapshot_that_it_came_with() {
    let mut world = World::new(1);
    world.write(0, "Nobody");
    let cursor = world.logs[0].snapshot.cursor;
    world.tab();
    world.write_and_run(" wound", 100);
    assert_eq!(world.tabs[0].opened.iter().map(|(_, after)| *after).collect::<Vec<_>>(), [cursor]);
    assert_goes_on(world);
}

#[test]
fn a_lost_connection_is_counted_down_and_goes_on_to_the_character() {
    let mut world = half();
    world.set_network(Network::Cut);
    world.run(10);
    assert_eq!(world.tabs[0].view.outage, Some(1));
    world.write_and_run(" it any", 10_000);
    // Each second of each wait is shown once.
    let outages = &world.tabs[0].view.outages;
    assert!(outages.windows(2).all(|two| two[0] != two[1]), "{outages:?}");
    assert!(outages.windows(4).any(|four| four == [Some(4), Some(3), Some(2), Some(1)]));
    world.set_network(Network::Works);
    world.run(10_000);
    assert_eq!(world.tabs[0].view.outage, None);
    assert_eq!(world.tabs[0].asked_ms.len(), 0);
    assert!(!world.tabs[0].view.was_rewritten);
    assert_goes_on(world);
}

#[test]
fn the_longer_a_server_is_away_the_more_rarely_it_is_tried() {
    let mut world = half();
    world.set_network(Network::Cut);
    world.run(60_000);
    let opened = &world.tabs[0].opened;
    let waits = opened.windows(2).skip(1).map(|two| two[1].0 - two[0].0);
    for (wait_ms, full_ms) in waits.zip([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
        assert!((full_ms / 2..=full_ms + 10).contains(&wait_ms), "{wait_ms} of {full_ms}");
    }
    world.set_network(Network::Works);
    world.run(11_000);
    world.write_and_run(" it", 100);
    // What has come makes the next wait a short one.
    world.break_streams();
    world.run(600);
    assert_eq!(world.streams(), 1);
}

#[test]
fn an_end_that_came_while_the_connection_was_lost_is_caught_up_with() {
    let mut world = half();
    world.set_network(Network::Cut);
    world.run(10);
    world.write(0, " it.");
    world.change(0, Log::complete);
    world.set_network(Network::Works);
    world.run(1_000);
    world.assert_whole();
}

#[test]
fn a_stream_that_has_nothing_more_to_say_ends_by_the_snapshot() {
    let mut world = half();
    // Lost on the way: all that comes now, and the end of the stream.
    world.gives_streams = false;
    world.break_streams();
    world.change(0, Log::complete);
    world.run(2_000);
    world.assert_whole();
    assert_eq!(world.tabs[0].asked_ms.len(), 1);
}

#[test]
fn a_server_that_refuses_streams_is_asked_before_each_attempt() {
    let mut world = half();
    world.gives_streams = false;
    world.break_streams();
    world.run(30_000);
    let tab = &world.tabs[0];
    assert!((4..=12).contains(&tab.opened.len()), "{}", tab.opened.len());
    assert!(tab.opened.len() - tab.asked_ms.len() <= 3);
    world.gives_streams = true;
    world.run(11_000);
    assert_goes_on(world);
}

#[test]
fn a_stream_with_nothing_to_say_is_left_alone() {
    let mut world = half();
    world.run(65_000);
    assert_eq!(world.tabs[0].opened.len(), 1);
    assert_eq!(world.tabs[0].asked_ms.len(), 3);
    assert_eq!(world.tabs[0].view.outages, []);
    assert_goes_on(world);
}

#[test]
fn a_stream_that_is_open_but_delivers_nothing_is_not_trusted() {
    let mut world = half();
    for (round, piece) in [" it", " any"].into_iter().enumerate() {
        world.silence_streams();
        world.write_and_run(piece, 19_000);
        assert!(!world.tabs[0].view.summary.ends_with(piece));
        world.run(2_600);
        assert!(world.tabs[0].view.summary.ends_with(piece));
        assert_eq!(world.tabs[0].opened.len(), round + 2);
    }
    assert!(!world.tabs[0].view.was_rewritten);
    assert_goes_on(world);
}

#[test]
fn a_network_that_dies_without_a_word_is_noticed() {
    let mut world = half();
    world.set_network(Network::Dead);
    world.write_and_run(" it", 21_000);
    assert_eq!(world.tabs[0].view.outage, None);
    world.run(9_000);
    assert!(world.tabs[0].view.outage.is_some());
    // An attempt that is neither answered nor refused is given up as well.
    world.run(60_000);
    assert!(world.tabs[0].opened.len() >= 3);
    world.set_network(Network::Works);
    world.run(40_000);
    assert_eq!(world.tabs[0].view.summary, "Nobody wound it");
    assert_goes_on(world);
}

#[test]
fn a_computer_that_has_slept_asks_at_once() {
    let mut world = half();
    world.set_network(Network::Dead);
    world.write(0, " it");
    world.network = Network::Works;
    world.run(2_000);
    // Timers stand still, the wall clock goes on.
    world.move_wall_clock(3_600_000);
    world.run(1_100);
    assert_eq!(world.tabs[0].view.summary, "Nobody wound it");
    world.run(1_000);
    assert_goes_on(world);
}

#[test]
fn a_clock_that_is_set_back_holds_nothing_up() {
    let mut world = half();
    world.move_wall_clock(-600_000);
    world.run(1_100);
    assert_eq!(world.tabs[0].asked_ms.len(), 1);
    world.run(18_000);
    assert_eq!(world.tabs[0].asked_ms.len(), 1);
    world.set_network(Network::Cut);
    world.run(10);
    world.move_wall_clock(-600_000);
    world.set_network(Network::Works);
    world.run(1_000);
    assert_eq!(world.tabs[0].view.outage, None);
    assert_goes_on(world);
}

#[test]
fn going_offline_is_an_outage_at_once_and_online_its_end() {
    let mut world = half();
    world.feed(0, Input::Offline);
    assert!(world.tabs[0].view.outage.is_some());
    assert_eq!(world.streams(), 0);
    world.network = Network::Cut;
    world.write_and_run(" it", 5_000);
    world.network = Network::Works;
    world.feed(0, Input::Online);
    world.run(10);
    assert_eq!(world.tabs[0].view.outage, None);
    assert_eq!(world.tabs[0].view.summary, "Nobody wound it");
    assert_goes_on(world);
}

#[test]
fn what_was_lost_on_the_way_is_noticed_and_the_whole_taken_in_its_place() {
    let mut world = half();
    world.tabs[0].losses = 1;
    world.write_and_run(" it any", 10);
    world.write(0, " more.");
    world.change(0, Log::checkpoint);
    world.run(100);
    let view = &world.tabs[0].view;
    assert_eq!((view.summary.as_str(), view.losses), ("Nobody wound it any more.", 1));
    assert_eq!(world.streams(), 1);
    assert_goes_on(world);
}

#[test]
fn a_server_that_does_not_give_the_whole_is_asked_ever_more_rarely() {
    let mut world = half();
    world.tabs[0].losses = 1;
    world.write_and_run(" it any", 10);
    world.gives_snapshots = false;
    world.change(0, Log::complete);
    world.run(40_000);
    let asked = &world.tabs[0].asked_ms;
    let waits = asked.windows(2).map(|two| two[1] - two[0]);
    for (wait_ms, full_ms) in waits.zip([500, 1_000, 2_000, 4_000, 8_000, 10_000]) {
        assert!((full_ms / 2..=full_ms + 50).contains(&wait_ms), "{wait_ms} of {full_ms}");
    }
    assert!((6..=9).contains(&asked.len()), "{}", asked.len());
    world.gives_snapshots = true;
    world.run(11_000);
    world.assert_whole();
}

#[test]
fn what_cannot_be_read_counts_as_lost() {
    let mut world = half();
    let event = RawEvent { id: 99, name: "field_delta", data: "{".to_owned() };
    world.feed(0, Input::StreamEvent(event));
    world.run(100);
    assert_eq!(world.tabs[0].view.losses, 1);
    assert_goes_on(world);
}

#[test]
fn what_cannot_be_trusted_is_replaced_though_the_server_is_no_further() {
    let mut world = half();
    world.tabs[0].losses = 1;
    world.write_and_run(" it", 10);
    world.write_and_run(" any", 10);
    assert_eq!(world.tabs[0].view.summary, "Nobody wound any");
    let event = RawEvent { id: 99, name: "field_delta", data: "{".to_owned() };
    world.feed(0, Input::StreamEvent(event));
    world.run(100);
    assert_eq!(world.tabs[0].view.summary, "Nobody wound it any");
    assert_goes_on(world);
}

#[test]
fn what_comes_twice_is_shown_once() {
    let mut world = half();
    for event in world.logs[0].after(2, || false) {
        world.feed(0, Input::StreamEvent(event));
    }
    assert_eq!(world.tabs[0].view.summary, "Nobody wound");
    assert_goes_on(world);
}

#[test]
fn a_page_that_was_put_aside_holds_nothing_and_goes_on_as_it_was_left() {
    let mut world = half();
    world.put_aside(0);
    assert_eq!((world.streams(), world.tabs[0].channel), (0, None));
    assert_eq!(world.tabs[0].locks, [None; 2]);
    assert_eq!(world.tabs[0].machine.deadline_ms(), None);
    world.write_and_run(" it", 60_000);
    world.wake(0);
    world.run(100);
    assert_eq!(world.tabs[0].view.summary, "Nobody wound it");
    assert!(!world.tabs[0].view.was_rewritten);
    assert_goes_on(world);
}

#[test]
fn an_answer_to_a_page_that_was_put_aside_changes_nothing() {
    let mut world = half();
    world.silence_streams();
    world.run(20_010);
    world.put_aside(0);
    world.tabs[0].state = TabState::Runs;
    world.run(100);
    assert_eq!(world.tabs[0].opened.len(), 1);
    assert_eq!(world.streams(), 0);
}

#[test]
fn what_is_deleted_while_it_is_followed_is_said_to_be_gone() {
    let mut world = half();
    world.logs[0].is_deleted = true;
    world.break_streams();
    world.run(2_000);
    assert!(world.tabs[0].view.is_gone);
    assert_eq!(world.tabs[0].view.outage, None);
    assert_eq!((world.tabs[0].locks, world.tabs[0].channel), ([None; 2], None));
    let asked = world.tabs[0].asked_ms.len();
    world.run(60_000);
    assert_eq!(world.tabs[0].asked_ms.len(), asked);
}

#[test]
fn what_is_stopped_to_be_deleted_is_said_to_be_gone_soon_or_some_seconds_later() {
    for deleted_after_ms in [200, 3_000] {
        let mut world = half();
        world.change(0, Log::stop);
        world.run(deleted_after_ms);
        assert!(!world.tabs[0].view.is_gone);
        world.logs[0].is_deleted = true;
        world.run(6_500 - deleted_after_ms);
        assert!(world.tabs[0].view.is_gone);
    }
    let mut world = half();
    world.change(0, Log::stop);
    world.run(60_000);
    assert_eq!(world.tabs[0].asked_ms.len(), 2);
    world.assert_whole();
}

#[test]
fn what_has_completed_is_not_asked_for_again() {
    let mut world = half();
    world.change(0, Log::complete);
    world.run(60_000);
    assert!(world.tabs[0].asked_ms.is_empty());
    assert_eq!(world.tabs[0].machine.deadline_ms(), None);
    world.put_aside(0);
    world.wake(0);
    assert_eq!(world.tabs[0].channel, None);
}
