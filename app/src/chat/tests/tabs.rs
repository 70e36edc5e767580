//! How tabs share the stream.

use super::{
    server::{ID, OTHER, Server},
    world::World,
};
use crate::chat::Input;

fn running() -> World {
    let mut server = Server::default();
    server.ask(ID, "m1", "r1");
    World::new(server)
}

#[test]
fn twenty_tabs_cost_one_connection() {
    let mut world = running();
    for _ in 0..20 {
        world.open_tab();
        world.server.write(ID, "more ");
        world.pass(70);
    }
    assert_eq!(world.streams(), 1);
    world.server.complete(ID);
    world.pass(200);
    world.expect_agreement();
}

#[test]
fn a_tab_that_comes_later_gets_the_reply_from_its_beginning() {
    let mut world = running();
    world.open_tab();
    world.server.write(ID, "One, ");
    world.pass(200);
    let late = world.open_tab();
    world.server.write(ID, "two");
    world.pass(200);
    assert_eq!(world.text(late), "One, two");
    assert_eq!(world.opened.len(), 1);
}

#[test]
fn a_tab_that_comes_while_the_stream_begins_misses_nothing() {
    for wait_ms in 0..60 {
        let mut world = running();
        world.open_tab();
        world.pass(wait_ms);
        world.server.write(ID, "One, ");
        world.open_tab();
        world.pass(5);
        world.server.write(ID, "two");
        world.pass(300);
        world.expect_agreement();
    }
}

#[test]
fn when_the_leader_goes_another_tab_leads() {
    for wait_ms in 0..60 {
        let mut world = running();
        let first = world.open_tab();
        let second = world.open_tab();
        world.open_tab();
        world.server.write(ID, "One, ");
        world.pass(100);
        world.server.write(ID, "two, ");
        world.pass(wait_ms);
        world.feed(first, Input::Leave);
        world.server.write(ID, "three");
        world.pass(300);
        assert_eq!(world.text(second), "One, two, three");
        assert_eq!(world.streams(), 1);
        world.feed(first, Input::Join);
        world.server.complete(ID);
        world.pass(300);
        world.expect_agreement();
    }
}

#[test]
fn followers_tell_of_an_outage_and_its_end() {
    let mut world = running();
    world.open_tab();
    let follower = world.open_tab();
    world.pass(200);
    world.cut();
    world.pass(3_000);
    let outages = |world: &World| {
        let changes = world.shown(follower).iter();
        changes.filter(|change| matches!(change, crate::chat::Change::Outage(_))).count()
    };
    assert!(outages(&world) > 0);
    world.mend();
    world.server.write(ID, "One");
    world.pass(12_000);
    world.expect_agreement();
    assert_eq!(world.streams(), 1);
}

#[test]
fn a_tab_whose_leader_stands_still_asks_the_server() {
    let mut world = running();
    let leader = world.open_tab();
    world.pass(100);
    world.freeze(leader);
    let late = world.open_tab();
    world.server.write(ID, "One.");
    world.server.complete(ID);
    world.pass(6_000);
    assert_eq!(world.text(late), "One.");
    world.thaw(leader);
    world.pass(6_000);
    world.expect_agreement();
}

#[test]
fn without_locks_each_tab_reads_for_itself_and_rests_while_it_is_hidden() {
    let mut world = running().without_locks();
    let first = world.open_tab();
    world.open_tab();
    world.pass(100);
    assert_eq!(world.streams(), 2);
    world.feed(first, Input::Hidden);
    world.pass(4_000);
    assert_eq!(world.streams(), 2);
    world.pass(2_000);
    assert_eq!(world.streams(), 1);
    world.server.write(ID, "One");
    world.pass(100);
    world.feed(first, Input::Shown);
    world.pass(100);
    world.expect_agreement();
}

#[test]
fn the_beginning_of_a_reply_that_the_leader_has_not_is_asked_for() {
    let mut server = Server::default();
    server.ask(ID, "m1", "r1");
    server.complete(ID);
    server.ask(OTHER, "o1", "p1");
    let mut world = World::new(server);
    // Its stream goes on from what it has loaded, and that has no reply that runs.
    world.open_tab();
    world.pass(100);
    world.server.write(OTHER, "before");
    world.server.ask(ID, "m2", "r2");
    world.pass(100);
    world.expect_agreement();
    assert_eq!(world.opened.len(), 1);
}
